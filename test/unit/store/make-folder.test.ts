import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../../../src/store/make-folder.ts';

test('a folder is made with all above it, and one that is there is left as it is', () => {
  const root = mkdtempSync(join(tmpdir(), 'ia-folder-'));
  try {
    const deep = join(root, 'one', 'two', 'three');
    makeFolder(deep);
    makeFolder(deep);
    expect(statSync(deep).isDirectory()).toBe(true);
    writeFileSync(join(root, 'file'), '');
    expect(() => makeFolder(join(root, 'file'))).toThrow('EEXIST');
    expect(() => makeFolder(join(root, 'file', 'below'))).toThrow('ENOTDIR');
  } finally {
    rmSync(root, { recursive: true });
  }
});

test.runIf(process.platform === 'linux')('a file system that lets nobody make folders says so at once, where Node would try for ever', () => {
  expect(() => makeFolder('/proc/infrastructure-assassin/data')).toThrow('ENOENT');
});

test.skipIf(process.platform === 'win32')('it is for its owner alone, or for whom it is said to be', () => {
  const root = mkdtempSync(join(tmpdir(), 'ia-folder-'));
  try {
    makeFolder(join(root, 'own'));
    makeFolder(join(root, 'shown', 'below'), 0o750);
    expect(['own', 'shown', 'shown/below'].map((name) => statSync(join(root, name)).mode & 0o777)).toEqual([0o700, 0o750, 0o750]);
  } finally {
    rmSync(root, { recursive: true });
  }
});
