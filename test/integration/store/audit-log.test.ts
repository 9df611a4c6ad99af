import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../../src/store/audit-chain.ts';
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

  it('stays one chain when several programs decide at once', async () => {
    const writer = join(import.meta.dirname, '../../fixtures/store/decider.ts');
    await Promise.all(['a', 'b', 'c'].map((name) => promisify(execFile)(process.execPath, [writer, directory, name, '100'])));
    expect(verify()).toMatchObject({ entries: 300 });
    expect(verify().brokenAt).toBeUndefined();
  });
});
