import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { JournalEvent } from '../../../src/shared/events.ts';
import { databaseName } from '../../../src/store/database.ts';
import { rowOf } from '../../../src/store/event-row.ts';
import { migrations } from '../../../src/store/migrations.ts';
import { RunStore } from '../../../src/store/run-store.ts';

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'migrations-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const host = { pid: 1, start: 'x' };
const log = (run: string, seq: number, message: string): JournalEvent => ({ run, seq, at: seq, type: 'run.log', level: 'info', message });

it('a database of any earlier version is brought up to date with every event in it', () => {
  const version = migrations.findIndex((step) => step.includes('events_in_rows'));
  expect(version).toBeGreaterThan(0);
  const old = new DatabaseSync(join(directory, databaseName));
  for (const step of migrations.slice(0, version)) old.exec(step);
  old.exec(`PRAGMA user_version = ${version}`);
  const insert = old.prepare('INSERT INTO events (run, seq, at, type, body) VALUES (?, ?, ?, ?, ?)');
  const events = ['run_b', 'run_a'].flatMap((run) => [3, 1, 2].map((seq) => log(run, seq, `${run} ${seq} ${'x'.repeat(seq * 900)}`)));
  for (const event of events) insert.run(event.run, ...rowOf(event));
  old.close();
  using store = new RunStore(directory);
  for (const run of ['run_a', 'run_b']) expect(store.events(run)).toEqual(events.filter((event) => event.run === run).toSorted((a, b) => a.seq - b.seq));
  // Numbers of a run are still given once only.
  expect(() => store.append([log('run_a', 3, 'again')], host)).toThrow('UNIQUE');
});

it('an event of a kilobyte takes little more than that on disk', () => {
  using store = new RunStore(directory);
  store.append([{ type: 'run.created', kind: 'chain', title: 'x', source: 'x.ts', workspace: '/w', input: { json: null }, grants: [], budget: {}, host, version: '0', run: 'run_a', seq: 1, at: 1 }], host);
  const count = 2000;
  store.append(Array.from({ length: count }, (_, i) => log('run_a', i + 2, 'x'.repeat(1250))), host);
  const bytes = readdirSync(directory).filter((name) => name.startsWith(databaseName)).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
  expect(bytes / count).toBeLessThan(2000);
});
