import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Redactor } from '../../src/policy/redact.ts';
import { Journal } from '../../src/run/journal.ts';
import type { EventBody } from '../../src/shared/events.ts';
import { RunStore } from '../../src/store/run-store.ts';
import type { Row } from '../browser/statistics.ts';

const warmUps = 2000;
const rounds = 20_000;

/** A step as a tool call leaves it. */
const started: EventBody = { type: 'step.started', step: 's_0123456789abcdef', kind: 'tool', name: 'workspace.readFile', input: { json: { path: 'src/shop/cart.ts' } } };
const ended: EventBody = { type: 'step.ended', step: 's_0123456789abcdef', status: 'ok', ms: 1.5, output: { json: 'x'.repeat(200) } };

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(values.length * share) - 1)]!;
}

/** Microseconds of each, in turns: what slows the machine meanwhile slows all of them. */
function timed(works: readonly (() => void)[]): readonly (readonly number[])[] {
  const times = works.map((): number[] => []);
  for (let i = -warmUps; i < rounds; i++) {
    for (const [at, work] of works.entries()) {
      const began = performance.now();
      work();
      if (i >= 0) times[at]!.push((performance.now() - began) * 1000);
    }
  }
  return times;
}

/** One event on disk before `append` returns, and a pair of which the first waits for the second, beside the plainest insert that SQLite can do. */
export async function journalCosts(): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'ia-bench-trace-'));
  try {
    using store = new RunStore(folder);
    const host = { pid: process.pid, start: 'bench' };
    const journal = new Journal({ run: 'run_bench', store, host, redactor: new Redactor() });
    journal.append({ type: 'run.created', kind: 'chain', title: 'Bench', source: 'bench.ts', workspace: folder, input: { json: null }, grants: [], budget: {}, host, version: '0.0.0' });
    const floor = insertFloor(folder);
    const [plain = [], one = [], pairs = []] = timed([floor.insert, () => journal.append(started), () => {
      journal.defer(started);
      journal.append(ended);
    }]);
    const pair = pairs.map((microseconds) => microseconds / 2);
    floor.close();
    const rows = ([['p50', 0.5], ['p99', 0.99]] as const).flatMap(([name, share]) => ([['an event by itself', one], ['an event of a pair in one transaction', pair]] as const).map(([bench, times]): Row => {
      const [ours, peer] = [percentile(times, share), percentile(plain, share)];
      return { bench: `journal: ${bench}, ${name}`, unit: 'µs', ours, peer, peerName: 'node:sqlite, one insert, one transaction', ratio: ours / peer, n: rounds };
    }));
    return rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same bytes into the same kind of table, with nothing redacted, chained or counted. */
function insertFloor(folder: string): { readonly insert: () => void; readonly close: () => void } {
  const db = new DatabaseSync(join(folder, 'floor.db'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 2000; CREATE TABLE events (run TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, type TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (run, seq)) STRICT, WITHOUT ROWID');
  const statement = db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?)');
  let seq = 0;
  return { insert: () => void statement.run('run_bench', ++seq, Date.now(), started.type, JSON.stringify(started)), close: () => db.close() };
}
