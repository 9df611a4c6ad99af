import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { processStart } from '../../../src/run/process-identity.ts';
import { sweep } from '../../../src/run/sweep.ts';
import type { JournalEvent } from '../../../src/shared/events.ts';
import { verifyAudit } from '../../../src/store/audit-chain.ts';
import { databaseName } from '../../../src/store/database.ts';
import { intentFolder } from '../../../src/store/intent-log.ts';
import { RunStore } from '../../../src/store/run-store.ts';
import { sampled } from '../../helpers/depth.ts';

const script = join(import.meta.dirname, '../../fixtures/store/calling-host.ts');
let directory: string;
let sink: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'killed-caller-'));
  sink = join(directory, 'sink');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Runs the host until it is dead. `killAfterMs`: so long after it has made enough calls somebody else kills it. */
async function killedHost(point: string, killAfterMs?: number): Promise<void> {
  const child = spawn(process.execPath, [script, directory, sink, point], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  if (killAfterMs !== undefined) {
    await Promise.race([once(child.stdout, 'data'), gone]);
    await sleep(killAfterMs);
    child.kill('SIGKILL');
  }
  expect((await gone)[1]).toBe('SIGKILL');
}

const self = async () => ({ pid: process.pid, start: (await processStart(process.pid))! });
const filesOfIntents = () => (existsSync(join(directory, intentFolder)) ? readdirSync(join(directory, intentFolder)) : []);
/** Numbers of the calls that the server has had, in its own record of them. */
const delivered = () => readFileSync(sink, 'utf8').trimEnd().split('\n').slice(1).map((line) => Number((JSON.parse(line) as { text: string }).text));

/** Calls that have left of the decisions in the database as it lies there, without anybody taking over anything. */
function leavesInDatabase(): number {
  using database = { db: new DatabaseSync(join(directory, databaseName), { readOnly: true }), [Symbol.dispose]() { this.db.close(); } };
  return (database.db.prepare("SELECT count(*) AS count FROM events WHERE type = 'decision'").get() as { count: number }).count;
}

/** Numbers of the calls whose beginning and leave are in these events. */
function permitted(events: readonly JournalEvent[]): readonly number[] {
  const decided = new Set(events.flatMap((event) => (event.type === 'decision' && event.outcome === 'allowed' ? [event.step] : [])));
  return events.flatMap((event) => (event.type === 'step.started' && event.name === 'mcp.sink.send' && decided.has(event.step) && event.input && 'json' in event.input ? [Number((event.input.json as { text: string }).text)] : []));
}

/** What must hold of the record after every death. Gives the calls that it tells of. */
async function expectWholeRecord(store: RunStore): Promise<readonly number[]> {
  const [run] = store.runs().items;
  const events = store.events(run!.id, 0, 100_000);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
  const told = permitted(events);
  expect(new Set(told).size).toBe(told.length);
  const sent = delivered();
  expect(new Set(sent).size).toBe(sent.length);
  // None is hidden.
  expect(sent.filter((number) => !told.includes(number))).toEqual([]);
  expect(verifyAudit(store.audit.entries()).brokenAt).toBeUndefined();
  expect(store.audit.missing()).toBe(0);
  expect([...store.audit.entries()]).toHaveLength(events.filter(({ type }) => type === 'decision').length);
  expect(filesOfIntents()).toEqual([]);
  const { interruptedRuns } = await sweep(store, await self());
  expect(interruptedRuns).toEqual([run!.id]);
  expect(store.events(run!.id, 0, 100_000).at(-1)).toMatchObject({ type: 'run.state', to: 'interrupted' });
  return told;
}

describe('a program that is killed while it calls a server', () => {
  it.each(['before-note', 'after-note', 'before-transaction', 'in-transaction'])('has each call on record that the server has had, also those that the database did not have yet (%s)', async (point) => {
    await killedHost(point);
    expect(leavesInDatabase()).toBeLessThan(delivered().length);
    using store = new RunStore(directory);
    await expectWholeRecord(store);
  });

  it('has none twice where the database had them and the file still did', async () => {
    await killedHost('after-transaction');
    expect(filesOfIntents()).toHaveLength(1);
    using store = new RunStore(directory);
    await expectWholeRecord(store);
  });

  it.each(sampled([0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144], 2))('has each of them after %i ms of many', async (ms) => {
    await killedHost('anywhere', ms);
    using store = new RunStore(directory);
    await expectWholeRecord(store);
  });

  it('loses nothing where whoever takes over dies before the file is gone, and where two do it', async () => {
    await killedHost('before-transaction');
    const [name] = filesOfIntents();
    const file = join(directory, intentFolder, name!);
    const text = readFileSync(file);
    // As it was before it was removed.
    using first = new RunStore(directory);
    writeFileSync(file, text);
    using _second = new RunStore(directory);
    await expectWholeRecord(first);
  });

  it('has what was noted before a line that was cut, and nothing of that line', async () => {
    await killedHost('after-note');
    const [name] = filesOfIntents();
    const file = join(directory, intentFolder, name!);
    // The last line was of calls that had not left: their program died first.
    truncateSync(file, readFileSync(file).length - 10);
    using store = new RunStore(directory);
    await expectWholeRecord(store);
  });
});
