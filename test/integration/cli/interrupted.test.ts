import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JournalEvent } from '../../../src/shared/events.ts';
import { chain, CommandLine, isRunning, mcpConfiguration, pidsOf, type RunDocument } from './command-line.ts';

/** Holds a browser, an MCP server and a sandbox, and then waits for longer than any test. */
const waits = chain(
  'await using page = await browser.open(input.url);\nawait mcp.everything.echo({ message: "up" });\nprogress("all is up");\nawait mcp.everything["trigger-long-running-operation"]({ duration: 120, steps: 120 });',
  { grants: ['browser', 'net http://127.0.0.1:*', 'mcp everything:echo'] }, 'import { browser, mcp, progress } from "assassin";',
);
const files = { '.assassin/chains/waits.ts': waits, '.vscode/mcp.json': mcpConfiguration };

const server = createServer((_request, response) => response.end('<title>x</title>'));
let run: readonly string[] = [];
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  run = ['run', 'waits', '--input', JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })];
});
afterAll(() => void server.close());

async function goneWithin(pids: readonly number[], ms: number): Promise<readonly number[]> {
  for (const end = performance.now() + ms; performance.now() < end; await sleep(50)) if (!pids.some(isRunning)) return [];
  return pids.filter(isRunning);
}

test('Ctrl+C in the middle destroys everything, says so, and ends with 130', async () => {
  using cli = new CommandLine(files);
  const { child, finished, seen } = cli.start([...run, '--json', '--events']);
  await seen('all is up');
  child.kill('SIGINT');
  const { code, stdout, stderr } = await finished;
  const lines = stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as { event: JournalEvent } | RunDocument);
  const document = lines.at(-1) as RunDocument;
  expect(document).toMatchObject({ state: 'cancelled', clean: true, error: { code: 'cancelled' } });
  expect(document.destruction.leases.map((lease) => lease.kind).sort()).toEqual(['browser', 'mcp', 'proxy', 'sandbox']);
  expect(document.destruction.leases.every((lease) => lease.verified)).toBe(true);
  const pids = pidsOf(lines.flatMap((line) => ('event' in line ? [line.event] : [])));
  expect(pids.length).toBeGreaterThanOrEqual(2);
  expect(pids.filter(isRunning)).toEqual([]);
  expect(stderr).toContain('Cancelling');
  expect(code).toBe(130);
});

test('a second Ctrl+C ends the program at once', async () => {
  using cli = new CommandLine(files);
  const { child, finished, seen } = cli.start(run);
  await seen('all is up');
  child.kill('SIGINT');
  await seen('Cancelling');
  child.kill('SIGINT');
  expect((await finished).code).toBe(130);
  // What it may have left is swept here, so that the test leaves nothing either.
  await cli.run(['doctor']);
});

test('after kill -9 in the middle the next start reports the run as interrupted, sweeps what is left, and repeats nothing', async () => {
  using cli = new CommandLine(files);
  const { child, finished, seen } = cli.start(run);
  await seen('all is up');
  child.kill('SIGKILL');
  await finished;

  const { document } = await cli.json<{ checks: { name: string; status: string; detail: string }[] }>(['doctor']);
  const leftovers = document.checks.filter((check) => check.name === 'Leftovers');
  expect(leftovers).toContainEqual(expect.objectContaining({ status: 'warn', detail: expect.stringContaining('interrupted') }));
  expect(leftovers.filter((check) => check.status === 'fail')).toEqual([]);

  const { items } = (await cli.json<{ items: { id: string; state: string }[] }>(['runs', 'list'])).document;
  expect(items).toEqual([expect.objectContaining({ state: 'interrupted' })]);
  const shown = (await cli.json(['runs', 'show', items[0]!.id])).document;
  expect(shown.destruction.clean).toBe(true);
  expect(shown.trace.some((span) => span.status === 'unknown')).toBe(true);
  const pids = pidsOf(await cli.events(items[0]!.id));
  expect(pids.length).toBeGreaterThanOrEqual(2);
  expect(await goneWithin(pids, 5000)).toEqual([]);

  // What was decided before the kill is in the chain of hashes, and nothing in it is torn.
  const decided = (await cli.events(items[0]!.id)).filter(({ type }) => type === 'decision').length;
  const audit = (await cli.json<{ ok: boolean; entries: number }>(['audit', 'verify'])).document;
  expect(decided).toBeGreaterThan(1);
  expect(audit.ok).toBe(true);
  expect((await cli.json<{ entries: unknown[] }>(['audit', 'list', '--run', items[0]!.id])).document.entries).toHaveLength(decided);

  const again = await cli.json<{ checks: { name: string; status: string; detail: string }[] }>(['doctor']);
  expect(again.document.checks.filter((check) => check.name === 'Leftovers')).toEqual([expect.objectContaining({ status: 'ok', detail: 'nothing was left by earlier runs' })]);
});

test('a run whose reader goes away goes on to its end', async () => {
  using cli = new CommandLine({ '.assassin/chains/talk.ts': chain('for (let i = 0; i < 50; i++) log("x".repeat(2000)); return "y".repeat(200000);', {}, 'import { log } from "assassin";') });
  const { child, finished } = cli.start(['run', 'talk', '--json', '--events']);
  child.stdout?.destroy();
  expect((await finished).code).toBe(0);
  const { items } = (await cli.json<{ items: { id: string; state: string }[] }>(['runs', 'list'])).document;
  expect(items.map((item) => item.state)).toEqual(['done']);
  const shown = (await cli.json(['runs', 'show', items[0]!.id])).document;
  expect(shown.destruction.clean).toBe(true);
});
