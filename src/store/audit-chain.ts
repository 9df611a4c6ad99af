import { hash as digest } from 'node:crypto';
import type { DecisionEffect } from '../shared/events.ts';

/** One decision of the gate as the audit log keeps it: it outlives its run's record. `at` is milliseconds since 1970. */
export interface AuditEntry {
  readonly id: number;
  readonly at: number;
  readonly run: string;
  /** The chain file or function that the run came from. */
  readonly source: string;
  readonly action: string;
  readonly effect: DecisionEffect;
  readonly outcome: 'allowed' | 'denied';
  readonly reason: string;
  readonly rule: string;
  /** SHA-256 over the entry before and this one, in hex. */
  readonly hash: string;
}

/** What the first entry is chained to. */
export const auditRoot = '0'.repeat(64);

export function auditHash(previous: string, entry: Omit<AuditEntry, 'hash'>): string {
  const { id, at, run, source, action, effect, outcome, reason, rule } = entry;
  return digest('sha256', JSON.stringify([previous, id, at, run, source, action, effect, outcome, reason, rule]), 'hex');
}

export interface AuditVerdict {
  readonly entries: number;
  /** Id of the first entry that does not follow from the one before; absent where all do. */
  readonly brokenAt?: number;
  /** Hash of the last good entry. Kept elsewhere, it proves later that nothing was cut off the end either. */
  readonly head: string;
}

/** Walks the chain. A changed, removed or inserted entry breaks it at that place; a cut at the very end is for `inspectAudit` to notice. */
export function verifyAudit(entries: Iterable<AuditEntry>): AuditVerdict {
  let head = auditRoot;
  let count = 0;
  for (const entry of entries) {
    if (entry.id !== count + 1 || entry.hash !== auditHash(head, entry)) return { entries: count, brokenAt: entry.id, head };
    head = entry.hash;
    count += 1;
  }
  return { entries: count, head };
}
