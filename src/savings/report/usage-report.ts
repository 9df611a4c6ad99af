import { priceTableDate } from '../../models/prices.ts';
import type { Mark } from '../../shared/events.ts';
import { isStale, oldPrices } from '../../shared/price-age.ts';
import type { MarkedCost, RunRecord, ServiceTotal, UsageReport } from '../../shared/usage-report.ts';
import { cheapest, offersOf } from '../offers.ts';
import { prices, type PriceRow } from '../prices.ts';
import { byDay, byMachine, byModel, byMonth, bySource, byTool, costOf, dayOf, hasFailed, isUnpriced, percentiles, type SavedBy } from './breakdowns.ts';
import { toNano } from './nano-usd.ts';
import { priceRecords, type PricedService } from './price-records.ts';

/** What only the person can say; nothing of it is assumed. */
export interface ReportAssumptions {
  /** Subscriptions that they would have bought otherwise. */
  readonly subscriptions?: readonly { readonly name: string; readonly usdPerMonth: number }[];
  /** Seconds that they would have waited for each cold start of a hosted browser or function. */
  readonly secondsPerColdStart?: number;
}

export interface BuiltReport {
  readonly report: UsageReport;
  readonly services: readonly PricedService[];
}

/** Adds up records of one machine or of several. `now` decides only which prices count as old. */
export function buildReport(records: readonly RunRecord[], assumptions: ReportAssumptions = {}, now: number = Date.now(), rows: readonly PriceRow[] = prices): BuiltReport {
  const services = priceRecords(records, rows, now);
  const totals = services.map(({ total }) => total);
  const costs = costsByMark(records);
  const costNanoUsd = costs.reduce((sum, { nanoUsd }) => sum + nanoUsd, 0);
  const days = records.map(dayOf).sort();
  const sum = (of: (record: RunRecord) => number) => records.reduce((total, record) => total + of(record), 0);
  const tokens = (of: (model: RunRecord['models'][number]) => number) => sum(({ models }) => models.reduce((total, model) => total + of(model), 0));
  const browserSessions = sum(({ browsers }) => browsers.length);
  const codeRuns = sum(({ sandboxes }) => sandboxes.length);
  const unpricedRuns = records.filter(isUnpriced).length;
  const saved = unpricedRuns > 0 ? undefined : savingOf(totals, { browsers: browserSessions > 0, code: codeRuns > 0 }, costNanoUsd);
  const savedBy = saved && savedByRun(services.filter(({ total }) => saved.offer.includes(total)));
  const months = new Set(days.map((day) => day.slice(0, 7))).size;
  const report: UsageReport = {
    machines: [...new Set(records.map(({ machine }) => machine))].sort(),
    ...(days.length === 0 ? {} : { from: days[0]!, to: days.at(-1)! }),
    runs: records.length, states: countBy(records, ({ state }) => state), errors: records.filter(hasFailed).length, latency: percentiles(records.flatMap(({ durationMs }) => durationMs ?? [])), costs, costNanoUsd, unpricedRuns, browserSessions, codeRuns,
    inputTokens: tokens((model) => model.inputTokens), cachedTokens: tokens((model) => model.cachedTokens), outputTokens: tokens((model) => model.outputTokens),
    asks: sum(({ asks }) => asks), egressBytes: sum((record) => record.egressBytes),
    services: totals, ...(saved === undefined ? {} : { saving: saved.saving }),
    ...replaysOf(records),
    ...sparedOf(records),
    subscriptions: (assumptions.subscriptions ?? []).map(({ name, usdPerMonth }) => ({ name, months, nanoUsd: months * toNano(usdPerMonth) })),
    ...(assumptions.secondsPerColdStart === undefined ? {} : { waits: { count: browserSessions + codeRuns, secondsEach: assumptions.secondsPerColdStart } }),
    byDay: byDay(records, savedBy), byMonth: byMonth(records, savedBy), byMachine: byMachine(records, savedBy), byModel: byModel(records), byTool: byTool(records), bySource: bySource(records, savedBy), top: dearest(records),
    assumptions: assumptionsOf(totals, assumptions, records, now), notCounted,
  };
  return { report, services };
}

const notCounted: readonly string[] = [
  'electricity and wear of the computers that ran this',
  'working time, on either side',
  'monthly fees and minimum spends of the services',
  'network traffic, storage and logs at the services',
];

function savingOf(totals: readonly ServiceTotal[], work: { readonly browsers: boolean; readonly code: boolean }, costNanoUsd: number): { readonly saving: NonNullable<UsageReport['saving']>; /** The cheapest at list price. */ readonly offer: readonly ServiceTotal[] } | undefined {
  if (!work.browsers && !work.code) return undefined;
  const offers = offersOf(totals.filter(({ unpricedRuns }) => unpricedRuns === 0), work);
  const list = (offer: readonly ServiceTotal[]) => offer.reduce((sum, { listNanoUsd }) => sum + listNanoUsd, 0);
  const afterFree = (offer: readonly ServiceTotal[]) => offer.reduce((sum, { afterFreeNanoUsd }) => sum + afterFreeNanoUsd, 0);
  const names = (offer: readonly ServiceTotal[]) => offer.map(({ service }) => service).join(' with ');
  const atList = cheapest(offers, list);
  const free = cheapest(offers, afterFree);
  if (!atList || !free) return undefined;
  return { offer: atList, saving: { against: names(atList), listNanoUsd: list(atList) - costNanoUsd, againstAfterFree: names(free), afterFreeNanoUsd: afterFree(free) - costNanoUsd } };
}

