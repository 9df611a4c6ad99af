import { setTimeout as sleep } from 'node:timers/promises';
import type { KnownRecords } from '../savings/report/records-of-store.ts';
import type { Mark } from '../shared/events.ts';
import type { Params, Result } from '../shared/protocol.ts';
import type { FigureMethods, UsageQuery } from '../shared/protocol-figures.ts';
import type { Handlers } from '../shared/rpc.ts';
import type { BreakdownRow, MarkedCost, RunRecord, UsageReport } from '../shared/usage-report.ts';
import type { PanelFigures, PanelHistory } from './panel-ports.ts';

type FigureHandlers = { readonly [M in keyof FigureMethods]: Handlers[M] };

export interface FigureServiceOptions {
  readonly figures: PanelFigures;
  readonly history: Pick<PanelHistory, 'read'>;
  readonly workspace: () => string | undefined;
  readonly now: () => number;
}

/** A page is answered within this, with the report or with how far the reading is. */
const patienceMs = 500;
const dayMs = 86_400_000;
/** Rows of one breakdown that a page gets; what comes after them is one row, so that the sums stay whole. */
const rowsShown = 200;

interface Reading {
  readonly records: Promise<readonly RunRecord[]>;
  readonly end: AbortController;
  read: number;
}

/** Answers what a page asks about many runs, and about what the program holds. */
export class FigureService implements Disposable {
  readonly #options: FigureServiceOptions;
  readonly #known: KnownRecords = new Map();
  readonly #files = new Map<string, readonly RunRecord[]>();
  #reading: { readonly key: string; readonly reading: Reading } | undefined;

  constructor(options: FigureServiceOptions) {
    this.#options = options;
  }

