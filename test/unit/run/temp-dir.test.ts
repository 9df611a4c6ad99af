import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { makeTemporaryFolder, makeTemporaryFolderAt, newTemporaryPath, removeTemporaryFolder } from '../../../src/run/temp-dir.ts';

test.skipIf(process.platform === 'win32')('a temporary folder in which nothing can be made is told with what to set', async () => {
  const own = mkdtempSync(join(tmpdir(), 'ia-test-'));
  const file = join(own, 'file');
  writeFileSync(file, '');
  try {
    for (const place of [join(own, 'missing'), file]) {
      vi.stubEnv('TMPDIR', place);
      const wrong = { code: 'invalid-config', message: expect.stringContaining(`The temporary folder ${place} cannot be written to: E`) as string, hint: expect.stringContaining('Set TMPDIR') as string };
      await expect(makeTemporaryFolder('x')).rejects.toMatchObject(wrong);
      await expect(makeTemporaryFolderAt(newTemporaryPath('x'))).rejects.toMatchObject(wrong);
    }
  } finally {
    vi.unstubAllEnvs();
    rmSync(own, { recursive: true });
  }
});

test('a folder that exists already is not taken for ours', async () => {
  const path = newTemporaryPath('x');
  await makeTemporaryFolderAt(path);
  await expect(makeTemporaryFolderAt(path)).rejects.toMatchObject({ code: 'EEXIST' });
  await removeTemporaryFolder(path);
  expect(existsSync(path)).toBe(false);
});
