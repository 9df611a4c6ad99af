import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Redactor } from '../../../src/policy/redact.ts';
import { Journal } from '../../../src/run/journal.ts';
import { processStart } from '../../../src/run/process-identity.ts';
import { sweep } from '../../../src/run/sweep.ts';
import type { EventBody } from '../../../src/shared/events.ts';
import { databaseName } from '../../../src/store/database.ts';
import type { HostIdentity } from '../../../src/store/host-identity.ts';
import { intentLine } from '../../../src/store/intent-lines.ts';
import { intentFolder } from '../../../src/store/intent-log.ts';
import { RunStore } from '../../../src/store/run-store.ts';

const run = 'run_1';
let directory: string;
let host: HostIdentity;
let store: RunStore;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'intent-log-'));
  host = { pid: process.pid, start: (await processStart(process.pid))! };
  store = new RunStore(directory);
});
afterEach(() => {
  store[Symbol.dispose]();
  rmSync(directory, { recursive: true });
});

function journalOf(name = run, of = host): Journal {
  const journal = new Journal({ run: name, store, host: of, redactor: new Redactor() });
  journal.append({ type: 'run.created', kind: 'chain', title: 'Test', source: 'test.ts', workspace: directory, input: { json: null }, grants: [], budget: {}, host: of, version: '0' }, { type: 'run.state', from: 'queued', to: 'running' });
  return journal;
}
const leave = (what: string | number): EventBody => ({ type: 'decision', action: `mcp sink:${what}`, effect: 'allow', outcome: 'allowed', reason: 'Granted.' });
const leaves = (of = store, name = run) => of.events(name).flatMap((event) => (event.type === 'decision' ? [event.action] : []));
const folder = () => join(directory, intentFolder);
const file = () => join(folder(), readdirSync(folder())[0]!);

describe('what is noted ahead of its transaction', () => {
  it('is in the record with what is appended next, or some milliseconds later by itself', async () => {
    const journal = journalOf();
    await journal.commit(leave(1));
    expect(leaves()).toEqual([]);
    journal.append({ type: 'run.log', level: 'info', message: 'x' });
    expect(leaves()).toEqual(['mcp sink:1']);
    await journal.commit(leave(2));
    await expect.poll(() => leaves()).toEqual(['mcp sink:1', 'mcp sink:2']);
  });

  it('takes the room again that it took before, and none when the store is closed', async () => {
    const journal = journalOf();
    const sizes: number[] = [];
    for (let i = 0; i < 20; i += 1) {
      await journal.commit(leave(i));
      journal.flush();
      sizes.push(statSync(file()).size);
    }
    expect(new Set(sizes.slice(10))).toEqual(new Set([Math.max(...sizes)]));
    expect(Math.max(...sizes)).toBeLessThan(1000);
    store[Symbol.dispose]();
    expect(readdirSync(folder())).toEqual([]);
    store = new RunStore(directory);
  });

  it('is kept while another run still waits for its transaction', async () => {
    const [one, two] = [journalOf('run_1'), journalOf('run_2')];
    await one.commit(leave('one'));
    await two.commit(leave('two'));
    two.flush();
    await two.commit(leave('three'));
    const [left] = store.leftIntents();
    using reader = new RunStore(directory);
    reader.takeOver(left!);
    expect([leaves(reader, 'run_1'), leaves(reader, 'run_2')]).toEqual([['mcp sink:one'], ['mcp sink:two', 'mcp sink:three']]);
  });

  it('is a transaction where nothing can be noted', async () => {
    writeFileSync(folder(), 'in the way');
    await journalOf().commit(leave(1));
    expect(leaves()).toEqual(['mcp sink:1']);
  });

  it('does not tell of a run that is not on record itself', async () => {
    const journal = new Journal({ run, store, host, redactor: new Redactor() });
    await journal.commit({ type: 'run.created', kind: 'function', title: 'Test', source: 'test.ts', workspace: directory, input: { json: null }, grants: [], budget: {}, host, version: '0' });
    expect(store.run(run).title).toBe('Test');
    expect(existsSync(folder())).toBe(false);
  });

  it('lets nothing more leave once its transaction has failed, and loses nothing when the next one comes to pass', async () => {
    const journal = journalOf();
    using other = { db: new DatabaseSync(join(directory, databaseName)), [Symbol.dispose]() { this.db.close(); } };
    other.db.exec("CREATE TRIGGER refuse BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'refused'); END");
    await journal.commit(leave(1));
    await expect.poll(() => journal.commit(leave(2)).then(() => 'left', (error: unknown) => String(error))).toContain('refused');
    other.db.exec('DROP TRIGGER refuse');
    await journal.commit();
    expect(leaves()[0]).toBe('mcp sink:1');
    expect(store.events(run).map(({ seq }) => seq)).toEqual(store.events(run).map((_event, index) => index + 1));
  });
});

describe('what a program has noted that is gone', () => {
  it('is taken over by whoever sweeps, where the number of that program was given to another', async () => {
    const dead = { pid: process.pid, start: 'earlier' };
    const journal = journalOf(run, dead);
    await journal.commit(leave(1));
    const lines = [intentLine(dead), intentLine([{ ...leave(1), run, seq: 3, at: 1 }])];
    journal.close();
    store[Symbol.dispose]();
    writeFileSync(file(), Buffer.concat(lines));
    store = new RunStore(directory);
    expect(leaves()).toEqual([]);
    await sweep(store, host);
    expect(store.events(run).map(({ type }) => type)).toEqual(['run.created', 'run.state', 'decision', 'run.state']);
    expect([...store.audit.entries()]).toHaveLength(1);
    expect(readdirSync(folder())).toEqual([]);
  });

  it('is left alone while that program goes on', async () => {
    const journal = journalOf();
    await journal.commit(leave(1));
    using reader = new RunStore(directory);
    await sweep(reader, host);
    expect(readdirSync(folder())).toHaveLength(1);
  });
});
