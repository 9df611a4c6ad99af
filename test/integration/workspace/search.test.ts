import { chmodSync, copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rgPath } from '@vscode/ripgrep';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import { searchTools } from '../../../src/tools/search-tools.ts';
import { listFiles } from '../../../src/workspace/context/list-files.ts';
import { findRipgrep } from '../../../src/workspace/context/ripgrep.ts';
import type { Json } from '../../../src/shared/json.ts';
import { withRun } from '../../helpers/run.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';
import { testWorkspace } from '../../helpers/workspace.ts';

let built: SandboxFiles;
beforeAll(async () => {
  built = await buildSandboxFiles();
});
afterAll(() => built[Symbol.dispose]());

const engines = [['ripgrep', [rgPath]], ['built-in', []]] as const;

const files: Readonly<Record<string, string>> = {
  '.gitignore': 'out/\n*.log\n!keep.log\n', 'a.ts': 'const needle = 1;\nno\n  NEEDLE(2);\n', 'b.md': 'näedle and needle ümlaut\n', 'src/deep/c.ts': 'x.needle+\n', 'src/.gitignore': 'skipped.ts\n',
  'src/skipped.ts': 'needle\n', 'out/d.ts': 'needle\n', 'x.log': 'needle\n', 'keep.log': 'needle\n', 'node_modules/p/e.js': 'needle\n', '.git/config': 'needle\n', '.env': 'needle=secret\n', 'bin.dat': 'needle\0needle\n', 'long.txt': `${'x'.repeat(5000)}needle${'y'.repeat(5000)}\n`,
};

function search(engine: readonly string[], input: Json, grants: readonly string[] = ['fs.read **'], more: Readonly<Record<string, string>> = {}) {
  return withRun(grants, async (scope) => {
    for (const [name, text] of Object.entries({ ...files, ...more })) {
      mkdirSync(join(scope.workspace, name, '..'), { recursive: true });
      writeFileSync(join(scope.workspace, name), text);
    }
    symlinkSync('/etc', join(scope.workspace, 'link'));
    const tools = new ToolRegistry();
    tools.register(...searchTools({ ripgrep: engine, searchPath: '', worker: new URL('search-worker.js', built.assets) }));
    return tools.call('workspace.search', input, scope);
  });
}

interface Found {
  readonly matches: readonly { readonly path: string; readonly line: number; readonly column: number; readonly text: string }[];
  readonly cut: boolean;
  readonly engine: string;
}

