import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chainTest } from '../../helpers/chains.ts';
import { httpSite } from '../../helpers/http-site.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';

let sandbox: SandboxFiles;
beforeAll(async () => void (sandbox = await buildSandboxFiles()));
afterAll(() => sandbox[Symbol.dispose]());

const header = "import { ask, http, log, mcp, model, progress, workspace } from 'assassin';\n";

describe('a chain', () => {
  it('runs with its imports, calls tools within its grants and gives back its result', async () => {
    await using site = await httpSite((_request, response) => response.end('{"prices":[3,1,2]}'));
    await using test = await chainTest(sandbox, {
      '.assassin/chains/report.ts': `import { http, log, progress, workspace } from 'assassin';
import { median } from '../../src/median';
export const meta = {
  title: 'Price report',
  grants: ['net ${site.origin}', 'fs.write reports/**', 'fs.read reports/**'],
  input: { type: 'object', properties: { url: { type: 'string' }, factor: { type: 'number', default: 2 } }, required: ['url'] },
} as const;
interface Answer { prices: number[] }
export default async function (input: { url: string; factor: number }) {
  progress('asking', 0.5);
  const { prices } = await http.getJson<Answer>(input.url);
  const result = { median: median(prices) * input.factor };
  await workspace.writeFile('reports/out.json', JSON.stringify(result));
  log('wrote', { files: (await workspace.list('reports')).map((entry) => entry.name) });
  return result;
}
`,
      'src/median.ts': 'export function median(numbers: readonly number[]): number {\n  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;\n}\n',
    });
    const run = await test.run('report', { url: `${site.origin}/prices` });
    expect(run.outcome).toMatchObject({ state: 'done', result: { median: 4 }, clean: true });
    expect(JSON.parse(readFileSync(join(test.workspace, 'reports/out.json'), 'utf8'))).toEqual({ median: 4 });
    expect(run.of('run.created')[0]).toMatchObject({ kind: 'chain', title: 'Price report', source: '.assassin/chains/report.ts', input: { json: { url: `${site.origin}/prices` } } });
    expect(run.of('run.progress')).toMatchObject([{ message: 'asking', fraction: 0.5 }]);
    expect(run.of('run.log')).toMatchObject([{ level: 'info', message: 'wrote {"files":["out.json"]}' }]);
  });

  it('is a tree of steps in the trace, with its sandbox leased and measured', async () => {
    await using test = await chainTest(sandbox, `${header}export const meta = { grants: ['fs.read **'] };\nexport default async () => { await workspace.exists('x'); let n = 0; while (n < 2e6) n++; return n; };`);
    const run = await test.run('main');
    const spans = test.runtime.trace(run.outcome.id);
    expect(spans.map(({ depth, kind, name, status }) => `${depth} ${kind} ${name} ${status}`)).toEqual(['0 run main ok', '1 chain main ok', '2 workspace workspace.exists ok']);
    const meters = Object.fromEntries(run.of('meter').map(({ meter, value, mark, step, lease }) => [meter, { value, mark, step, lease }]));
    const lease = run.of('lease.created')[0]!;
    for (const name of ['sandbox.wall_ms', 'sandbox.cpu_ms', 'sandbox.memory_bytes', 'sandbox.host_calls']) expect([name, meters[name]]).toMatchObject([name, { mark: 'measured', step: spans[1]!.id, lease: lease.lease }]);
    expect(meters['sandbox.host_calls']?.value).toBe(1);
    expect(meters['sandbox.cpu_ms']!.value).toBeGreaterThan(0);
    expect(lease).toMatchObject({ kind: 'sandbox', label: 'main' });
    expect(test.runtime.destruction(run.outcome.id)).toMatchObject({ clean: true, leases: [{ kind: 'sandbox', verified: true }] });
  });

  it('sees a clock that stands still and the same random numbers, unless it is granted them', async () => {
    const source = (grants: string) => `${header}export const meta = { grants: ${grants} };
export default async () => { const before = Date.now(); await new Promise((resolve) => setTimeout(resolve, 30)); return { moved: Date.now() > before, random: [Math.random(), Math.random()] }; };`;
    await using test = await chainTest(sandbox, { '.assassin/chains/still.ts': source('[]'), '.assassin/chains/real.ts': source("['clock', 'random']") });
    const results = await Promise.all(['still', 'still', 'real', 'real'].map(async (name) => (await test.run(name)).outcome.result as { moved: boolean; random: number[] }));
    expect(results.map(({ moved }) => moved)).toEqual([false, false, true, true]);
    expect(results[0]!.random).toEqual(results[1]!.random);
    expect(results[2]!.random).not.toEqual(results[3]!.random);
  });

  it('may use "await using", call concurrently, and catch what a tool refuses', async () => {
    await using test = await chainTest(sandbox, `${header}export const meta = { grants: ['fs.read a/**'] };
export default async function () {
  const order: string[] = [];
  { await using resource = { async [Symbol.asyncDispose]() { order.push('disposed'); } }; order.push(typeof resource); }
  const found = await Promise.all(['a/1', 'a/2', 'a/3'].map((path) => workspace.exists(path)));
  const refused = await workspace.readFile('b').catch((error: { code: string; name: string; message: string }) => error.code + ' ' + error.name);
  return { order, found, refused };
}`);
    expect((await test.run('main')).outcome.result).toEqual({ order: ['object', 'disposed'], found: [false, false, false], refused: 'denied AssassinError' });
  });

  it('can be granted more, limited and answered by whoever starts it', async () => {
    await using test = await chainTest(sandbox, `${header}export const meta = { grants: [], budget: { steps: 50 } };
export default async () => ({ answer: await ask('Sure?'), file: await workspace.readFile('notes.txt') });`);
    const approver = { approve: () => Promise.resolve(undefined), ask: ({ question }: { question: string }) => Promise.resolve(`${question} Yes.`) };
    expect((await test.run('main', null, { approver })).outcome.error).toMatchObject({ code: 'denied' });
    const run = await test.run('main', null, { approver, grants: ['fs.read notes.txt'], budget: { wallMs: 30_000 } });
    expect(run.outcome.error).toMatchObject({ code: 'file-not-found' });
    expect(run.of('run.created')[0]).toMatchObject({ grants: ['fs.read notes.txt'], budget: { steps: 50, wallMs: 30_000 } });
    expect(run.of('answer')).toMatchObject([{ answer: 'Sure? Yes.' }]);
    await expect(test.run('main', null, { grants: ['nonsense'] })).rejects.toMatchObject({ code: 'invalid-grant' });
  });

  it('ends when it is cancelled', async () => {
    await using test = await chainTest(sandbox, `${header}export default async () => { log('on'); await new Promise(() => setInterval(() => {}, 1000)); };`);
    const handle = await test.runtime.startChain('main', null);
    test.runtime.store.onAppend((events) => events.some((event) => event.type === 'run.log') && handle.cancel('Enough.'));
    const { outcome } = await test.finish(handle.id, handle.outcome);
    expect(outcome).toMatchObject({ state: 'cancelled', clean: true });
  });
});

