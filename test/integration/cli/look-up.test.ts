import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JournalEvent } from '../../../src/shared/events.ts';
import type { Infrastructure } from '../../../src/shared/infrastructure.ts';
import { chain, CommandLine, mcpConfiguration } from './command-line.ts';

const sum = { '.assassin/chains/sum.ts': chain('return { total: input.a + 1 };', { description: 'Adds one' }) };

test('runs are listed newest first, page by page, and each can be shown', async () => {
  using cli = new CommandLine(sum);
  const first = (await cli.json(['run', 'sum', '--input', '{"a":1}'])).document.run;
  const second = (await cli.json(['run', 'sum', '--input', '{"a":2}'])).document.run;
  const page = (await cli.json<{ items: { id: string }[]; next: string }>(['runs', 'list', '--limit', '1'])).document;
  expect(page.items.map((item) => item.id)).toEqual([second]);
  expect((await cli.json<{ items: { id: string }[] }>(['runs', 'list', '--after', page.next])).document.items.map((item) => item.id)).toEqual([first]);

  const { code, stdout } = await cli.run(['runs', 'show', first]);
  expect(stdout).toMatch(/input: \{"a":1\}[\s\S]*Result\ntotal {2}2[\s\S]*Trace[\s\S]*Destruction report[\s\S]*Bill[\s\S]*done in/);
  expect(code).toBe(0);
});

test('an export holds the whole journal, or a trace that OpenTelemetry understands', async () => {
  using cli = new CommandLine(sum);
  const { run } = (await cli.json(['run', 'sum', '--input', '{"a":1}'])).document;
  const events: readonly JournalEvent[] = await cli.events(run);
  expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i + 1));
  expect(events.at(-1)).toMatchObject({ type: 'run.state', to: 'done' });

  expect((await cli.run(['runs', 'export', run, '--format', 'otlp-json', '--output', 'trace.json'])).code).toBe(0);
  const otlp = JSON.parse(readFileSync(join(cli.workspace, 'trace.json'), 'utf8')) as { resourceSpans: [{ scopeSpans: [{ spans: { name: string }[] }] }] };
  expect(otlp.resourceSpans[0].scopeSpans[0].spans.map((span) => span.name)).toEqual(['invoke_workflow sum', 'invoke_workflow sum']);
  expect((await cli.run(['runs', 'export', run, '--output', 'no/such/folder.json'])).code).toBe(2);
});

test('runs are found by what happened in them, in their own workspace', async () => {
  using cli = new CommandLine({ '.assassin/chains/fruit.ts': chain("return { bought: [input.fruit] };") });
  const plum = (await cli.json(['run', 'fruit', '--input', '{"fruit":"mirabelle"}'])).document.run;
  await cli.json(['run', 'fruit', '--input', '{"fruit":"quince"}']);
  const { document } = await cli.json<{ items: { id: string; snippet: string }[] }>(['runs', 'search', 'mirab']);
  expect(document.items).toMatchObject([{ id: plum, snippet: expect.stringContaining('mirabelle') as string }]);
  expect((await cli.run(['runs', 'search', 'fruit', '--limit', '1'])).stderr).toContain('More: --after');
  expect((await cli.run(['runs', 'search', 'papaya'])).stderr).toContain('Nothing was found');
  expect((await cli.run(['runs', 'delete', plum])).code).toBe(0);
  expect((await cli.run(['runs', 'search', 'mirabelle'])).stderr).toContain('Nothing was found');
});

test('a deleted run is gone, and a run that never was is wrong usage', async () => {
  using cli = new CommandLine(sum);
  const { run } = (await cli.json(['run', 'sum', '--input', '{"a":1}'])).document;
  expect((await cli.json<unknown>(['runs', 'delete', run])).document).toEqual({ deleted: run });
  expect((await cli.run(['runs', 'show', run])).code).toBe(2);
});

test('a large result is stored apart and still shown and exported whole', async () => {
  using cli = new CommandLine({ '.assassin/chains/large.ts': chain('return "x".repeat(100000);') });
  const { run } = (await cli.json(['run', 'large'])).document;
  const { document } = await cli.json<{ summary: { result: { json: string } } }>(['runs', 'export', run]);
  expect(document.summary.result.json).toBe('x'.repeat(100000));
  expect((await cli.run(['runs', 'show', run])).stdout).toContain('x'.repeat(100000));
});

test('chains are listed with what is wrong with them, and checked with file, line and column', async () => {
  using cli = new CommandLine({ ...sum, '.assassin/chains/broken.ts': 'export default async function () {\n  retur 1;\n}\n' });
  const { stdout } = await cli.run(['chains', 'list']);
  expect(stdout).toMatch(/sum +Adds one/);
  expect(stdout).toMatch(/broken +broken: /);
  const { code, document } = await cli.json<{ ok: boolean; problems: unknown[] }>(['chains', 'check']);
  expect(document).toMatchObject({ ok: false, problems: [{ code: 'chain-syntax', location: { file: '.assassin/chains/broken.ts', line: 2 } }] });
  expect(code).toBe(2);
  expect((await cli.run(['chains', 'check', 'sum'])).code).toBe(0);
});

