import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditLines, inspectAudit } from '../../../src/store/audit-inspection.ts';
import { verifyAudit, type AuditEntry } from '../../../src/store/audit-chain.ts';
import type { EventBody } from '../../../src/shared/events.ts';
import { RunStore } from '../../../src/store/run-store.ts';

const host = { pid: 1, start: 'a' };
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'audit-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function decide(run: string, count: number): void {
  using store = new RunStore(directory);
  const bodies: EventBody[] = [
    { type: 'run.created', kind: 'chain', title: run, source: 'shop.ts', workspace: '/w', input: { json: null }, grants: [], budget: {}, host, version: '0' },
    ...Array.from({ length: count }, (_, i): EventBody => ({ type: 'decision', action: `net https://${i}.example`, effect: 'deny', outcome: 'denied', reason: 'No grant.' })),
    { type: 'run.state', from: 'queued', to: 'cancelled' },
  ];
  store.append(bodies.map((body, i) => ({ ...body, run, seq: i + 1, at: i })), host);
}
const verify = () => {
  using store = new RunStore(directory);
  return verifyAudit(store.audit.entries());
};
const inspect = (noted?: string) => {
  using store = new RunStore(directory);
  return inspectAudit(store.audit, noted);
};
const tamper = (sql: string) => {
  const db = new DatabaseSync(join(directory, 'assassin.db'));
  db.exec(sql);
  db.close();
};

describe('the audit log', () => {
  it('holds every decision of every run in one chain, and keeps it when the run is deleted', () => {
    decide('run_1', 1500);
    decide('run_2', 2);
    using store = new RunStore(directory);
    store.deleteRun('run_1');
    expect(verify()).toMatchObject({ entries: 1502 });
    expect([...store.audit.entries()].at(-1)).toMatchObject({ run: 'run_2', source: 'shop.ts', action: 'net https://1.example', outcome: 'denied' });
  });

  it.each([
    ['changed', `UPDATE audit SET outcome = 'allowed' WHERE id = 3`, 3],
    ['removed', 'DELETE FROM audit WHERE id = 3', 4],
    ['removed, with the rest numbered anew,', 'DELETE FROM audit WHERE id = 3; UPDATE audit SET id = 3 WHERE id = 4', 3],
    ['inserted', `INSERT INTO audit SELECT 6, at, run, source, action, effect, outcome, reason, rule, hash FROM audit WHERE id = 5`, 6],
  ])('shows where an entry was %s', (_what, sql, brokenAt) => {
    decide('run_1', 5);
    tamper(sql);
    expect(verify()).toMatchObject({ brokenAt });
  });

  it('shows by its head that the end was cut off', () => {
    decide('run_1', 5);
    const { head } = verify();
    tamper('DELETE FROM audit WHERE id = 5');
    expect(verify().brokenAt).toBeUndefined();
    expect(verify().head).not.toBe(head);
  });

  it('shows that its end is gone by what the runs have on record', () => {
    decide('run_1', 5);
    decide('run_2', 3);
    tamper('DELETE FROM audit WHERE id > 6');
    rmSync(join(directory, 'audit-head.json'));
    expect(inspect()).toMatchObject({ ok: false, entries: 6, missing: 2 });
  });

  it.each([
    ['the end is gone with the run', 'DELETE FROM audit WHERE id > 3', 3],
    ['all of it is gone', 'DELETE FROM audit', 0],
    ['another end was made that follows as well', 'DELETE FROM audit WHERE id > 3', 5],
  ])('shows by the head noted beside it that %s', (_what, sql, entries) => {
    decide('run_1', 5);
    const { head } = verify();
    {
      using store = new RunStore(directory);
      store.deleteRun('run_1');
    }
    tamper(sql);
    if (entries === 5) decide('run_2', 2);
    expect(inspect()).toMatchObject({ ok: false, entries, cutOff: { entries: 5 } });
    expect(inspect(head)).toMatchObject({ ok: false, headFound: false });
    // Whoever goes on writing does not cover it up.
    decide('run_3', 10);
    expect(inspect()).toMatchObject({ ok: false, cutOff: { entries: 5 } });
  });

  it('notes its head behind what is written and never ahead of it, so that one that was killed leaves a whole log', () => {
    decide('run_1', 5);
    const store = new RunStore(directory);
    store.append([{ type: 'decision', action: 'browser', effect: 'deny', outcome: 'denied', reason: 'No grant.', run: 'run_1', seq: 8, at: 1 }], host);
    expect(store.audit.anchor).toMatchObject({ id: 5 });
    expect(inspect()).toMatchObject({ ok: true, entries: 6 });
    store[Symbol.dispose]();
    expect(inspect()).toMatchObject({ ok: true, entries: 6 });
    tamper('DELETE FROM audit WHERE id = 6');
    expect(inspect()).toMatchObject({ ok: false, missing: 1, cutOff: { entries: 6 } });
  });

  it('begins anew with the database: one that was damaged takes its noted head with it', () => {
    decide('run_1', 5);
    writeFileSync(join(directory, 'assassin.db'), 'This is no database.'.repeat(500));
    for (const suffix of ['-wal', '-shm']) rmSync(join(directory, `assassin.db${suffix}`), { force: true });
    decide('run_2', 2);
    expect(inspect()).toMatchObject({ ok: true, entries: 2 });
  });

  it('is exported as lines that can be verified elsewhere', () => {
    decide('run_1', 3);
    using store = new RunStore(directory);
    expect(verifyAudit([...auditLines(store.audit)].map((line) => JSON.parse(line) as AuditEntry))).toMatchObject({ entries: 3, head: verify().head });
  });

  it('stays one chain when two windows decide by turns, and when a transaction with a decision fails', () => {
    using here = new RunStore(directory);
    using elsewhere = new RunStore(directory);
    const decision = (run: string, seq: number) => ({ type: 'decision', action: `browser ${seq}`, effect: 'allow', outcome: 'allowed', reason: 'Granted.', run, seq, at: seq } as const);
    const windows = [['run_here', here], ['run_elsewhere', elsewhere]] as const;
    for (const [run, store] of windows) store.append([{ type: 'run.created', kind: 'chain', title: run, source: 'w.ts', workspace: '/w', input: { json: null }, grants: [], budget: {}, host, version: '0', run, seq: 1, at: 1 }], host);
    for (const seq of [2, 3, 4, 5]) for (const [run, store] of windows) store.append(seq % 2 === 0 ? [decision(run, seq * 10), decision(run, seq * 10 + 1)] : [decision(run, seq * 10)], host);
    // The number of an event is taken: its decision is in no log, and the next one follows from the one before.
    expect(() => here.append([decision('run_here', 60), decision('run_here', 60)], host)).toThrow('UNIQUE');
    expect(() => here.append([decision('run_here', 61), { type: 'lease.created', lease: 'l_1', kind: 'sandbox', label: 'x', identity: {}, run: 'run_here', seq: 61, at: 1 }], host)).toThrow('UNIQUE');
    for (const [run, store] of windows) store.append([decision(run, 70)], host);
    expect(verifyAudit(here.audit.entries())).toMatchObject({ entries: 14 });
    expect(verifyAudit(here.audit.entries()).brokenAt).toBeUndefined();
    expect(here.audit.missing()).toBe(0);
  });

  it('stays one chain when several programs decide at once', async () => {
    const writer = join(import.meta.dirname, '../../fixtures/store/decider.ts');
    await Promise.all(['a', 'b', 'c'].map((name) => promisify(execFile)(process.execPath, [writer, directory, name, '100'])));
    expect(inspect()).toMatchObject({ ok: true, entries: 300 });
  });
});
