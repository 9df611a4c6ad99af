import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { denyAll } from '../../../src/policy/approver.ts';
import { parseGrants } from '../../../src/policy/grant.ts';
import { Redactor } from '../../../src/policy/redact.ts';
import { processStart } from '../../../src/run/process-identity.ts';
import { RunManager } from '../../../src/run/run-manager.ts';
import type { RunRequest } from '../../../src/run/run-request.ts';
import type { RunScope } from '../../../src/run/run-scope.ts';
import type { Json } from '../../../src/shared/json.ts';
import { verifyAudit } from '../../../src/store/audit-chain.ts';
import { intentsIn } from '../../../src/store/left-intents.ts';
import { RunStore } from '../../../src/store/run-store.ts';

let directory: string;
let store: RunStore;
let runs: RunManager;

beforeEach(async () => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'leave-to-read-')));
  store = new RunStore(directory);
  runs = new RunManager({ store, redactor: new Redactor(), host: { pid: process.pid, start: (await processStart(process.pid))! }, version: '0.0.0', concurrency: 2 });
});
afterEach(async () => {
  await runs[Symbol.asyncDispose]();
  store[Symbol.dispose]();
  rmSync(directory, { recursive: true });
});

const start = (body: (scope: RunScope) => Promise<Json>, request: Partial<RunRequest> = {}) =>
  runs.start({ kind: 'task', title: 'Test', source: 'task', workspace: directory, input: null, grants: parseGrants(['fs.read **', 'clock'], directory), rules: [], approver: denyAll, ...request }, body);
const decided = (run: string) => store.events(run).flatMap((event) => (event.type === 'decision' ? [`${event.action.replace(`${directory}/`, '')} ${event.outcome}`] : []));
const path = () => join(directory, 'a.txt');

describe('leave to read a file', () => {
  it('waits for the next leave to do something, and is on disk before it, in the order in which it was given', async () => {
    const { result } = await start(async ({ id, gate }) => {
      await gate.check({ kind: 'fs.read', path: path() });
      const atOnce = decided(id);
      await gate.check({ kind: 'clock' });
      return [atOnce, decided(id)];
    }).outcome;
    expect(result).toEqual([[], ['fs.read a.txt allowed', 'clock allowed']]);
  });

  it('is on disk some milliseconds later where nothing else happens', async () => {
    const { id, outcome } = start(async (scope) => {
      await scope.gate.check({ kind: 'fs.read', path: path() });
      await expect.poll(() => decided(scope.id)).toEqual(['fs.read a.txt allowed']);
      return null;
    });
    expect(await outcome).toMatchObject({ id, state: 'done' });
  });

  it('does not wait where it was denied, and where a function is served that may answer with it', async () => {
    const denial = await start(async ({ id, gate }) => {
      await expect(gate.check({ kind: 'fs.read', path: '/elsewhere/a.txt' })).rejects.toMatchObject({ code: 'denied' });
      return decided(id);
    }).outcome;
    expect(denial.result).toEqual(['fs.read /elsewhere/a.txt denied']);
    const served = await start(async ({ id, gate }) => {
      await gate.check({ kind: 'fs.read', path: path() });
      return decided(id);
    }, { kind: 'function' }).outcome;
    expect(served.result).toEqual(['fs.read a.txt allowed']);
  });

  it('is on disk before a run of its own is told what was read', async () => {
    const { result } = await start(async (scope) => {
      await scope.gate.check({ kind: 'fs.read', path: path() });
      const child = start(() => Promise.resolve(decided(scope.id)), { parent: { scope, link: { step: 's', key: 'k', agent: 'helper' } } });
      return (await child.outcome).result ?? null;
    }).outcome;
    expect(result).toEqual(['fs.read a.txt allowed']);
  });

  it('keeps its place in the audit log, which stays whole', async () => {
    await start(async ({ gate }) => {
      for (let i = 0; i < 5; i++) await gate.check(i % 2 === 0 ? { kind: 'fs.read', path: path() } : { kind: 'clock' });
      return null;
    }).outcome;
    expect(verifyAudit(store.audit.entries())).toMatchObject({ entries: 5 });
    expect([...store.audit.entries()].map(({ action }) => action.split(' ')[0])).toEqual(['fs.read', 'clock', 'fs.read', 'clock', 'fs.read']);
  });
});

describe('leave to call MCP servers', () => {
  const calls = ['mcp shop:a', 'mcp shop:b', 'mcp shop:c'];
  const check = ({ gate }: RunScope, tool: string) => gate.check({ kind: 'mcp', server: 'shop', tool });
  const grants = (...lines: readonly string[]) => ({ grants: parseGrants(lines, directory) });

  it('is on disk before any of them goes on, for those of one turn together, and in the record with one transaction', async () => {
    const transactions: number[] = [];
    using _listening = store.onAppend((events) => void transactions.push(events.filter(({ type }) => type === 'decision').length));
    const noted = () => store.leftIntents().flatMap(intentsIn).map((events) => events.flatMap((event) => (event.type === 'decision' ? [`${event.action} ${event.outcome}`] : [])));
    const { id, outcome } = start(async (scope) => await Promise.all(['a', 'b', 'c'].map(async (tool) => {
      await check(scope, tool);
      return noted();
    })), grants('mcp shop:*'));
    const all = calls.map((call) => `${call} allowed`);
    expect((await outcome).result).toEqual([[all], [all], [all]]);
    expect(decided(id)).toEqual(all);
    expect(transactions.filter((decisions) => decisions > 0)).toEqual([3]);
  });

  it('counts against the calls of its grant at once: of two in one turn that have one left, one is refused', async () => {
    const { result } = await start(async (scope) => (await Promise.allSettled(['a', 'b'].map((tool) => check(scope, tool)))).map(({ status }) => status), grants('mcp shop:* {calls 1}')).outcome;
    expect(result).toEqual(['fulfilled', 'rejected']);
  });

  it('is not given where it cannot be recorded', async () => {
    const { result } = await start(async (scope) => {
      const spoilt = Object.assign(store, { append: () => { throw new Error('The disk is gone.'); }, note: () => false });
      const failed = await Promise.allSettled(['a', 'b'].map((tool) => check(scope, tool)));
      for (const name of ['append', 'note']) Reflect.deleteProperty(spoilt, name);
      return failed.map((each) => (each.status === 'rejected' ? String(each.reason) : each.status));
    }, grants('mcp shop:*')).outcome;
    expect(result).toEqual(['Error: The disk is gone.', 'Error: The disk is gone.']);
  });
});
