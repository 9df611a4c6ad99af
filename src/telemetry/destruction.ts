import type { DestructionReport, LeaseReport } from '../shared/dto.ts';
import type { JournalEvent } from '../shared/events.ts';

/**
 * What a run created and how each of it was destroyed, in order of creation. Where a lease was destroyed twice (at the end of the
 * run and again by the sweep of the next start), the later finding counts.
 */
export function destructionOf(events: readonly JournalEvent[]): DestructionReport {
  const leases = new Map<string, LeaseReport>();
  for (const event of events) {
    if (event.type === 'lease.created') {
      leases.set(event.lease, { id: event.lease, kind: event.kind, label: event.label, createdAt: event.at, verified: false, how: 'not destroyed yet' });
    } else if (event.type === 'lease.destroyed') {
      const created = leases.get(event.lease);
      if (!created) continue;
      const { error: _earlier, ...rest } = created;
      leases.set(event.lease, { ...rest, destroyedAt: event.at, verified: event.verified, how: event.how, ...(event.error ? { error: event.error } : {}) });
    }
  }
  const reports = [...leases.values()];
  return { leases: reports, clean: reports.every((lease) => lease.destroyedAt !== undefined && lease.verified) };
}
