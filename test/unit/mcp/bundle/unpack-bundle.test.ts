import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bundleLimits, unpackBundle } from '../../../../src/mcp/bundle/unpack-bundle.ts';
import { zip } from '../../../helpers/zip.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'test-unpack-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const archive = zip([{ path: 'manifest.json', text: '{}' }, { path: 'a/b.txt', text: 'x'.repeat(500) }, { path: 'c.txt', text: 'y'.repeat(500) }]);
const never = new AbortController().signal;

it('gives the manifest, and has written the files', async () => {
  expect(await unpackBundle(archive, folder, never)).toBe('{}');
  expect(readdirSync(folder, { recursive: true }).toSorted()).toEqual(['a', join('a', 'b.txt'), 'c.txt', 'manifest.json']);
});

it.each([
  ['a file', { fileBytes: 499 }, 'a/b.txt, which is larger than'],
  ['all of it', { totalBytes: 700 }, 'unpacked'],
  ['the number of files', { files: 2 }, 'more than 2 files'],
  ['the manifest', { manifestBytes: 1 }, 'manifest.json, which is larger than'],
])('stops where %s goes beyond its limit', async (_, limit, what) => {
  await expect(unpackBundle(archive, folder, never, { ...bundleLimits, ...limit })).rejects.toMatchObject({ code: 'invalid-input', message: expect.stringContaining(what) as string });
});

it('stops when it is cancelled', async () => {
  await expect(unpackBundle(archive, folder, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
});
