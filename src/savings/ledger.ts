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
  return [...[...lines.values()].map(({ line, sources }) => ({ ...line, source: [...sources].join('; ') })), ...memoryOverTime(events)];
}

const held = ['sandbox', 'browser', 'mcp'] as const;

/**
 * GB-seconds (of 2^30 bytes) of what was held: the duration of each times its largest memory, which is the most that it can have been. One of which the one
 * or the other was not measured is left out, and the line says so.
 */
function memoryOverTime(events: readonly JournalEvent[]): readonly LedgerLine[] {
  return held.flatMap((kind): readonly LedgerLine[] => {
    const each = new Map<string, { wallMs?: number; bytes?: number }>();
    for (const event of events) {
      if (event.type !== 'meter' || event.mark === 'unknown') continue;
      const key = event.lease ?? event.step ?? '';
      const seen = each.get(key) ?? {};
      if (event.meter === `${kind}.wall_ms`) each.set(key, { ...seen, wallMs: (seen.wallMs ?? 0) + event.value });
      else if (event.meter === `${kind}.memory_bytes`) each.set(key, { ...seen, bytes: Math.max(seen.bytes ?? 0, event.value) });
    }
    const known = [...each.values()].flatMap(({ wallMs, bytes }) => (wallMs === undefined || bytes === undefined ? [] : [(wallMs / 1000) * (bytes / 2 ** 30)]));
    const without = each.size - known.length;
    if (known.length === 0) return [];
    const source = `duration × largest memory of each, the most that it can be${without === 0 ? '' : `; ${without} not measured`}`;
    return [{ meter: `${kind}.gb_seconds`, value: known.reduce((sum, value) => sum + value, 0), unit: 'GB-s', mark: 'estimated', source }];
  });
}
