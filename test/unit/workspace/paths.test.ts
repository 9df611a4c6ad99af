import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolvePath } from '../../../src/workspace/paths.ts';

describe('resolving a path', () => {
  let base: string;
  let workspace: string;
  beforeAll(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'test-paths-')));
    workspace = join(base, 'shop');
    for (const folder of ['shop/src', 'outside/deep', 'shop-other']) mkdirSync(join(base, folder), { recursive: true });
    writeFileSync(join(workspace, 'src/a.ts'), '');
    writeFileSync(join(base, 'outside/secret.txt'), '');
    symlinkSync(join(base, 'outside'), join(workspace, 'out'));
    symlinkSync('src', join(workspace, 'in'));
    symlinkSync(join(base, 'outside/new.txt'), join(workspace, 'dangling.txt'));
    symlinkSync('loop-b', join(workspace, 'loop-a'));
    symlinkSync('loop-a', join(workspace, 'loop-b'));
    symlinkSync(workspace, join(base, 'link-to-shop'));
  });
  afterAll(() => rmSync(base, { recursive: true, force: true }));

  it.each([
    ['src/a.ts', 'shop/src/a.ts', true, 'src/a.ts'],
    ['./src/../src/a.ts', 'shop/src/a.ts', true, 'src/a.ts'],
    ['.', 'shop', true, '.'],
    ['new/folder/file.txt', 'shop/new/folder/file.txt', true, 'new/folder/file.txt'],
    ['in/a.ts', 'shop/src/a.ts', true, 'src/a.ts'],
    ['in/new.ts', 'shop/src/new.ts', true, 'src/new.ts'],
    ['../outside/secret.txt', 'outside/secret.txt', false, undefined],
    ['../shop-other/x', 'shop-other/x', false, undefined],
    ['src/../../outside/new', 'outside/new', false, undefined],
    ['out/secret.txt', 'outside/secret.txt', false, undefined],
    ['out/not/there/yet.txt', 'outside/not/there/yet.txt', false, undefined],
    ['dangling.txt', 'outside/new.txt', false, undefined],
    ['src/a.ts/below-a-file', 'shop/src/a.ts/below-a-file', true, 'src/a.ts/below-a-file'],
  ])('takes %s for what it really is', async (path, real, inside, shown) => {
    expect(await resolvePath(workspace, path)).toEqual({ path: join(base, real), inside, shown: shown ?? join(base, real) });
  });

  it('takes absolute paths, and a workspace that is itself a link', async () => {
    expect(await resolvePath(workspace, join(base, 'outside/secret.txt'))).toMatchObject({ inside: false });
    expect(await resolvePath(join(base, 'link-to-shop'), 'src/a.ts')).toEqual({ path: join(workspace, 'src/a.ts'), inside: true, shown: 'src/a.ts' });
  });

  it.each([['', 'empty'], ['a\0b', 'NUL']])('refuses %j', async (path, reason) => {
    await expect(resolvePath(workspace, path)).rejects.toMatchObject({ code: 'invalid-input', message: expect.stringContaining(reason) as string });
  });

  it('refuses links that never end', async () => {
    await expect(resolvePath(workspace, 'loop-a/x')).rejects.toMatchObject({ code: 'invalid-input', message: expect.stringContaining('never end') as string });
  });
});
