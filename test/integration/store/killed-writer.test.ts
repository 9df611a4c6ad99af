import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditRoot, verifyAudit } from '../../../src/store/audit-chain.ts';
import { databaseName } from '../../../src/store/database.ts';
import { RunStore } from '../../../src/store/run-store.ts';
import type { JournalEvent } from '../../../src/shared/events.ts';
import { sampled } from '../../helpers/depth.ts';

const writer = join(import.meta.dirname, '../../fixtures/store/acknowledging-writer.ts');
let directory: string;
beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'killed-writer-'))));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Kills after these many acknowledged events and a part of the next: any moment of a transaction, of a blob, of a move of the log into the database. */
let seed = 20261123;
const random = () => (seed = (seed * 1103515245 + 12345) % 2 ** 31) / 2 ** 31;
const points = Array.from({ length: 50 }, (_, point) => ({ point, after: 5 + Math.floor(random() * 900), microseconds: Math.floor(random() * 1500) }));

/** The last number that arrived before the end. */
async function killedAfter(run: string, after: number, microseconds: number): Promise<number> {
  const child = spawn(process.execPath, [writer, directory, run], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  let acknowledged = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    const lines = text.split('\n');
    // A number that the kill cut in two is no acknowledgement.
    text = lines.pop() ?? '';
    acknowledged = Number(lines.at(-1) ?? acknowledged);
    if (acknowledged < after || child.killed) return;
    const until = performance.now() + microseconds / 1000;
    while (performance.now() < until);
    child.kill('SIGKILL');
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  return acknowledged;
}

const numberOf = (event: JournalEvent): number | undefined => {
  if (event.type === 'run.log') return Number(event.message);
  if (event.type === 'meter') return event.value;
  if (event.type === 'decision') return Number(/\d+/.exec(event.action)?.[0]);
  return event.type === 'step.started' ? Number(event.step.slice(2)) : undefined;
};

let head = auditRoot;

describe('a program that is killed while it writes 2,000 events a second', () => {
  it.each(sampled(points, 8))('has each acknowledged event on record, none twice, and the database opens (point $point, after $after events)', async ({ point, after, microseconds }) => {
    const acknowledged = await killedAfter(String(point), after, microseconds);
    expect(acknowledged).toBeGreaterThanOrEqual(after);
    using store = new RunStore(directory);
    expect(store.movedAside).toBeUndefined();
    const events = store.events(`run_${point}`, 0, 1_000_000);
    const numbers = events.flatMap((event) => numberOf(event) ?? []);
    // What was deferred behind the last acknowledged event may be on record or not; there is no gap in front of it.
    expect(numbers).toEqual(numbers.map((_number, index) => index + 1));
    expect(numbers.length).toBeGreaterThanOrEqual(acknowledged);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
    expect(store.run(`run_${point}`).events).toBe(events.length);
    for (const event of events) if (event.type === 'step.started' && event.input && 'blob' in event.input) expect((await store.blobs.read(event.input.blob))?.length).toBe(event.input.bytes);
    const verdict = verifyAudit(store.audit.entries());
    expect(verdict.brokenAt).toBeUndefined();
    expect([...store.audit.entries()].filter(({ run }) => run === `run_${point}`)).toHaveLength(events.filter(({ type }) => type === 'decision').length);
    // What was proven before is still the beginning.
    expect(head === auditRoot || [...store.audit.entries()].some(({ hash }) => hash === head)).toBe(true);
    head = verdict.head;
  });

  it('leaves a database without a fault', () => {
    using database = { db: new DatabaseSync(join(directory, databaseName)), [Symbol.dispose]() { this.db.close(); } };
    expect(database.db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  });
});
