import type { Mark } from '../../shared/events.ts';
import type { BreakdownRow, ModelRecord, Percentiles, RunRecord } from '../../shared/usage-report.ts';

interface Draft {
  count: number;
  errors: number;
  readonly ms: number[];
  readonly costs: Map<Mark, number>;
  unpriced: number;
  saved: number | undefined;
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
}

type Breakdown = Map<string, Draft>;

/** What a run has saved. */
export type SavedBy = (record: RunRecord) => number;

export const dayOf = ({ createdAt }: Pick<RunRecord, 'createdAt'>): string => new Date(createdAt).toISOString().slice(0, 10);

export function costOf(models: readonly ModelRecord[]): number {
  return models.reduce((sum, { costs }) => sum + costs.reduce((part, { nanoUsd }) => part + nanoUsd, 0), 0);
}

export function isUnpriced({ models }: RunRecord): boolean {
  return models.some(({ unpriced }) => unpriced > 0);
}

export const hasFailed = ({ state }: Pick<RunRecord, 'state'>): boolean => state === 'failed' || state === 'interrupted';

/** Runs by day (UTC), oldest first. */
export function byDay(records: readonly RunRecord[], savedBy?: SavedBy): readonly BreakdownRow[] {
  return rows(runsBy(records, dayOf, savedBy)).sort((a, b) => a.name.localeCompare(b.name));
}

/** Runs by month (UTC), oldest first. */
export function byMonth(records: readonly RunRecord[], savedBy?: SavedBy): readonly BreakdownRow[] {
  return rows(runsBy(records, (record) => dayOf(record).slice(0, 7), savedBy)).sort((a, b) => a.name.localeCompare(b.name));
}

/** Runs by the machine that they ran on, in the order of their names. */
export function byMachine(records: readonly RunRecord[], savedBy?: SavedBy): readonly BreakdownRow[] {
  return rows(runsBy(records, ({ machine }) => machine, savedBy)).sort((a, b) => a.name.localeCompare(b.name));
}

/** Runs by the chain, function or task that they ran, dearest and then most frequent first. */
export function bySource(records: readonly RunRecord[], savedBy?: SavedBy): readonly BreakdownRow[] {
  return rows(runsBy(records, ({ source, title }) => (source === '' ? title : source), savedBy)).sort(dearestFirst);
}

export function byModel(records: readonly RunRecord[]): readonly BreakdownRow[] {
  const drafts: Breakdown = new Map();
  for (const { models } of records) {
    for (const model of models) {
      const draft = draftOf(drafts, model.model);
      draft.count += model.requests;
      addTokens(draft, model);
      addCosts(draft, model);
      draft.unpriced += model.unpriced;
      draft.errors += model.errors ?? 0;
      for (const each of model.ms ?? []) draft.ms.push(each);
    }
  }
  return rows(drafts).sort(dearestFirst);
}

export function byTool(records: readonly RunRecord[]): readonly BreakdownRow[] {
  const drafts: Breakdown = new Map();
  for (const { tools } of records) {
    for (const { tool, errors, ms } of tools) {
      const draft = draftOf(drafts, tool);
      draft.count += ms.length;
      draft.errors += errors;
      for (const each of ms) draft.ms.push(each);
    }
  }
  return rows(drafts).sort(dearestFirst);
}

/** By nearest rank: a value that really occurred, never one in between. */
export function percentiles(ms: readonly number[]): Percentiles {
  if (ms.length === 0) return { count: 0 };
  const sorted = ms.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
  return { count: ms.length, p50: at(0.5), p95: at(0.95) };
}

function runsBy(records: readonly RunRecord[], key: (record: RunRecord) => string, savedBy?: SavedBy): Breakdown {
  const drafts: Breakdown = new Map();
  for (const record of records) {
    const draft = draftOf(drafts, key(record));
    draft.count += 1;
    if (hasFailed(record)) draft.errors += 1;
    if (savedBy) draft.saved = (draft.saved ?? 0) + savedBy(record);
    if (record.durationMs !== undefined) draft.ms.push(record.durationMs);
    if (isUnpriced(record)) draft.unpriced += 1;
    for (const model of record.models) {
      addTokens(draft, model);
      addCosts(draft, model);
    }
  }
  return drafts;
}

function addCosts({ costs }: Draft, model: ModelRecord): void {
  for (const { mark, nanoUsd } of model.costs) costs.set(mark, (costs.get(mark) ?? 0) + nanoUsd);
}

function addTokens(draft: Draft, { inputTokens, cachedTokens, outputTokens }: ModelRecord): void {
  draft.inputTokens += inputTokens;
  draft.cachedTokens += cachedTokens;
  draft.outputTokens += outputTokens;
}

function draftOf(drafts: Breakdown, name: string): Draft {
  const draft = drafts.get(name) ?? { count: 0, errors: 0, ms: [], costs: new Map(), unpriced: 0, saved: undefined, inputTokens: 0, cachedTokens: 0, outputTokens: 0 };
  drafts.set(name, draft);
  return draft;
}

function rows(drafts: Breakdown): BreakdownRow[] {
  return [...drafts].map(([name, { ms, saved, costs, ...draft }]) => ({
    name, ...draft, nanoUsd: [...costs.values()].reduce((sum, nanoUsd) => sum + nanoUsd, 0), costs: [...costs].map(([mark, nanoUsd]) => ({ mark, nanoUsd })), ...(saved === undefined ? {} : { savedNanoUsd: saved }), latency: percentiles(ms),
  }));
}

function dearestFirst(a: BreakdownRow, b: BreakdownRow): number {
  return b.nanoUsd - a.nanoUsd || b.count - a.count || a.name.localeCompare(b.name);
}