test('types are written with the tools of the servers that are configured', async () => {
  using cli = new CommandLine({ ...sum, '.vscode/mcp.json': mcpConfiguration });
  const { code, document } = await cli.json<{ written: string[]; servers: string[] }>(['chains', 'types']);
  expect(document.servers).toEqual(['filesystem', 'everything']);
  expect(readFileSync(join(cli.workspace, '.assassin/types/mcp.d.ts'), 'utf8')).toMatch(/readonly filesystem: \{[\s\S]*write_file\(/);
  expect(code).toBe(0);
  expect((await cli.json<{ written: string[] }>(['chains', 'types'])).document.written).toEqual([]);
});

test('servers are listed without being started, their tools by starting them', async () => {
  using cli = new CommandLine({ '.vscode/mcp.json': mcpConfiguration });
  const { servers } = (await cli.json<{ servers: { name: string; state: string }[] }>(['mcp', 'list'])).document;
  expect(servers).toEqual([expect.objectContaining({ name: 'filesystem', state: 'stopped' }), expect.objectContaining({ name: 'everything', state: 'stopped' })]);
  const { tools } = (await cli.json<{ tools: { name: string }[] }>(['mcp', 'tools', 'everything'])).document;
  expect(tools.map((tool) => tool.name)).toContain('get-sum');
  expect((await cli.run(['mcp', 'tools', 'nothing'])).code).not.toBe(0);
});

test('one tool call is a run that may do exactly this, and leaves nothing', async () => {
  using cli = new CommandLine({ '.vscode/mcp.json': mcpConfiguration });
  const { code, document } = await cli.json(['mcp', 'call', 'everything', 'get-sum', '--input', '{"a":2,"b":3}']);
  expect(document).toMatchObject({ state: 'done', clean: true, result: 'The sum of 2 and 3 is 5.' });
  expect(document.destruction.leases).toEqual([expect.objectContaining({ kind: 'mcp', verified: true })]);
  expect(code).toBe(0);
  const failed = await cli.json(['mcp', 'call', 'everything', 'get-sum', '--input', '{"a":2}']);
  expect(failed.document.error?.code).toMatch(/invalid-input|mcp-tool-failed/);
  expect(failed.code).toBe(1);
});

test('a broken configuration does not hide the servers of the others, and is told', async () => {
  using cli = new CommandLine({ '.vscode/mcp.json': mcpConfiguration, '.mcp.json': '{ "mcpServers": { "bad": {} } }' });
  const { document } = await cli.json<{ servers: unknown[]; problems: { error: { code: string } }[] }>(['mcp', 'list']);
  expect(document.servers).toHaveLength(2);
  expect(document.problems[0]).toMatchObject({ error: { code: 'invalid-config' } });
  expect((await cli.run(['mcp', 'list'])).stderr).toContain('.mcp.json');
});

test('a value that a server needs and nobody gave names the environment variable that gives it', async () => {
  const servers = { keyed: { command: process.execPath, args: ['${input:api-key}'] } };
  using cli = new CommandLine({ '.vscode/mcp.json': JSON.stringify({ servers, inputs: [{ id: 'api-key', type: 'promptString', password: true }] }) });
  const { code, stderr } = await cli.run(['mcp', 'tools', 'keyed']);
  expect(stderr).toContain('ASSASSIN_INPUT_API_KEY');
  expect(code).not.toBe(0);
});

test('the doctor finds everything in order here, and names a browser that is missing', async () => {
  using cli = new CommandLine();
  const well = await cli.json<{ ok: boolean; checks: { name: string; status: string }[]; infrastructure: Infrastructure }>(['doctor']);
  const { infrastructure } = well.document;
  expect(infrastructure).toMatchObject({ program: { kind: 'terminal' }, runs: { open: 0, here: 0 }, leases: [], servers: [] });
  expect(infrastructure.loop?.watchedMs).toBeGreaterThan(200);
  expect(infrastructure.starts.map(({ name }) => name)).toEqual(['command line ready', 'records opened', 'leftovers swept']);
  expect(well.document.checks.map(({ name }) => name)).toEqual(expect.arrayContaining(['Memory', 'Start', 'Live runs', 'Live leases', 'Sandbox pool', 'Browser pool', 'MCP servers']));
  expect(well.document.checks.filter((check) => check.status === 'fail')).toEqual([]);
  expect(well.document.checks.map((check) => check.name)).toEqual(expect.arrayContaining(['Node', 'Browser', 'Data directory', 'Leftovers', 'MCP configuration', 'Sandbox', 'Event loop']));
  expect(well.code).toBe(0);
  expect((await cli.json<{ items: unknown[] }>(['runs', 'list', '--all'])).document.items).toEqual([]);

  const ill = await cli.run(['doctor'], { ASSASSIN_BROWSER: '/nonexistent' });
  expect(ill.stdout).toMatch(/FAIL +Browser[\s\S]*->/);
  expect(ill.code).toBe(5);
});

test('help and version end with 0', async () => {
  using cli = new CommandLine();
  const help = await cli.run(['--help']);
  expect(help.stdout).toContain('Exit codes');
  expect(help.code).toBe(0);
  const version = await cli.run(['--version']);
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(existsSync(cli.data)).toBe(false);
});