/** What each run has saved against the one offer of the report: the parts add up to the whole. */
function savedByRun(offer: readonly PricedService[]): SavedBy {
  return ({ run, models }) => offer.reduce((sum, { byRun }) => sum + (byRun.get(run) ?? 0), 0) - costOf(models);
}

function replaysOf(records: readonly RunRecord[]): Pick<UsageReport, 'replays'> {
  const replays = records.flatMap(({ replay }) => replay ?? []);
  const sum = (of: (replay: (typeof replays)[number]) => number) => replays.reduce((total, replay) => total + of(replay), 0);
  if (replays.length === 0) return {};
  return { replays: { runs: replays.length, tokens: sum(({ tokens }) => tokens), nanoUsd: sum(({ nanoUsd = 0 }) => nanoUsd), unpriced: sum(({ nanoUsd }) => (nanoUsd === undefined ? 1 : 0)) } };
}

function sparedOf(records: readonly RunRecord[]): Pick<UsageReport, 'spared'> {
  const all = records.flatMap(({ spared }) => spared ?? []);
  if (all.length === 0) return {};
  const sum = (of: (spared: (typeof all)[number]) => number) => all.reduce((total, spared) => total + of(spared), 0);
  return { spared: { runs: all.length, resultTokens: sum(({ resultTokens }) => resultTokens), definitionTokens: sum(({ definitionTokens = 0 }) => definitionTokens), unrecorded: all.filter((spared) => spared.definitionTokens === undefined).length } };
}

function costsByMark(records: readonly RunRecord[]): readonly MarkedCost[] {
  const sums = new Map<Mark, number>();
  for (const { models } of records) for (const { costs } of models) for (const { mark, nanoUsd } of costs) sums.set(mark, (sums.get(mark) ?? 0) + nanoUsd);
  return [...sums].map(([mark, nanoUsd]) => ({ mark, nanoUsd }));
}

function countBy(records: readonly RunRecord[], key: (record: RunRecord) => string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const record of records) counts[key(record)] = (counts[key(record)] ?? 0) + 1;
  return counts;
}

function dearest(records: readonly RunRecord[]): UsageReport['top'] {
  return records.map(({ run, machine, title, models }) => ({ run, machine, title, nanoUsd: costOf(models) })).filter(({ nanoUsd }) => nanoUsd > 0).sort((a, b) => b.nanoUsd - a.nanoUsd).slice(0, 10);
}

function assumptionsOf(totals: readonly ServiceTotal[], { subscriptions, secondsPerColdStart }: ReportAssumptions, records: readonly RunRecord[], now: number): readonly string[] {
  const machines = new Set(records.map(({ machine }) => machine)).size;
  const unpriced = totals.filter(({ unpricedRuns }) => unpricedRuns > 0).map(({ service, unpricedRuns }) => `${service} (${unpricedRuns})`);
  return [
    'Each browser and each sandbox is priced by itself, with the minimum and the rounding of the service.',
    `Free allowances are applied once for each month or day${machines > 1 ? `, as if the ${machines} machines had one account` : ''}, and as if nothing else had used them.`,
    'Code inside a browser session costs nothing more at services that can hold both, while the browser is open.',
    ...(records.some(({ models }) => models.length > 0) ? ['What models cost is in the real cost and not in the prices of services, although the same requests would have to be paid there too: it makes the saving smaller, never larger.'] : []),
    'Amounts are rounded to billionths of a dollar, once for each run.',
    'Days and months are those of UTC.',
    ...oldPrices(totals),
    ...(isStale(priceTableDate, now) && records.some(({ models }) => models.some(({ costs }) => costs.some(({ mark }) => mark === 'computed'))) ? [`List prices of models are those of ${priceTableDate}, more than 60 days ago.`] : []),
    ...(unpriced.length > 0 ? [`Not priced, because something that the service bills was not measured (runs): ${unpriced.join(', ')}.`] : []),
    ...(records.some(({ spared }) => spared !== undefined) ? ['Tokens kept out of the context are counterfactual and estimated at four characters a token: against an agent that is told of every connected tool with each request, and has each result in its context once. They are not in the saving.'] : []),
    ...(subscriptions !== undefined && subscriptions.length > 0 ? ['Subscriptions are those that you named as what you would have bought; they are not in the saving.'] : []),
    ...(secondsPerColdStart === undefined ? [] : [`Waiting is the number of sandboxes and browsers, times the ${secondsPerColdStart} s that you have set; it is not turned into money.`]),
  ];
}
