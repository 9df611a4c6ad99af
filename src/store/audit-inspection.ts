import { verifyAudit, type AuditEntry, type AuditVerdict } from './audit-chain.ts';
import type { AuditLog } from './audit-log.ts';

export interface AuditReport extends AuditVerdict {
  readonly ok: boolean;
  /** Whether the hash that somebody has noted elsewhere is still there; absent where none was given. */
  readonly headFound?: boolean;
  /** The log once had this many entries, noted at this time (milliseconds since 1970), and the last of them is gone or another one now. */
  readonly cutOff?: { readonly entries: number; readonly at: number };
  /** Decisions in the record of runs that are not in the log. Absent where there are none. */
  readonly missing?: number;
}

/** The chain, and what it cannot show by itself: that its end is gone. Three witnesses: a hash noted elsewhere, the noted head beside the database, and the record of the runs. */
export function inspectAudit(log: AuditLog, noted?: string): AuditReport {
  let found = noted === undefined;
  // Noted before the walk: what other programs add meanwhile is no matter.
  const anchor = log.anchor;
  let kept = anchor === undefined;
  const verdict = verifyAudit(watched(log.entries(), (entry) => {
    found ||= entry.hash === noted;
    kept ||= entry.id === anchor?.id && entry.hash === anchor.hash;
  }));
  const missing = log.missing();
  return {
    ...verdict,
    ok: verdict.brokenAt === undefined && found && kept && missing === 0,
    ...(noted === undefined ? {} : { headFound: found }),
    ...(kept || anchor === undefined ? {} : { cutOff: { entries: anchor.id, at: anchor.at } }),
    ...(missing === 0 ? {} : { missing }),
  };
}

function* watched(entries: Iterable<AuditEntry>, see: (entry: AuditEntry) => void): Generator<AuditEntry> {
  for (const entry of entries) {
    see(entry);
    yield entry;
  }
}

/** All entries as lines of JSON, each with its hash. */
export function* auditLines(log: AuditLog): Generator<string> {
  for (const entry of log.entries()) yield `${JSON.stringify(entry)}\n`;
}
