import type { NanoUsd, RunRecord, ServiceTotal } from '../../shared/usage-report.ts';
import { isStale } from '../../shared/price-age.ts';
import { workFor } from '../baselines.ts';
import { priceSessions, type Piece } from '../price-sessions.ts';
import type { PriceRow } from '../prices.ts';
import { toNano } from './nano-usd.ts';

export interface PricedService {
  readonly total: ServiceTotal;
  /** List price of each run that the service could have done. */
  readonly byRun: ReadonlyMap<string, NanoUsd>;
  /** What the free allowance takes off in each month (`2026-11`) or day (`2026-11-22`), not negative. */
  readonly free: readonly { readonly period: string; readonly nanoUsd: NanoUsd }[];
}

/** What each service would have charged for the runs. Services that could have done nothing of them are left out. */
export function priceRecords(records: readonly RunRecord[], rows: readonly PriceRow[], now: number): readonly PricedService[] {
  return rows.map((row) => priceWith(row, records, now)).filter(({ total }) => total.runs + total.unpricedRuns > 0);
}

function priceWith(row: PriceRow, records: readonly RunRecord[], now: number): PricedService {
  const byRun = new Map<string, NanoUsd>();
  const priced: Piece[] = [];
  const periods = new Map<string, { readonly pieces: Piece[]; listNano: NanoUsd }>();
  let unpricedRuns = 0;
  let measured = true;
  for (const record of records) {
    const work = workFor(row.covers, record);
    if (work.pieces.length === 0) continue;
    const price = priceSessions(row, work.pieces);
    if (!price) {
      unpricedRuns += 1;
      continue;
    }
    measured &&= work.measured;
    for (const piece of work.pieces) priced.push(piece);
    const listNano = toNano(price.listUsd);
    byRun.set(record.run, listNano);
    const key = periodOf(record, row);
    const period = periods.get(key) ?? { pieces: [], listNano: 0 };
    periods.set(key, period);
    period.pieces.push(...work.pieces);
    period.listNano += listNano;
  }
  // The allowance is one for all the runs of a month, and not one for each.
  const free = row.free === undefined ? [] : [...periods].map(([period, { pieces, listNano }]) => ({ period, nanoUsd: Math.max(0, listNano - toNano(priceSessions(row, pieces)?.afterFreeTierUsd ?? 0)) }));
  const listNanoUsd = [...byRun.values()].reduce((sum, nano) => sum + nano, 0);
  const { service, covers, region, source, asOf, note } = row;
  return {
    byRun, free,
    total: {
      service, covers, region, work: workOf(priced), formula: priceSessions(row, priced)?.formula ?? '', free: free.filter(({ nanoUsd }) => nanoUsd > 0), runs: byRun.size, unpricedRuns, listNanoUsd, afterFreeNanoUsd: listNanoUsd - free.reduce((sum, { nanoUsd }) => sum + nanoUsd, 0),
      mark: row.mark === 'confirmed' && measured ? 'computed' : 'estimated', source, asOf, stale: isStale(asOf, now), ...(note === undefined ? {} : { note }),
    },
  };
}

function workOf(pieces: readonly Piece[]): string {
  return (['browser', 'code'] as const).flatMap((kind) => {
    const count = pieces.filter((piece) => piece.kind === kind).length;
    const name = kind === 'browser' ? 'browser session' : 'code run';
    return count === 0 ? [] : [`${count} ${name}${count === 1 ? '' : 's'}`];
  }).join(', ');
}

function periodOf({ createdAt }: RunRecord, { free }: PriceRow): string {
  return new Date(createdAt).toISOString().slice(0, free?.every === 'day' ? 10 : 7);
}
