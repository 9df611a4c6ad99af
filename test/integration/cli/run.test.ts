import { expect, test } from 'vitest';
import { chain, CommandLine } from './command-line.ts';

test('a chain that computes ends with 0, its result on standard output and everything else beside it', async () => {
  using cli = new CommandLine({ '.assassin/chains/sum.ts': chain('return [{ name: "sum", value: input.a + input.b }];') });
  const { code, stdout, stderr } = await cli.run(['run', 'sum', '--input', '{"a":1,"b":2}']);
  expect(stderr).toContain('all destroyed and verified');
  expect(stdout).toBe('name  value\n────  ─────\nsum       3\n');
  expect(stderr).toMatch(/Trace[\s\S]*Destruction report[\s\S]*Bill[\s\S]*Real cost: \$0[\s\S]*done in .*nothing left behind/);
  expect(stderr).not.toContain('\u001b');
  expect(code).toBe(0);
});

test('the JSON document has result, trace, destruction report and bill', async () => {
  using cli = new CommandLine({ '.assassin/chains/sum.ts': chain('return input.a + 1;') });
  const { code, document } = await cli.json(['run', 'sum', '--input', '{"a":1}']);
  expect(document).toMatchObject({ state: 'done', clean: true, exitCode: 0, result: 2 });
  expect(document.trace.length).toBeGreaterThanOrEqual(2);
  expect(document.destruction.leases).toEqual([expect.objectContaining({ kind: 'sandbox', verified: true })]);
  expect(document.bill.ledger.map((line) => line.meter)).toEqual(expect.arrayContaining(['sandbox.wall_ms', 'run.wall_ms']));
  expect(document.bill).toMatchObject({ realCostUsd: 0, realCostMark: 'measured' });
  expect(document.bill.saving?.listUsd).toBeGreaterThan(0);
  expect(code).toBe(0);
});

test('--quiet leaves the result and one line, or what went wrong and one line; the record has the rest', async () => {
  using cli = new CommandLine({ '.assassin/chains/half.ts': chain('if (input.a === 0) throw new Error("nothing to halve"); return input.a / 2;') });
  const { stdout, stderr, code } = await cli.run(['run', 'half', '--quiet', '--input', '{"a":4}']);
  expect(stdout).toBe('2\n');
  expect(stderr).toMatch(/^done in .*nothing left behind \(run_\w+\)\n$/);
  expect(code).toBe(0);
  const failed = await cli.run(['run', 'half', '--quiet', '--input', '{"a":0}']);
  expect(failed.stderr).toMatch(/^nothing to halve .*\nfailed in .*\n$/);
  expect(failed.code).toBe(1);
  expect((await cli.run(['runs', 'show', /run_\w+/.exec(stderr)?.[0] ?? ''])).stdout).toContain('Destruction report');
});

test('events come as JSON lines while they happen, the document last', async () => {
  using cli = new CommandLine({ '.assassin/chains/sum.ts': chain('return 1;') });
  const { stdout } = await cli.run(['run', 'sum', '--json', '--events']);
  const lines = stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as { type: string; event?: { type: string; seq: number } });
  expect(lines[0]).toMatchObject({ type: 'event', event: { type: 'run.created', seq: 1 } });
  expect(lines.at(-1)).toMatchObject({ type: 'run', state: 'done' });
  expect(lines.slice(0, -1).map((line) => line.event?.seq)).toEqual(lines.slice(0, -1).map((_, i) => i + 1));
});

test('an error of the chain ends with 1 and names the line of the TypeScript file', async () => {
  using cli = new CommandLine({ '.assassin/chains/fails.ts': 'interface Unused { a: string }\n\nexport default async function () {\n  const value: number = 1;\n  throw new Error(`no ${value}`);\n}\n' });
  const { code, document } = await cli.json(['run', 'fails']);
  expect(document.error).toMatchObject({ code: 'chain-failed', message: expect.stringContaining('no 1'), location: { file: expect.stringContaining('fails.ts'), line: 5 } });
  expect(document.clean).toBe(true);
  expect(code).toBe(1);
});

test('a budget that is used up ends with 1 and says which one', async () => {
  using cli = new CommandLine({ '.assassin/chains/busy.ts': chain('for (let i = 0; i < 9; i++) await workspace.exists("a" + i);', { grants: ['fs.read **'] }, 'import { workspace } from "assassin";') });
  const { code, document } = await cli.json(['run', 'busy', '--budget', 'steps=4']);
  expect(document.error).toMatchObject({ code: 'budget-exceeded', data: { budget: 'steps', limit: 4 } });
  expect(code).toBe(1);
});

test('an unknown chain ends with 2 and names one that is similar', async () => {
  using cli = new CommandLine({ '.assassin/chains/report.ts': chain('return 1;') });
  const { code, stderr } = await cli.run(['run', 'raport']);
  expect(stderr).toMatch(/no chain "raport".*Did you mean report\?/s);
  expect(code).toBe(2);
  const { document } = await cli.json<{ error: unknown }>(['run', 'raport']);
  expect(document.error).toMatchObject({ code: 'chain-not-found' });
});

