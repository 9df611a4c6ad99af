import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compile, compileLimits } from '../../../src/chains/compile.ts';
import { resolvePath } from '../../../src/workspace/paths.ts';
import { testWorkspace, type TestWorkspace } from '../../helpers/workspace.ts';

const entry = '.assassin/chains/a.ts';
const compiled = async (workspace: TestWorkspace, path = entry) => compile(await resolvePath(workspace.path, path), workspace.path);

/** The problems of a chain of one file, as `code line:column message`. */
async function problemsOf(source: string, path = entry): Promise<readonly string[]> {
  using workspace = testWorkspace({ [path]: source });
  const { problems } = await compiled(workspace, path);
  return problems.map(({ code, location, message }) => `${code} ${location?.line}:${location?.column} ${message}`);
}

describe('compiling a chain', () => {
  it.each([
    ['UTF-16 without a mark', Buffer.from('export default () => 1;', 'utf16le')], ['a program', Buffer.from('7f454c460201010003003e00', 'hex')], ['Latin-1', Buffer.from('export default () => "\u00e4";', 'latin1')],
  ])('says of %s that it is not UTF-8 text', async (_what, bytes) => {
    using workspace = testWorkspace({ [entry]: '' });
    writeFileSync(join(workspace.path, entry), bytes);
    await expect(compiled(workspace)).rejects.toMatchObject({ code: 'invalid-input', message: `${entry} is not UTF-8 text.`, hint: expect.stringContaining('Convert it to UTF-8') as string });
  });

  it.each(['utf16le', 'utf16be'] as const)('reads %s with a byte order mark', async (encoding) => {
    using workspace = testWorkspace({ [entry]: '' });
    const bytes = Buffer.from('\ufeffexport default () => 1;', 'utf16le');
    writeFileSync(join(workspace.path, entry), encoding === 'utf16le' ? bytes : bytes.swap16());
    expect((await compiled(workspace)).problems).toEqual([]);
  });

  it('strips the types, leaves "using" alone and keeps every line where it was', async () => {
    using workspace = testWorkspace({ [entry]: 'import type { A } from "./gone.ts";\ninterface B {\n  x: number;\n}\nenum C { D }\nexport default async function (b: B): Promise<C> {\n  await using p = null as unknown as A;\n  return C.D!;\n}\n' });
    const { modules, problems } = await compiled(workspace);
    expect(problems).toEqual([]);
    const lines = modules.get(entry)!.split('\n');
    expect(lines[5]).toBe('export default async function (b) {');
    expect(lines[6]?.trim()).toMatch(/^await using p = null/);
  });

  it('follows relative imports in the ways in which TypeScript writes them, and makes them exact', async () => {
    using workspace = testWorkspace({
      [entry]: "import { b } from './b';\nimport { c } from '../../shared/c.js';\nexport * from './sub';\nexport { e } from './e.ts';\nconst d = await import('./d.mjs');\nexport default () => [b, c, d];\n",
      '.assassin/chains/b.ts': 'import { log } from "assassin";\nexport const b = log;\n',
      'shared/c.ts': 'export const c: number = 1;\n',
      '.assassin/chains/sub/index.ts': 'export const sub = 1;\n',
      '.assassin/chains/e.ts': 'export const e = 1;\n',
      '.assassin/chains/d.mjs': 'export default 1 < 2;\n',
    });
    const { modules, problems } = await compiled(workspace);
    expect(problems).toEqual([]);
    expect([...modules.keys()].sort()).toEqual(['.assassin/chains/a.ts', '.assassin/chains/b.ts', '.assassin/chains/d.mjs', '.assassin/chains/e.ts', '.assassin/chains/sub/index.ts', 'assassin', 'shared/c.ts']);
    expect([...modules.get(entry)!.matchAll(/"(\.[^"]+)"/g)].map((match) => match[1])).toEqual(['./b.ts', '../../shared/c.ts', './sub/index.ts', './e.ts', './d.mjs']);
    expect(modules.get('.assassin/chains/b.ts')).toContain('from "assassin"');
  });

  it('takes cycles, and files that are reached on two ways once', async () => {
    using workspace = testWorkspace({
      'a.ts': "import { b } from './b.ts'; import './.hidden/c.ts'; export const a = () => b;",
      'b.ts': "import { a } from './a.ts'; import './.hidden/c.ts'; export const b = () => a;",
      '.hidden/c.ts': '',
    });
    const { modules, problems } = await compiled(workspace, 'a.ts');
    expect(problems).toEqual([]);
    expect(modules.size).toBe(4);
    expect(modules.get('a.ts')).toContain('"./.hidden/c.ts"');
  });

  it('leaves imports alone that only types use', async () => {
    expect(await problemsOf("import { Foo } from 'some-package';\nimport type { Bar } from 'node:fs';\nexport default (foo: Foo, bar: Bar) => 1;")).toEqual([]);
  });

  it('gives the same hash for the same code in another folder, and another one for other code anywhere in it', async () => {
    const files = { [entry]: "import './b.ts';\nexport default () => 1;", '.assassin/chains/b.ts': 'export {};' };
    using one = testWorkspace(files);
    using two = testWorkspace(files);
    const { hash } = await compiled(one);
    expect((await compiled(two)).hash).toBe(hash);
    two.write({ '.assassin/chains/b.ts': 'export { };' });
    expect((await compiled(two)).hash).not.toBe(hash);
  });
});

describe('what cannot be compiled', () => {
  it.each([
    ['const a = ;', 'chain-syntax 1:11 Syntax error: unexpected token.'],
    ['export default function () {\n  foo(1,\n  bar 2);\n}', 'chain-syntax 3:7 Syntax error: unexpected token, expected ",".'],
    ['const a: number = 1;\nconst s: string = "x", a = 2;', "chain-syntax 2:24 Syntax error: identifier 'a' has already been declared."],
    ['const t: Array<string> = [], r = /(/;', 'chain-syntax 1:34 Syntax error: invalid regular expression: /(/: Unterminated group.'],
    ['export default (input: string): string => {\n  return `unfinished };', 'chain-syntax 2:11 Syntax error: unterminated template.'],
    ['const rows = xs.map((x) => {\n  return x +* 2;\n});', 'chain-syntax 2:13 Syntax error: unexpected token.'],
    ['const id = <T,>(x: T) => {\n  return x.;\n};', 'chain-syntax 2:12 Syntax error: unexpected token.'],
    ['export const meta = { a: 1\n  b: 2 };', 'chain-syntax 2:3 Syntax error: unexpected token, expected ",".'],
    ['@decorator class A {}', "chain-syntax 1:1 Syntax error: unexpected character '@'."],
  ])('%j names the place in the TypeScript source', async (source, problem) => {
    expect(await problemsOf(source)).toEqual([problem]);
  });

  it('reports nesting that no parser takes instead of running out of stack', async () => {
    expect((await problemsOf(`export default () => ${'('.repeat(60_000)}1${')'.repeat(60_000)};`))[0]).toMatch(/^chain-syntax .*nested too deeply/);
  });

  it.each([
    ["import { readFile } from 'node:fs/promises';\nreadFile('x');", 'chain-invalid 1:26 "node:fs/promises" is a module of Node.js. This code needs Node and cannot run in the sandbox. There is no file system here: import { workspace } from \'assassin\'.'],
    ["import fs from 'fs';\nfs.x();", 'chain-invalid 1:16 "fs" is a module of Node.js. This code needs Node and cannot run in the sandbox. There is no file system here: import { workspace } from \'assassin\'.'],
    ["import _ from 'lodash';\n_();", 'chain-invalid 1:15 The package "lodash" is not in node_modules of the workspace.'],
    ["const a: number = 1;\nconst b: Promise<unknown> = import('./nope.ts');", 'chain-invalid 2:36 The import "./nope.ts" does not exist.'],
    ["import 'https://evil.example/x.js';", 'chain-invalid 1:8 The import "https://evil.example/x.js" is not a relative path.'],
    ["import '/etc/x.js';", 'chain-invalid 1:8 The import "/etc/x.js" is not a relative path.'],
    ["import { call } from 'assassin:host';\ncall('x');", 'chain-invalid 1:22 The import "assassin:host" is not a relative path.'],
    ['const name = "./x.ts";\nawait import(name);', 'chain-invalid 2:14 An import() needs its path in quotes: what a program loads is known before it runs.'],
    ["const cp = require('child_process');", 'chain-invalid 1:20 "child_process" is a module of Node.js. This code needs Node and cannot run in the sandbox. No program can be started here: import { exec } from \'assassin\', or { mcp } and call a tool.'],
    ["const _ = require('lodash');", 'chain-invalid 1:19 "lodash" is loaded with require(), which the sandbox does not have.'],
    ["const a = require('./a.ts');", 'chain-invalid 1:19 "./a.ts" is loaded with require(), which the sandbox does not have.'],
  ])('%j names the import', async (source, problem) => {
    expect(await problemsOf(source)).toEqual([problem]);
  });

  it('reports all problems of all files at once', async () => {
    using workspace = testWorkspace({ [entry]: "import './b.ts';\nimport 'x';\nimport './c.ts';", '.assassin/chains/b.ts': 'let = = 1', '.assassin/chains/c.ts': "import './none.ts';" });
    const { problems } = await compiled(workspace);
    expect(problems.map(({ location }) => `${location?.file}:${location?.line}`)).toEqual([`${entry}:2`, '.assassin/chains/b.ts:1', '.assassin/chains/c.ts:1']);
  });

  it('keeps imports inside the workspace, also through links', async () => {
    using outside = testWorkspace({ 'secret.ts': 'export const secret = 1;', 'folder/x.ts': '' });
    using workspace = testWorkspace({ [entry]: "import './link.ts';\nimport './folder/x.ts';\nimport '../../../up.ts';" });
    symlinkSync(join(outside.path, 'secret.ts'), join(workspace.path, '.assassin/chains/link.ts'));
    symlinkSync(join(outside.path, 'folder'), join(workspace.path, '.assassin/chains/folder'));
    const { problems, modules } = await compiled(workspace);
    expect(problems.map(({ message }) => message)).toEqual(['The import "./link.ts" leads outside the workspace.', 'The import "./folder/x.ts" leads outside the workspace.', 'The import "../../../up.ts" does not exist.']);
    expect([...modules.keys()]).toEqual([entry, 'assassin']);
    await expect(compiled(workspace, join(outside.path, 'secret.ts'))).rejects.toMatchObject({ code: 'chain-invalid', message: expect.stringContaining('outside the workspace') as string });
  });

  it('stops at the limits of size and number', async () => {
    expect(await problemsOf('//'.padEnd(compileLimits.file + 1, ' '))).toEqual([expect.stringContaining(`more than the ${compileLimits.file} of one file`)]);
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`m${i}.ts`, `import './m${i + 1}.ts';`]));
    using workspace = testWorkspace(many);
    const { problems } = await compiled(workspace, 'm0.ts');
    expect(problems.map(({ message }) => message)).toEqual(['The program imports more than 200 files.']);
  });

  it('refuses binary files, and files that are neither code nor JSON', async () => {
    using workspace = testWorkspace({ [entry]: "import data from './data.csv';\nimport './binary.ts';\ndata;", '.assassin/chains/data.csv': 'a', '.assassin/chains/binary.ts': '\0\0' });
    const { problems } = await compiled(workspace);
    expect(problems.map(({ message }) => message)).toEqual(['The import "./data.csv" is neither a TypeScript or JavaScript module nor JSON.', '.assassin/chains/binary.ts is not UTF-8 text.']);
  });

  it('throws where there is no such file', async () => {
    using workspace = testWorkspace();
    await expect(compiled(workspace)).rejects.toMatchObject({ code: 'file-not-found' });
  });
});
