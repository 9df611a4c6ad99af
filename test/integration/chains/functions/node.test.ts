import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeOptions } from '../../../../scripts/lib/bundle/options.mjs';
import type { StartFunctionOptions } from '../../../../src/chains/functions/function-runner.ts';
import type { Json } from '../../../../src/shared/json.ts';
import { chainTest } from '../../../helpers/chains.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../../helpers/sandbox.ts';

let sandbox: SandboxFiles;
beforeAll(async () => {
  sandbox = await buildSandboxFiles();
  const root = fileURLToPath(new URL('../../../../', import.meta.url));
  await build({ ...nodeOptions(true), entryPoints: { 'function-node': join(root, 'src/chains/functions/node/entry.ts') }, outdir: fileURLToPath(sandbox.assets), write: true, metafile: false });
});
afterAll(() => sandbox[Symbol.dispose]());

async function inNode(source: string, args: readonly Json[] = [], { files = {}, ...options }: StartFunctionOptions & { readonly files?: Readonly<Record<string, string>> } = {}) {
  await using test = await chainTest(sandbox, { 'src/main.ts': source, ...files });
  const handle = await test.runtime.functions.start('src/main.ts', 'main', args, { node: true, grants: ['node src/main.ts'], ...options });
  const run = await test.finish(handle.id, handle.outcome);
  return { ...run, workspace: test.workspace, left: existsSync(join(test.workspace, 'written.txt')) };
}

describe('a function in a Node process', () => {
  it('has Node, TypeScript and its imports, and says in the trace that its isolation is weaker', async () => {
    const { outcome, of } = await inNode("import { createHash } from 'node:crypto';\nimport { readFileSync } from 'node:fs';\nimport { one, Color } from './one';\nexport async function main(text: string): Promise<unknown> {\n  console.log('hello');\n  return [createHash('md5').update(text).digest('hex'), readFileSync('data.txt', 'utf8'), one, Color.Red];\n}", ['x'], { files: { 'src/one.ts': 'export const one: number = 1;\nexport enum Color { Red = 7 }', 'data.txt': 'data' } });
    expect(outcome).toMatchObject({ state: 'done', clean: true, result: ['9dd4e461268c8034f5c8564e155c67a6', 'data', 1, 7] });
    expect(of('run.created')[0]?.title).toBe('main() in Node, weaker isolation');
    expect(of('step.started').map(({ name }) => name)).toContain('main() in Node, weaker isolation');
    expect(of('run.log').map(({ level, message }) => `${level} ${message}`)).toEqual([expect.stringContaining('warn src/main.ts runs in a Node process, not in a sandbox'), 'info hello']);
    expect(of('lease.created')).toMatchObject([{ kind: 'process', label: 'node src/main.ts' }]);
    expect(of('lease.destroyed')).toMatchObject([{ verified: true, how: expect.stringMatching(/process/) as string }]);
  });

  it('is called in its shape, as in the sandbox', async () => {
    const source = [
      "import { cpus } from 'node:os';",
      'const has = cpus().length > 0;',
      'export default { fetch: async (request: Request) => Response.json({ has, body: await request.json() }, { status: 201 }) };',
      'export const handler = async (event: object, context: { functionName: string }) => ({ has, event, name: context.functionName });',
      'export const boom = { fetch: () => 1 };',
    ].join('\n');
    await using test = await chainTest(sandbox, { 'src/main.ts': source });
    const called = async (name: string, event: Json) => {
      const handle = await test.runtime.functions.start('src/main.ts', name, { event }, { node: true, grants: ['node src/main.ts'] });
      return (await test.finish(handle.id, handle.outcome)).outcome;
    };
    expect((await called('default', { method: 'POST', url: 'http://localhost/x', body: { a: 1 } })).result).toMatchObject({ status: 201, body: '{"has":true,"body":{"a":1}}' });
    expect((await called('handler', { n: 1 })).result).toEqual({ has: true, event: { n: 1 }, name: 'handler' });
    expect((await called('boom', {})).error).toMatchObject({ code: 'chain-failed', message: expect.stringContaining('boom gave no Response') as string });
  });

  it.each([
    ['another file', ['node src/other.ts']], ['nothing', []], ['a program', ['exec node **']],
  ])('does not start with a grant for %s', async (_what, grants) => {
    const { outcome, of } = await inNode('export const main = () => 1;', [], { grants });
    expect(outcome.error).toMatchObject({ code: 'denied', hint: expect.stringContaining('node src/main.ts') as string });
    expect(of('lease.created')).toEqual([]);
  });

  it.each([
    ['writes a file', "import { writeFileSync } from 'node:fs'; export const main = () => writeFileSync('written.txt', 'x');"],
    ['starts a program', "import { execFileSync } from 'node:child_process'; export const main = () => execFileSync('touch', ['written.txt']);"],
    ['starts a thread', "import { Worker } from 'node:worker_threads'; export const main = () => new Worker('require(\"fs\").writeFileSync(\"written.txt\", \"x\")', { eval: true });"],
    ['reads outside the workspace', "import { readFileSync } from 'node:fs'; export const main = () => readFileSync('/etc/passwd', 'utf8');"],
  ])('that %s is stopped by the permission model', async (_what, source) => {
    const { outcome, left } = await inNode(source);
    expect(outcome).toMatchObject({ state: 'failed', clean: true, error: { code: 'chain-failed', message: expect.stringMatching(/permission|restricted|ERR_ACCESS_DENIED/i) as string } });
    expect(left).toBe(false);
  });

  it('sees no secrets of the environment', async () => {
    process.env['TEST_FUNCTION_SECRET'] = 'hidden';
    try {
      const { outcome } = await inNode("export const main = () => process.env['TEST_FUNCTION_SECRET'] ?? 'nothing';");
      expect(outcome.result).toBe('nothing');
    } finally {
      delete process.env['TEST_FUNCTION_SECRET'];
    }
  });

  it.each([
    ['a loop', 'export const main = () => { for (;;) {} };', 'timeout'],
    ['waiting for ever', 'export const main = () => new Promise((resolve) => setInterval(resolve as () => void, 1e9));', 'timeout'],
    ['an exit', 'export const main = () => process.exit(3);', 'chain-failed'],
    ['an error', "export const main = () => { throw new RangeError('own'); };", 'chain-failed'],
    ['too much memory', "export const main = () => { const all: unknown[] = []; for (;;) all.push(new Array(1e5).fill(all.length)); };", 'sandbox-limit'],
  ])('ends with %s, and its process with it', async (_what, source, code) => {
    const { outcome, of } = await inNode(source, [], { timeoutMs: code === 'timeout' ? 1500 : 60_000 });
    expect(outcome).toMatchObject({ state: 'failed', clean: true, error: { code } });
    expect(of('lease.destroyed')).toMatchObject([{ verified: true }]);
  });
});