test('a chain that cannot be compiled ends with 2, its place and a run on record', async () => {
  using cli = new CommandLine({ '.assassin/chains/broken.ts': 'export default async function () {\n  return 1 +;\n}\n' });
  const { code, document } = await cli.json(['run', 'broken']);
  expect(document.error).toMatchObject({ code: 'chain-syntax', location: { line: 2 } });
  expect(code).toBe(2);
  expect((await cli.json<{ items: unknown[] }>(['runs', 'list'])).document.items).toEqual([expect.objectContaining({ state: 'failed' })]);
});

test('broken JSON as input ends with 2 and starts nothing', async () => {
  using cli = new CommandLine({ '.assassin/chains/sum.ts': chain('return 1;') });
  const { code, stderr } = await cli.run(['run', 'sum', '--input', '{a:1}']);
  expect(stderr).toContain('--input is not valid JSON');
  expect(code).toBe(2);
  expect((await cli.json<{ items: unknown[] }>(['runs', 'list'])).document.items).toEqual([]);
});

test('an input that the chain does not take ends with 2 and names the field', async () => {
  using cli = new CommandLine({ '.assassin/chains/typed.ts': chain('return input.n;', { input: { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] } }) });
  const { code, document } = await cli.json(['run', 'typed', '--input', '{"n":"one"}']);
  expect(document.error).toMatchObject({ code: 'invalid-input', message: expect.stringContaining('n') });
  expect(code).toBe(2);
});

test('what no grant covers is denied with the flag that would allow it, and that flag allows it', async () => {
  using cli = new CommandLine({ '.assassin/chains/write.ts': chain('return await workspace.writeFile("out/a.txt", "x");', {}, 'import { workspace } from "assassin";') });
  const denied = await cli.run(['run', 'write']);
  expect(denied.code).toBe(3);
  const flag = /--allow "([^"]+)"/.exec(denied.stderr)?.[1];
  expect(flag).toMatch(/^fs\.write /);
  const allowed = await cli.run(['run', 'write', '--allow', flag!]);
  expect(allowed.stderr).toContain('nothing left behind');
  expect(allowed.code).toBe(0);
});

test('a deny rule of the workspace beats the flag, and an ask rule is a denial where nobody can be asked', async () => {
  using cli = new CommandLine({
    '.assassin/chains/write.ts': chain('return await workspace.writeFile(input.path, "x");', { grants: ['fs.write **'] }, 'import { workspace } from "assassin";'),
    '.vscode/settings.json': '{ "infrastructureAssassin.rules": [{ "effect": "deny", "grant": "fs.write secret/**" }, { "effect": "ask", "grant": "fs.write asked/**" }], }',
  });
  expect((await cli.run(['run', 'write', '--input', '{"path":"secret/a"}', '--allow', 'fs.write secret/a'])).code).toBe(3);
  expect((await cli.run(['run', 'write', '--input', '{"path":"asked/a"}'])).code).toBe(3);
  expect((await cli.run(['run', 'write', '--input', '{"path":"free/a"}'])).code).toBe(0);
});

test('without a browser a chain that needs one ends with 5 and says what to do', async () => {
  using cli = new CommandLine({ '.assassin/chains/page.ts': chain('await using page = await browser.open("http://127.0.0.1:9/"); return page.title;', { grants: ['browser', 'net http://127.0.0.1:9'] }, 'import { browser } from "assassin";') });
  const { code, document } = await cli.json(['run', 'page'], { ASSASSIN_BROWSER: '/nonexistent' });
  expect(document.error).toMatchObject({ code: 'browser-not-found', message: expect.stringContaining('/nonexistent') });
  expect(document.clean).toBe(true);
  expect(code).toBe(5);
});

test('a data directory that cannot be written ends with 5', async () => {
  using cli = new CommandLine({ '.assassin/chains/sum.ts': chain('return 1;'), 'file': '' });
  const { code, document } = await cli.json<{ error: unknown }>(['run', 'sum', '--data-dir', 'file/data']);
  expect(document.error).toMatchObject({ code: 'store-unwritable' });
  expect(code).toBe(5);
});

test.each([[['run']], [['run', 'x', '--unknown']], [['nonsense']], [['runs', 'export', 'x', '--format', 'xml']], [['run', 'x', '--workspace', '/nonexistent']], [['run', 'x', '--budget', 'all']]])('%j is wrong usage and ends with 2', async (args) => {
  using cli = new CommandLine();
  const { code, stderr } = await cli.run(args);
  expect(stderr).not.toBe('');
  expect(stderr).not.toContain('    at ');
  expect(code).toBe(2);
});

test('a task says that it needs a model, and ends with 5', async () => {
  using cli = new CommandLine();
  const { code, document } = await cli.json<{ error: unknown }>(['task', 'tidy', 'up']);
  expect(document.error).toMatchObject({ code: 'no-model', hint: expect.stringMatching(/ANTHROPIC_API_KEY.*OPENAI_API_KEY.*Ollama/) as string });
  expect(code).toBe(5);
});

test('an exported function runs in a sandbox with its arguments', async () => {
  using cli = new CommandLine({ 'src/price.ts': 'export function withTax(net: number, rate: number): number {\n  return net * (1 + rate);\n}\n' });
  const { code, document } = await cli.json(['fn', 'run', 'src/price.ts#withTax', '--input', '[100, 0.5]']);
  expect(document).toMatchObject({ state: 'done', result: 150 });
  expect(code).toBe(0);
  expect((await cli.run(['fn', 'run', 'src/price.ts#withTax', '--input', '[1'])).code).toBe(2);
});
