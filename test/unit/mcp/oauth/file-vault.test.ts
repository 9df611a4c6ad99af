import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FileVault } from '../../../../src/mcp/oauth/file-vault.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'test-vault-'));
  path = join(folder, 'data', 'sign-ins.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('keeps what it was given for the next program, in a file that only its owner can read, and leaves nothing beside it', async () => {
  await new FileVault(path).write('a', 'token');
  expect(await new FileVault(path).read('a')).toBe('token');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
  expect(readdirSync(join(folder, 'data'))).toEqual(['sign-ins.json']);
});

it('closes a file that was open to others when it writes it', async () => {
  await new FileVault(path).write('a', 'token');
  chmodSync(path, 0o644);
  await new FileVault(path).write('b', 'token');
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('loses nothing that several write at the same time', async () => {
  await Promise.all(Array.from({ length: 8 }, (_, index) => new FileVault(path).write(`key-${index}`, `value-${index}`)));
  await new FileVault(path).remove('key-3');
  expect(Object.keys(JSON.parse(readFileSync(path, 'utf8')) as object).sort()).toEqual(['key-0', 'key-1', 'key-2', 'key-4', 'key-5', 'key-6', 'key-7']);
});

it('does not overwrite a file that is none of its own, and does not quote it', async () => {
  await new FileVault(path).write('a', 'token');
  writeFileSync(path, '{"a": "token-that-is-secret');
  const error: unknown = await new FileVault(path).write('b', 'x').catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'store-corrupt' });
  expect(String((error as Error).message)).not.toContain('secret');
  expect(readFileSync(path, 'utf8')).toContain('token-that-is-secret');
  expect(readdirSync(join(folder, 'data')).filter((name) => name.endsWith('.lock'))).toEqual([]);
});
