import type { BaselineLine, Bill, LedgerLine } from '../shared/dto.ts';
import type { JournalEvent, Mark } from '../shared/events.ts';
import { worstMark } from '../shared/worst-mark.ts';
import { baselinesOf, type Baseline } from './baselines.ts';
import { ledgerOf } from './ledger.ts';
import { meteredUse, type MeteredUse, type Session } from './metered-use.ts';
import { cheapest, offersOf } from './offers.ts';
import { prices } from './prices.ts';
import { sparedTokens } from './spared-tokens.ts';

/**
 * The bill of a run: what was metered, what it really cost, and what the same use would have cost on named services. `now` decides
 * only which prices count as old.
 */
export function billOf(run: string, events: readonly JournalEvent[], now: number = Date.now()): Bill {
  const ledger = ledgerOf(events);
  const use = meteredUse(events);
  const real = realCost(ledger);
  const spared = sparedTokens(events);
  const { lines, unpriced } = baselinesOf(use, prices, now);
  const saving = savingOf(lines, use, real.usd);
  return {
    run,
    ledger,
    realCostUsd: real.usd,
    realCostMark: real.mark,
    baselines: lines.map(({ covers: _covers, ...line }): BaselineLine => line),
    ...(saving === undefined || real.mark === 'unknown' ? {} : { saving }),
    ...replayOf(events),
    ...(spared === undefined ? {} : { spared }),
    notCounted: notCounted(use, unpriced),
  };
}

/** What a frozen task did not have to think out again. A replay that failed has spared nothing. */
function replayOf(events: readonly JournalEvent[]): Pick<Bill, 'replay'> {
  const replays = events.find((event) => event.type === 'run.replays');
  if (replays?.type !== 'run.replays' || !events.some((event) => event.type === 'run.state' && event.to === 'done')) return {};
  const { of, tokens, costUsd } = replays;
  return { replay: { of, tokens, ...(costUsd === undefined ? {} : { costUsd }) } };
}

/** A run that used no model has cost nothing: that is known, not assumed. Tokens without a price make the cost unknown, not zero. */
function realCost(ledger: readonly LedgerLine[]): { readonly usd: number; readonly mark: Mark } {
  const costs = ledger.filter((line) => line.meter === 'model.cost_usd');
  const tokens = ledger.some((line) => line.meter.startsWith('model.') && line.meter !== 'model.cost_usd' && line.value > 0);
  if (costs.length === 0) return { usd: 0, mark: tokens ? 'unknown' : 'measured' };
  return { usd: costs.reduce((sum, line) => sum + line.value, 0), mark: worstMark(costs.map(({ mark }) => mark)) };
}

/** Against the cheapest offer that could have done the whole work: one service, or one for the browsers and one for the code. */
function savingOf(lines: readonly Baseline[], use: MeteredUse, realUsd: number): Bill['saving'] {
  const offers = offersOf(lines, { browsers: use.browsers.length > 0, code: use.sandboxes.length > 0 });
  const sum = (offer: readonly Baseline[], of: (line: Baseline) => number) => offer.reduce((usd, line) => usd + of(line), 0);
  const listUsd = (offer: readonly Baseline[]) => sum(offer, (line) => line.listUsd);
  const afterFreeTierUsd = (offer: readonly Baseline[]) => sum(offer, (line) => line.afterFreeTierUsd);
  const atList = cheapest(offers, listUsd);
  const afterFree = cheapest(offers, afterFreeTierUsd);
  if (!atList || !afterFree) return undefined;
  return { against: atList.map(({ service }) => service).join(' with '), listUsd: listUsd(atList) - realUsd, afterFreeTierUsd: afterFreeTierUsd(afterFree) - realUsd };
}

function notCounted(use: MeteredUse, unpriced: readonly string[]): readonly string[] {
  return [
    'electricity and wear of your own computer',
    'your time, on either side',
    'monthly fees and minimum spends of the services',
    'network traffic, storage and logs at the services',
    'cold starts',
    ...(use.mcpServers > 0 ? [`hosting of ${use.mcpServers} MCP server${use.mcpServers === 1 ? '' : 's'}`] : []),
    ...unmeasured('browser', use.browsers), ...unmeasured('sandbox', use.sandboxes),
    ...(use.unmetered > 0 ? [`${use.unmetered} resource${use.unmetered === 1 ? '' : 's'} that left no measurement`] : []),
    ...unpriced.map((service) => `${service}: it bills something that was not measured here`),
  ];
}

/** What this platform could not tell of some of them: it is missing from the ledger, and said to be. */
function unmeasured(what: string, sessions: readonly Session[]): readonly string[] {
  const lacking = ([['CPU time', 'cpuMs'], ['memory', 'memoryBytes']] as const).map(([name, field]) => [name, sessions.filter((session) => session[field] === undefined).length] as const);
  return lacking.filter(([, count]) => count > 0).map(([name, count]) => `${name} of ${count} ${count === 1 ? what : what === 'sandbox' ? 'sandboxes' : `${what}s`}: not measured`);
}