describe.each(engines)('searching with %s', (name, engine) => {
  const found = async (input: Json, grants?: readonly string[]) => (await search(engine, input, grants)).result() as unknown as Found;

  it('finds text in every file that git does not ignore and that holds no secrets, with line and column', async () => {
    const { matches, cut, engine: used } = await found({ pattern: 'needle' });
    expect(used).toBe(name);
    expect(cut).toBe(false);
    expect(matches.map(({ path, line, column }) => `${path}:${line}:${column}`).sort()).toEqual(['a.ts:1:7', 'a.ts:3:3', 'b.md:1:12', 'keep.log:1:1', 'long.txt:1:5001', 'src/deep/c.ts:1:3']);
    expect(matches.find(({ path }) => path === 'long.txt')!.text.length).toBeLessThan(400);
  });

  it('takes plain text as it is, regular expressions where asked, and minds case, folder and globs', async () => {
    expect((await found({ pattern: 'needle+' })).matches).toHaveLength(1);
    expect((await found({ pattern: 'n.edle', regex: true, globs: ['*.md'] })).matches.map(({ path }) => path)).toEqual(['b.md']);
    expect((await found({ pattern: 'NEEDLE', caseSensitive: true })).matches.map(({ line }) => line)).toEqual([3]);
    expect((await found({ pattern: 'needle', folder: 'src' })).matches.map(({ path }) => path)).toEqual(['src/deep/c.ts']);
    expect((await found({ pattern: '--files' })).matches).toEqual([]);
  });

  it('stops at its limit and says that there is more', async () => {
    expect(await found({ pattern: 'needle', limit: 2 })).toMatchObject({ cut: true, matches: { length: 2 } });
  });

  it('shows nothing of files that the run may not read', async () => {
    expect((await found({ pattern: 'needle', folder: 'src' }, ['fs.read src', 'fs.read a.ts'])).matches).toEqual([]);
    expect((await search(engine, { pattern: 'needle' }, ['fs.read src/**'])).outcome.error).toMatchObject({ code: 'denied' });
  });

  it('says what is wrong with a pattern, and leaves no process', async () => {
    const run = await search(engine, { pattern: '(', regex: true });
    expect(run.outcome.error).toMatchObject({ code: 'invalid-input', message: expect.stringContaining('cannot be searched') as string });
    expect(run.of('lease.destroyed').every(({ verified }) => verified)).toBe(true);
    expect(run.of('lease.created')).toHaveLength(name === 'ripgrep' ? 1 : 0);
  });

  it('says how many files were too large to be searched, and names three of those that it might have searched', async () => {
    const large = `needle\n${'x'.repeat(4 * 1024 * 1024 - 6)}`;
    const more = { 'z.txt': large, 'src/y: 7 bytes.txt': large, 'b big.txt': large, 'c.txt': large, 'out/ignored.txt': large, 'edge.txt': large.slice(1) };
    const found = (await search(engine, { pattern: 'eedle', globs: ['*.txt'] }, undefined, more)).result() as unknown as Found;
    expect(found).toMatchObject({ tooLarge: { files: 4, names: ['b big.txt', 'c.txt', 'src/y: 7 bytes.txt'] } });
    expect(found.matches.map(({ path }) => path).sort()).toEqual(['edge.txt', 'long.txt']);
    const readable = (await search(engine, { pattern: 'needle', folder: 'src' }, ['fs.read src', 'fs.read src/deep/**'], more)).result();
    expect(readable).toMatchObject({ matches: [{ path: 'src/deep/c.ts' }] });
    expect(readable).not.toHaveProperty('tooLarge');
  });

  it('refuses folders outside of the workspace', async () => {
    expect((await search(engine, { pattern: 'root', folder: 'link' })).outcome.error).toMatchObject({ code: 'invalid-input' });
  });
});

describe('a hostile pattern', () => {
  it('ends with the cancel of its run, and does not hold up this thread', async () => {
    let beats = 0;
    const beat = setInterval(() => (beats += 1), 20);
    const run = await withRun(['fs.read **'], async (scope, { cancel }) => {
      writeFileSync(join(scope.workspace, 'evil.txt'), `${'a'.repeat(40)}!\n`);
      const tools = new ToolRegistry();
      tools.register(...searchTools({ ripgrep: [], searchPath: '', worker: new URL('search-worker.js', built.assets) }));
      setTimeout(() => cancel('enough'), 500);
      return tools.call('workspace.search', { pattern: '(a+)+$', regex: true }, scope);
    });
    clearInterval(beat);
    expect(run.outcome.state).toBe('cancelled');
    expect(beats).toBeGreaterThan(10);
  });
});

describe('ripgrep', () => {
  it('is not taken from the workspace, whoever put it there', async () => {
    using workspace = testWorkspace();
    const planted = join(workspace.path, 'rg');
    copyFileSync(rgPath, planted);
    chmodSync(planted, 0o755);
    expect(await findRipgrep([planted], workspace.path, workspace.path)).toBeUndefined();
    expect(await findRipgrep([planted, rgPath], '', workspace.path)).toBe(rgPath);
  });
});

describe('the list of files', () => {
  it('agrees with git where git is there, apart from what is never listed', async () => {
    using workspace = testWorkspace(files);
    const { files: listed, cut } = await listFiles(workspace.path);
    expect(cut).toBe(false);
    expect([...listed].sort()).toEqual(['.env', '.gitignore', 'a.ts', 'b.md', 'bin.dat', 'keep.log', 'long.txt', 'src/.gitignore', 'src/deep/c.ts']);
    expect((await listFiles(workspace.path, { limit: 3 }))).toMatchObject({ cut: true, files: { length: 3 } });
    expect((await listFiles(workspace.path, { below: 'src' })).files).toEqual(['src/.gitignore', 'src/deep/c.ts']);
  });

  it('follows no links out of the workspace and none in circles', async () => {
    using workspace = testWorkspace({ 'a/b.txt': 'x' });
    symlinkSync(workspace.path, join(workspace.path, 'a/round'));
    symlinkSync('/etc', join(workspace.path, 'etc'));
    expect((await listFiles(workspace.path)).files).toEqual(['a/b.txt']);
  });
});