  get handlers(): FigureHandlers {
    const { figures } = this.#options;
    return {
      'usage.report': (query) => this.#report(query),
      'usage.addFiles': async () => ({ added: await this.#addFiles() }),
      'usage.forgetFiles': () => {
        this.#files.clear();
        return null;
      },
      'usage.export': async ({ format, ...query }) => {
        const { usageText } = await import('./usage-text.ts');
        return { written: await figures.save(format, async () => usageText(await this.#allRecords(query), format, await figures.assumptions())) };
      },
      'infrastructure.read': () => figures.infrastructure(),
    };
  }

  [Symbol.dispose](): void {
    this.#reading?.reading.end.abort();
  }

  async #report(query: Params<'usage.report'>): Promise<Result<'usage.report'>> {
    const { figures: { machine } } = this.#options;
    const reading = this.#readingOf(query);
    const { since, until } = this.#span(query);
    const answer = {
      machine, until: dayText(until - 1), files: [...this.#files].map(([name, records]) => ({ name, runs: records.length })), ...(since === undefined ? {} : { since: dayText(since) }),
    };
    const wait = new AbortController();
    const records = await Promise.race([reading.records, sleep(patienceMs, undefined, { signal: wait.signal }).catch(() => undefined)]);
    wait.abort();
    if (records === undefined) return { ...answer, read: reading.read };
    // The next question is answered from what is on record by then.
    this.#reading = undefined;
    const { buildReport } = await import('../savings/report/usage-report.ts');
    const merged = await this.#withFiles(records, query);
    return { ...answer, read: records.length, report: clipped(buildReport(merged, await this.#options.figures.assumptions(), this.#options.now()).report) };
  }

  #readingOf(query: UsageQuery): Reading {
    const key = JSON.stringify([query.days, query.everywhere, this.#options.workspace()]);
    if (this.#reading?.key === key) return this.#reading.reading;
    this.#reading?.reading.end.abort();
    const end = new AbortController();
    const reading: Reading = { end, read: 0, records: this.#read(query, end.signal, (runs) => (reading.read = runs)) };
    reading.records.catch(() => {
      if (this.#reading?.reading === reading) this.#reading = undefined;
    });
    this.#reading = { key, reading };
    return reading;
  }

  async #read(query: UsageQuery, signal: AbortSignal, onRead: (runs: number) => void): Promise<readonly RunRecord[]> {
    const { history, figures: { machine } } = this.#options;
    const workspace = query.everywhere ? undefined : this.#options.workspace();
    if (!query.everywhere && workspace === undefined) return [];
    const { recordsOfStore } = await import('../savings/report/records-of-store.ts');
    const { since, until } = this.#span(query);
    return history.read((store) => recordsOfStore(store, { machine, known: this.#known, until, signal, onRead, ...(workspace === undefined ? {} : { workspace }), ...(since === undefined ? {} : { since }) }));
  }

  async #allRecords(query: UsageQuery): Promise<readonly RunRecord[]> {
    return this.#withFiles(await this.#read(query, new AbortController().signal, () => undefined), query);
  }

  async #withFiles(own: readonly RunRecord[], query: UsageQuery): Promise<readonly RunRecord[]> {
    if (this.#files.size === 0) return own;
    const { mergeRecords } = await import('../savings/report/records-file.ts');
    const { since = 0, until } = this.#span(query);
    // A run of this machine that is in a file too counts as what is on record here.
    return mergeRecords([...this.#files.values(), own]).filter(({ createdAt }) => createdAt >= since && createdAt < until);
  }

  async #addFiles(): Promise<boolean> {
    const { parseRecordsFile } = await import('../savings/report/records-file.ts');
    const chosen = await this.#options.figures.pickRecords();
    // All are understood before one is taken.
    const parsed = chosen.map(({ name, text }) => [name, parseRecordsFile(text, name)] as const);
    for (const [name, records] of parsed) this.#files.set(name, records);
    return chosen.length > 0;
  }

  /** Whole days (UTC), today among them; `until` is the end of today. */
  #span({ days }: UsageQuery): { readonly since?: number; readonly until: number } {
    const until = (Math.floor(this.#options.now() / dayMs) + 1) * dayMs;
    return days === undefined ? { until } : { since: until - days * dayMs, until };
  }
}

const dayText = (at: number) => new Date(at).toISOString().slice(0, 10);

function clipped(report: UsageReport): UsageReport {
  return { ...report, bySource: clippedRows(report.bySource), byTool: clippedRows(report.byTool), byModel: clippedRows(report.byModel) };
}

/** The rows after the first ones become one. Their percentiles cannot be worked out of percentiles, and are left out. */
export function clippedRows(rows: readonly BreakdownRow[], most: number = rowsShown): readonly BreakdownRow[] {
  if (rows.length <= most) return rows;
  const rest = rows.slice(most - 1);
  const sum = (of: (row: BreakdownRow) => number) => rest.reduce((total, row) => total + of(row), 0);
  const saved = rest.some(({ savedNanoUsd }) => savedNanoUsd !== undefined) ? { savedNanoUsd: sum(({ savedNanoUsd = 0 }) => savedNanoUsd) } : {};
  return [...rows.slice(0, most - 1), {
    name: `${rest.length} others`, count: sum(({ count }) => count), errors: sum(({ errors }) => errors), latency: { count: 0 }, nanoUsd: sum(({ nanoUsd }) => nanoUsd), costs: costsOf(rest), unpriced: sum(({ unpriced }) => unpriced), ...saved,
    inputTokens: sum(({ inputTokens }) => inputTokens), cachedTokens: sum(({ cachedTokens }) => cachedTokens), outputTokens: sum(({ outputTokens }) => outputTokens),
  }];
}

function costsOf(rows: readonly BreakdownRow[]): readonly MarkedCost[] {
  const sums = new Map<Mark, number>();
  for (const { costs } of rows) for (const { mark, nanoUsd } of costs) sums.set(mark, (sums.get(mark) ?? 0) + nanoUsd);
  return [...sums].map(([mark, nanoUsd]) => ({ mark, nanoUsd }));
}
