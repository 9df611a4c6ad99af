import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BrowserFactory } from '../../../src/browser/browser-factory.ts';
import { infrastructureChecks } from '../../../src/doctor/infrastructure-checks.ts';
import { infrastructureOf } from '../../../src/doctor/infrastructure.ts';
import { LoopWatch } from '../../../src/doctor/loop-watch.ts';
import { McpHub } from '../../../src/mcp/mcp-hub.ts';
import { Redactor } from '../../../src/policy/redact.ts';
import { RunManager } from '../../../src/run/run-manager.ts';
import { SandboxFactory } from '../../../src/sandbox/sandbox-factory.ts';
import { noteStart, startTimes } from '../../../src/shared/start-times.ts';
import { RunStore } from '../../../src/store/run-store.ts';
import { calm } from '../../webview/harness/figures.ts';
import { Recorder } from '../../webview/harness/record.ts';

let directory: string;
let store: RunStore;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'test-infrastructure-'));
  store = new RunStore(join(directory, 'data'));
});
afterEach(() => {
  store[Symbol.dispose]();
  rmSync(directory, { recursive: true, force: true });
});

test('live runs and leases of all programs are listed, and nothing is started for it', async () => {
  const host = { pid: process.pid, start: 'test' };
  const log = () => undefined;
  const dist = new URL('file:///nowhere/');
  await using runs = new RunManager({ store, host, redactor: new Redactor(), version: '0.1.0', concurrency: 3 });
  await using sandboxes = new SandboxFactory({ worker: dist, assets: dist, limits: {}, engine: 'quickjs-wasi', maxAtOnce: 5 });
  await using mcp = new McpHub({ workspace: directory, servers: [], redactor: new Redactor(), version: '0.1.0', log });
  await using browsers = new BrowserFactory({ log });
  const run = new Recorder(store, { title: 'Shop report', workspace: directory }).enter('running');
  run.append({ type: 'lease.created', lease: 'l_1', kind: 'browser', label: 'headless Chromium', identity: { pid: 4711 } });
  store.hostLeases.insert({ id: 'l_2', kind: 'browser', label: 'Browser that waits for a run', identity: {}, host: { pid: 99, start: 'x' } });
  const found = infrastructureOf({ store, runs, sandboxes, browsers, mcp }, { kind: 'terminal', version: '0.1.0' });
  expect(found).toMatchObject({
    program: { kind: 'terminal', pid: process.pid, version: '0.1.0' }, runs: { open: 1, byState: { running: 1 }, here: 0, most: 3 },
    sandboxes: { threads: 0, waiting: 0, queued: 0, most: 5 }, browsers: { ready: 0, shared: 0, contexts: 0, keepReady: 'never' }, servers: [],
    leases: [{ id: 'l_1', kind: 'browser', run: run.run, title: 'Shop report', pid: 4711, owner: process.pid }, { id: 'l_2', owner: 99 }],
  });
  expect(found.loop).toBeUndefined();
  expect(found.leases[1]).not.toHaveProperty('run');
  expect(found.memory.residentBytes).toBeGreaterThan(found.memory.heapUsedBytes / 2);
  const details = Object.fromEntries(infrastructureChecks(found).map(({ name, detail }) => [name, detail]));
  expect(details).toMatchObject({ 'Live runs': '1 running; 0 in this program, at most 3 at a time', 'Sandbox pool': '0 of 5 threads, 0 of them waiting; 0 programs queued', 'MCP servers': 'none configured' });
  expect(details['Live leases']).toContain('Browser that waits for a run (program 99, of another program)');
  run.append({ type: 'lease.destroyed', lease: 'l_1', verified: true, how: 'gone', ms: 1 });
  expect(infrastructureOf({ store, runs, sandboxes, browsers, mcp }, { kind: 'terminal', version: '0.1.0' }).leases.map(({ id }) => id)).toEqual(['l_2']);
});

test('a heap that is nearly full is a warning, and what was not measured says so', () => {
  const memory = { ...calm.memory, heapUsedBytes: 0.9 * calm.memory.heapLimitBytes };
  const checks = infrastructureChecks({ ...calm, memory, starts: [], leases: [], runs: { ...calm.runs, open: 0, byState: {} } });
  expect(checks.find(({ name }) => name === 'Memory')).toMatchObject({ status: 'warn' });
  expect(Object.fromEntries(checks.map(({ name, detail }) => [name, detail]))).toMatchObject({ Start: 'not measured', 'Live runs': 'none', 'Live leases': 'none' });
  expect(infrastructureChecks(calm).every(({ status }) => status === 'ok')).toBe(true);
});

test('a loop that is held up is seen as late, from the first look to the next', async () => {
  using watch = new LoopWatch();
  expect(watch.read()).toBeUndefined();
  const turn = () => new Promise((resolve) => setTimeout(resolve, 30));
  await turn();
  const until = performance.now() + 120;
  while (performance.now() < until);
  await turn();
  const seen = watch.read();
  // However busy the machine is: the loop was held for at least so long.
  expect(seen?.maxMs).toBeGreaterThan(80);
  expect(seen?.watchedMs).toBeGreaterThan(120);
  expect(seen?.busy).toBeGreaterThan(0);
});

test('what was noted of a start is told in its order, without the marks of others', () => {
  performance.measure('somebody else', { start: 0 });
  noteStart('first part', performance.now() - 5);
  noteStart('second part', performance.now());
  const told = startTimes();
  expect(told.map(({ name }) => name)).toEqual(['first part', 'second part']);
  expect(told[0]!.ms).toBeGreaterThanOrEqual(5);
});