describe('a chain that fails', () => {
  /** The error of a chain of one file; `place` as `file:line:column`. */
  async function failure(source: string, input: null | Record<string, string> = null) {
    await using test = await chainTest(sandbox, { '.assassin/chains/main.ts': header + source, 'taken/file.txt': '' });
    const run = await test.run('main', input);
    expect(run.outcome).toMatchObject({ state: 'failed', clean: true });
    const { error } = run.outcome;
    return { ...error, place: error?.location && `${error.location.file}:${error.location.line}:${error.location.column}`, run, written: existsSync(join(test.workspace, 'out.txt')) };
  }

  it('in its code is recorded with the place in the TypeScript source', async () => {
    const error = await failure(`interface Row { price: string }
function parse(row: Row): number {
  if (!/\\d/.test(row.price)) throw new RangeError(\`No price in "\${row.price}"\`);
  return Number(row.price);
}
export default async function (input: { rows?: Row[] }): Promise<number[]> {
  await workspace.exists('x').catch((): boolean => false);
  return [{ price: '3' }, { price: 'x' }].map((row: Row): number => parse(row));
}`);
    expect(error).toMatchObject({ code: 'chain-failed', message: 'No price in "x"', place: '.assassin/chains/main.ts:4:36' });
    expect(error.data?.['stack']).toEqual([
      'at parse (.assassin/chains/main.ts:4:36)', 'at <anonymous> (.assassin/chains/main.ts:9:69)', 'at default (.assassin/chains/main.ts:9:10)',
    ]);
    expect(error.run.of('step.ended').map(({ status }) => status)).toContain('error');
  });

  it('in a file that it imports names that file', async () => {
    await using test = await chainTest(sandbox, { '.assassin/chains/main.ts': "import { f } from '../../lib/f.ts';\nexport default () => f();", 'lib/f.ts': 'type A = string;\n\nexport const f = (a?: A): number => a!.length;\n' });
    expect((await test.run('main')).outcome.error).toMatchObject({ code: 'chain-failed', location: { file: 'lib/f.ts', line: 3, column: 37 } });
  });

  it('at a call without a grant says which grant to write, at the line of the call', async () => {
    const error = await failure("export default async function (): Promise<void> {\n  const text: string = 'x';\n  await workspace.writeFile('out.txt', text);\n}");
    expect(error).toMatchObject({ code: 'denied', place: '.assassin/chains/main.ts:4:9', hint: expect.stringContaining(`Grant it with "fs.write out.txt" in the chain's meta.grants`) as string });
    expect(error.written).toBe(false);
    expect(error.run.of('decision')).toMatchObject([{ outcome: 'denied' }]);
  });

  it.each([
    ["await workspace.readFile('none.txt')", 'file-not-found', 'There is no none.txt.'],
    ["await workspace.readFile(5 as never)", 'invalid-input', 'workspace.readFile got a wrong input. path: must be text, not a number'],
    ["await http.get('ftp://a.example')", 'invalid-input', 'url: must be an http: or https: URL'],
    ["await mcp.nowhere.tool({})", 'denied', 'Not allowed: mcp nowhere:tool'],
    ["await model.ask('Hello')", 'no-model', 'No model is connected.'],
    ["await ask('Sure?')", 'denied', 'Nobody answered'],
    ["await (workspace as any).nope?.()\n  await http.getJson('http://127.0.0.1:1/')", 'denied', 'Not allowed: net http://127.0.0.1:1'],
  ])('at %s keeps the code of the tool and gets the place of the call', async (call, code, message) => {
    const error = await failure(`export const meta = { grants: ['fs.read **'] };\nexport default async function (): Promise<unknown> {\n  return ${call};\n}`.replace('return await (', 'await ('));
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) as string, place: expect.stringMatching(/^\.assassin\/chains\/main\.ts:[45]:\d+$/) as string });
  });

  it('when it forgets an await says where, and the call has no effect afterwards', async () => {
    const error = await failure("export const meta = { grants: ['fs.write **'] };\nexport default async function () {\n  workspace.writeFile('out.txt', 'x');\n  log('done');\n}");
    expect(error).toMatchObject({ code: 'chain-failed', message: 'The program ended while workspace.writeFile was still under way. Put "await" before that call.', place: '.assassin/chains/main.ts:4:3' });
  });

  it('with an input that does not fit names the field and runs nothing', async () => {
    const source = "export const meta = { input: { type: 'object', properties: { url: { type: 'string', format: 'uri' } }, required: ['url'] } };\nexport default async (input: { url: string }) => { log(input.url); };";
    expect(await failure(source, { url: 'nonsense' })).toMatchObject({ code: 'invalid-input', message: expect.stringContaining('input.url: must be a web address') as string });
    const { run, ...error } = await failure(source);
    expect(error).toMatchObject({ code: 'invalid-input', message: expect.stringContaining('input.url: is missing') as string });
    expect(run.of('lease.created')).toEqual([]);
  });

  it.each([
    ['export default async function ( {', 'chain-syntax'],
    ["import { x } from './gone.ts';\nexport default () => x;", 'chain-invalid'],
    ['export const main = 1;', 'chain-invalid'],
    ["export const meta = { grants: ['fly'] };\nexport default () => 1;", 'invalid-grant'],
  ])('before it can run is recorded all the same: %j', async (source, code) => {
    const error = await failure(source);
    expect(error).toMatchObject({ code, place: expect.stringMatching(/^\.assassin\/chains\/main\.ts:\d+:\d+$/) as string });
    expect(error.run.of('run.created')[0]).toMatchObject({ title: 'main', source: '.assassin/chains/main.ts' });
    expect(error.run.of('lease.created')).toEqual([]);
  });

  it('at a limit of its own says which', async () => {
    const error = await failure('export const meta = { limits: { cpuMs: 200 } };\nexport default () => { for (;;); };');
    expect(error).toMatchObject({ code: 'sandbox-limit', data: { limit: 'cpuMs' } });
    expect(error.run.of('meter').map(({ meter }) => meter)).toContain('sandbox.wall_ms');
  });

  it('is not recorded where it does not exist', async () => {
    await using test = await chainTest(sandbox, 'export default () => 1;');
    await expect(test.run('mein')).rejects.toMatchObject({ code: 'chain-not-found', hint: 'Did you mean main?' });
    expect(test.runtime.store.runs().items).toEqual([]);
  });
});
