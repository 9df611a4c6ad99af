import type { BaselineLine, Bill, LedgerLine } from '../shared/dto.ts';
import type { JournalEvent, Mark } from '../shared/events.ts';
import { baselinesOf, type Baseline } from './baselines.ts';
import { ledgerOf } from './ledger.ts';
import { meteredUse, type MeteredUse } from './metered-use.ts';
import { prices } from './prices.ts';

/**
 * The bill of a run: what was metered, what it really cost, and what the same use would have cost on named services. `now` decides
 * only which prices count as old.
 */
export function billOf(run: string, events: readonly JournalEvent[], now: number = Date.now()): Bill {
  const ledger = ledgerOf(events);
  const use = meteredUse(events);
  const real = realCost(ledger);
  const { lines, unpriced } = baselinesOf(use, prices, now);
  const saving = savingOf(lines, use, real.usd);
  return {
    run,
    ledger,
    realCostUsd: real.usd,
    realCostMark: real.mark,
    baselines: lines.map(({ covers: _covers, ...line }): BaselineLine => line),
    ...(saving === undefined || real.mark === 'unknown' ? {} : { saving }),
    notCounted: notCounted(use, unpriced),
  };
}

/** A run that used no model has cost nothing: that is known, not assumed. Tokens without a price make the cost unknown, not zero. */
function realCost(ledger: readonly LedgerLine[]): { readonly usd: number; readonly mark: Mark } {
  const costs = ledger.filter((line) => line.meter === 'model.cost_usd');
  const tokens = ledger.some((line) => line.meter.startsWith('model.') && line.meter !== 'model.cost_usd' && line.value > 0);
  if (costs.length === 0) return { usd: 0, mark: tokens ? 'unknown' : 'measured' };
  const order: readonly Mark[] = ['measured', 'billed', 'computed', 'estimated', 'unknown'];
  const worst = costs.reduce((mark, line) => (order.indexOf(line.mark) > order.indexOf(mark) ? line.mark : mark), 'measured' as Mark);
  return { usd: costs.reduce((sum, line) => sum + line.value, 0), mark: worst };
}

/** Against the cheapest offer that could have done the whole work: one service, or one for the browsers and one for the code. */
function savingOf(lines: readonly Baseline[], use: MeteredUse, realUsd: number): Bill['saving'] {
  const offers = offersFor(lines, use);
  const cheapest = minimum(offers, (offer) => offer.listUsd);
  const cheapestAfterFree = minimum(offers, (offer) => offer.afterFreeTierUsd);
  if (!cheapest || !cheapestAfterFree) return undefined;
  return { against: cheapest.service, listUsd: cheapest.listUsd - realUsd, afterFreeTierUsd: cheapestAfterFree.afterFreeTierUsd - realUsd };
}

type Offer = Pick<Baseline, 'service' | 'listUsd' | 'afterFreeTierUsd'>;

function offersFor(lines: readonly Baseline[], use: MeteredUse): readonly Offer[] {
  const covering = (covers: Baseline['covers']) => lines.filter((line) => line.covers === covers);
  const whole: readonly Offer[] = covering('all');
  if (use.sandboxes.length === 0) return [...whole, ...covering('browser')];
  if (use.browsers.length === 0) return [...whole, ...covering('code')];
  const pairs = covering('browser').flatMap((browser) => covering('code').map((code) => ({
    service: `${browser.service} with ${code.service}`,
    listUsd: browser.listUsd + code.listUsd,
    afterFreeTierUsd: browser.afterFreeTierUsd + code.afterFreeTierUsd,
  })));
  return [...whole, ...pairs];
}

function minimum<T>(items: readonly T[], of: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>((best, item) => (best === undefined || of(item) < of(best) ? item : best), undefined);
}

function notCounted(use: MeteredUse, unpriced: readonly string[]): readonly string[] {
  return [
    'electricity and wear of your own computer',
    'your time, on either side',
    'monthly fees and minimum spends of the services',
    'network traffic, storage and logs at the services',
    'cold starts',
    ...(use.mcpServers > 0 ? [`hosting of ${use.mcpServers} MCP server${use.mcpServers === 1 ? '' : 's'}`] : []),
    ...(use.unmetered > 0 ? [`${use.unmetered} resource${use.unmetered === 1 ? '' : 's'} that left no measurement`] : []),
    ...unpriced.map((service) => `${service}: it bills something that was not measured here`),
  ];
}
