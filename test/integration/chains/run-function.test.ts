import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../../src/shared/json.ts';
import { chainTest } from '../../helpers/chains.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';

let sandbox: SandboxFiles;
beforeAll(async () => void (sandbox = await buildSandboxFiles()));
afterAll(() => sandbox[Symbol.dispose]());

async function callFunction(files: Readonly<Record<string, string>>, file: string, name: string, ...args: readonly Json[]) {
  await using test = await chainTest(sandbox, files);
  const handle = await test.runtime.startFunction(file, name, args);
  return await test.finish(handle.id, handle.outcome);
}

describe('an exported function', () => {
  it('runs in a sandbox with its arguments and the files that it imports', async () => {
    const run = await callFunction({
      'src/math.ts': "import { one } from './one.js';\nexport function add(a: number, b: { n: number }): number { return a + b.n + one; }\nexport const twice = async (x: string) => x + x;\nexport default class Other {}\n",
      'src/one.ts': 'export const one: number = 1;',
    }, 'src/math.ts', 'add', 1, { n: 2 });
    expect(run.outcome).toMatchObject({ state: 'done', result: 4, clean: true });
    expect(run.of('run.created')[0]).toMatchObject({ kind: 'function', title: 'add()', source: 'src/math.ts#add', grants: [], input: { json: [1, { n: 2 }] } });
    expect((await callFunction({ 'lib/a.mjs': 'export { b as "default" }; const b = (x) => [x];' }, './lib/a.mjs', 'default', 'x')).outcome.result).toEqual(['x']);
    expect((await callFunction({ 'a.js': "export * from './b.js';", 'b.js': 'export const nothing = () => {};' }, 'a.js', 'nothing')).outcome).toMatchObject({ state: 'done', result: null });
  });

  it.each([
    ['an object with fetch', 'export default { fetch: (request: Request) => Response.json({ method: request.method, url: request.url }) };', 'default', { status: 200, body: '{"method":"GET","url":"http://localhost/"}' }],
    ['such an object by its name', 'const app = { fetch: async () => new Response("hello", { status: 201 }) };\nexport default app;', 'default', { status: 201, body: 'hello' }],
    ['a fetch function', 'export async function fetch(request: Request) { return Response.json(request.url); }', 'fetch', { status: 200, body: '"http://localhost/"' }],
    ['an event', 'export const handler = async (event: { name?: string }, context: { functionName: string }) => ({ name: event.name ?? "nobody", context: typeof context });', 'handler', { name: 'nobody', context: 'object' }],
    ['a value that it has a default for', 'const price = (of = 5) => of * 2;\nexport default price;', 'default', 10],
  ])('that takes %s is run without one', async (_, source, name, result) => {
    expect((await callFunction({ 'a.ts': source }, 'a.ts', name)).outcome).toMatchObject({ state: 'done', result });
  });

  it('gives null for nothing, also where it was given one value', async () => {
    await using test = await chainTest(sandbox, { 'a.ts': 'export const note = (text: string) => { void text; };' });
    const handle = await test.runtime.functions.start('a.ts', 'note', { event: 'x' });
    expect((await test.finish(handle.id, handle.outcome)).outcome).toMatchObject({ state: 'done', result: null });
  });

  it('may do nothing but compute', async () => {
    const run = await callFunction({ 'a.ts': "import { workspace } from 'assassin';\nexport const read = () => workspace.readFile('a.ts');" }, 'a.ts', 'read');
    expect(run.outcome.error).toMatchObject({ code: 'denied', location: { file: 'a.ts', line: 2, column: 27 } });
  });

  it.each([
    [{ 'a.ts': "import { readFileSync } from 'node:fs';\nexport const read = () => readFileSync('x');" }, 'read', 'chain-invalid', 'This code needs Node and cannot run in the sandbox.'],
    [{ 'a.ts': "import _ from 'lodash';\nexport const read = () => _();" }, 'read', 'chain-invalid', 'is not in node_modules'], [{ 'a.ts': "import _ from 'node:fs';\nexport const read = () => _;" }, 'read', 'chain-invalid', 'There is no file system here'],
    [{ 'a.ts': 'export const a = 1; export function b() {} function read() {}' }, 'read', 'chain-invalid', 'does not export "read"'],
    [{ 'a.ts': 'export const read = 5;' }, 'read', 'chain-failed', 'not a function'],
    [{ 'a.ts': 'export const read = (x: ) => x;' }, 'read', 'chain-syntax', 'unexpected token'],
    [{ 'a.ts': 'export const read = () => Buffer.from("x");' }, 'read', 'chain-failed', 'There is no Buffer here'],
    [{ 'a.ts': "export * from './b.ts';", 'b.ts': 'export const other = 1;' }, 'read', 'chain-failed', 'not a function'],
  ])('%j cannot, and the recorded run says why', async (files, name, code, message) => {
    const run = await callFunction(files, 'a.ts', name);
    expect(run.outcome).toMatchObject({ state: 'failed', error: { code, message: expect.stringContaining(message) as string } });
  });

  it('runs although others of its file and of the files that it imports need Node, and names what it needs where it does itself', async () => {
    const files = {
      'a.ts': "import fs, { readFileSync } from 'node:fs';\nimport { twice } from './b.ts';\nimport './setup.ts';\nconst { join } = require('path');\nexport const read = (path: string) => readFileSync(path);\nexport const lazy = () => require('os').cpus();\nexport const add = (a: number) => twice(a, 'fs'.length) + seed;\nexport { fs as module, join };\nconst seed = 40;\n",
      'b.ts': "import { spawn } from 'node:child_process';\nimport lodash from 'lodash';\nexport const start = () => spawn('x');\nexport default lodash;\nexport const twice = (n: number, fs: number) => n * fs;\n",
      'setup.ts': 'export const nothing = 0;\n',
    };
    expect((await callFunction(files, 'a.ts', 'add', 1)).outcome).toMatchObject({ state: 'done', result: 42 });
    expect((await callFunction(files, 'a.ts', 'gone')).outcome.error).toMatchObject({ message: expect.stringContaining('does not export "gone"') as string });
    for (const [name, message, line] of [['read', '"node:fs" is a module of Node.js', 1], ['lazy', '"os" is a module of Node.js', 6], ['join', '"path" is a module of Node.js', 4]] as const) {
      expect((await callFunction(files, 'a.ts', name, 'x')).outcome).toMatchObject({ state: 'failed', error: { message: expect.stringContaining(message) as string, location: { file: 'a.ts', line }, data: { needsNode: true } } });
    }
  });

  it.each([
    ['x.py', 'def f():\n  return 1\n', 'is not JavaScript or TypeScript. What runs in a sandbox is in .ts, .mts, .js and .mjs files.', 'exec(["python3", "x.py"])'],
    ['a.json', '{}', 'a.json is data', 'Import it'], ['a.md', '# A b', 'is not JavaScript', 'workspace.readFile'], ['a.tsx', 'export default () => <a/>;', 'JSX', '.ts or .js'], ['a.cjs', 'exports.f = 1;', 'CommonJS', '--node'],
  ])('in %s is refused with what to use instead, and is not recorded', async (file, source, message, hint) => {
    await expect(callFunction({ [file]: source }, file, 'f')).rejects.toMatchObject({ code: 'invalid-input', message: expect.stringContaining(message) as string, hint: expect.stringContaining(hint) as string });
  });

  it.each([
    ['', 'a.js holds no code.', 'export'], ['// soon\n', 'a.js holds no code.', 'export'], ['module.exports = { f: () => 1 };', 'it is a CommonJS module', '--node'], ['exports.f = () => 1;', 'it is a CommonJS module', '--node'],
  ])('that is not exported by %j is told why', async (source, message, hint) => {
    expect((await callFunction({ 'a.js': source }, 'a.js', 'f')).outcome.error).toMatchObject({ code: 'chain-invalid', message: expect.stringContaining(message) as string, hint: expect.stringContaining(hint) as string });
  });

  it('runs from a file with a byte order mark', async () => {
    expect((await callFunction({ 'a.js': '\ufeffexport const f = () => 1;' }, 'a.js', 'f')).outcome.result).toBe(1);
  });

  it('of a file that does not exist is not recorded', async () => {
    await expect(callFunction({}, 'none.ts', 'x')).rejects.toMatchObject({ code: 'file-not-found' });
  });
});
