import type { LedgerLine } from '../shared/dto.ts';
import type { JournalEvent } from '../shared/events.ts';
import { isPeakMeter, unitOf } from '../shared/meters.ts';

/**
 * One line per meter and mark, in the order in which the meters first appear: sums, for peaks the largest single one. Figures of
 * different marks stay apart, so that an estimate never hides in a measured sum.
 */
export function ledgerOf(events: readonly JournalEvent[]): readonly LedgerLine[] {
  const lines = new Map<string, { readonly line: LedgerLine; readonly sources: Set<string> }>();
  for (const event of events) {
    if (event.type !== 'meter') continue;
    const { meter, mark, value, source } = event;
    const key = `${meter} ${mark}`;
    const before = lines.get(key);
    const sources = (before?.sources ?? new Set<string>()).add(source);
    const sum = before === undefined ? value : isPeakMeter(meter) ? Math.max(before.line.value, value) : before.line.value + value;
    lines.set(key, { line: { meter, value: sum, unit: unitOf(meter), mark, source }, sources });
  }
  return [...lines.values()].map(({ line, sources }) => ({ ...line, source: [...sources].join('; ') }));
}
