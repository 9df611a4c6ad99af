import type { Mark } from './events.ts';

/**
 * Money of reports: whole billionths of a US dollar, always an integer. Each amount is rounded once, where it enters a report, and only
 * added up afterwards: what a spreadsheet adds up from the exported rows is what the report says.
 */
export type NanoUsd = number;

/** One throwaway resource, in milliseconds and bytes; a field is absent where it was not measured. */
export interface RecordedSession {
  readonly wallMs: number;
  readonly cpuMs?: number;
  readonly memoryBytes?: number;
  readonly measured: boolean;
}

export interface ModelRecord {
  readonly model: string;
  readonly requests: number;
  readonly inputTokens: number;
  /** Of the input tokens. */
  readonly cachedTokens: number;
  readonly outputTokens: number;
  readonly costs: readonly MarkedCost[];
  /** Requests for which no price is known. */
  readonly unpriced: number;
  /** Requests that did not end well; absent in records of earlier versions, as the next one. */
  readonly errors?: number;
  /** Milliseconds of each request that came to an end. */
  readonly ms?: readonly number[];
}

export interface MarkedCost {
  readonly mark: Mark;
  readonly nanoUsd: NanoUsd;
}

export interface ToolRecord {
  readonly tool: string;
  readonly errors: number;
  /** Milliseconds of each call that came to an end. */
  readonly ms: readonly number[];
}

/** What a report keeps of one run, and all that is exported of it: no input, no result, no file. */
export interface RunRecord {
  readonly run: string;
  /** A name that the person gives to this machine, for reports over several. */
  readonly machine: string;
  /** The last part of the folder's path. */
  readonly workspace: string;
  readonly kind: string;
  readonly title: string;
  readonly source: string;
  readonly state: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly durationMs?: number;
  readonly errorCode?: string;
  readonly asks: number;
  readonly egressBytes: number;
  readonly models: readonly ModelRecord[];
  readonly tools: readonly ToolRecord[];
  /** What a frozen task that ran to its end did not have to think out again. */
  readonly replay?: { readonly tokens: number; readonly nanoUsd?: NanoUsd };
  /** Tokens that its models did not have to read, against the baseline of the bill; may be negative. Absent where no model was asked in turns, and in records of earlier versions. */
  readonly spared?: SparedRecord;
  readonly browsers: readonly RecordedSession[];
  readonly sandboxes: readonly RecordedSession[];
}

export interface SparedRecord {
  /** Of definitions of tools; absent where the run left no record of which were connected. */
  readonly definitionTokens?: number;
  readonly resultTokens: number;
}

/** Durations in milliseconds by nearest rank; absent where nothing has ended. */
export interface Percentiles {
  readonly count: number;
  readonly p50?: number;
  readonly p95?: number;
}

export interface BreakdownRow {
  readonly name: string;
  /** Runs, for models requests, for tools calls. */
  readonly count: number;
  readonly errors: number;
  readonly latency: Percentiles;
  readonly nanoUsd: NanoUsd;
  /** The same by mark. */
  readonly costs: readonly MarkedCost[];
  /** Runs or requests whose cost is not known; not in `nanoUsd`. */
  readonly unpriced: number;
  /** The part of the saving at list price that these runs have made; may be negative. Absent where no saving is shown, and for models and tools: services bill sessions. */
  readonly savedNanoUsd?: NanoUsd;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

/** What one service would have charged for everything in the report that it could have done. */
export interface ServiceTotal {
  readonly service: string;
  readonly covers: 'all' | 'browser' | 'code';
  readonly region: string;
  /** What it would have billed, in words: `12 browser sessions`. */
  readonly work: string;
  /** The list price as plain arithmetic over all sessions; each run is rounded to a billionth of a dollar besides. */
  readonly formula: string;
  /** What its free allowance takes off, by month (`2026-11`) or day (`2026-11-22`). */
  readonly free: readonly { readonly period: string; readonly nanoUsd: NanoUsd }[];
  readonly runs: number;
  /** Runs that it could have done, but that left out a figure which it bills. */
  readonly unpricedRuns: number;
  readonly listNanoUsd: NanoUsd;
  /** With its free allowance applied once for each month (or day, where it is daily). */
  readonly afterFreeNanoUsd: NanoUsd;
  readonly mark: Mark;
  readonly source: string;
  readonly asOf: string;
  readonly stale: boolean;
  readonly note?: string;
}

export interface UsageReport {
  readonly machines: readonly string[];
  /** First and last day with a run, ISO, UTC. */
  readonly from?: string;
  readonly to?: string;
  readonly runs: number;
  readonly states: Readonly<Record<string, number>>;
  /** Runs that failed or were interrupted. */
  readonly errors: number;
  /** Of whole runs. */
  readonly latency: Percentiles;
  /** By mark, never mixed. */
  readonly costs: readonly MarkedCost[];
  readonly costNanoUsd: NanoUsd;
  readonly unpricedRuns: number;
  readonly browserSessions: number;
  readonly codeRuns: number;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  readonly asks: number;
  readonly egressBytes: number;
  readonly services: readonly ServiceTotal[];
  /** Against the cheapest offer that could have done all of it, at list price and after free allowances; may be negative. Absent where a cost is unknown or nothing could be compared. */
  readonly saving?: { readonly against: string; readonly listNanoUsd: NanoUsd; readonly againstAfterFree: string; readonly afterFreeNanoUsd: NanoUsd };
  /** Frozen tasks that ran again: what their models had used and cost the first time. Beside the saving, not in it. Absent where there were none. */
  readonly replays?: { readonly runs: number; readonly tokens: number; readonly nanoUsd: NanoUsd; /** Runs whose first cost is not known. */ readonly unpriced: number };
  /** Tokens that models did not have to read, against an agent that has all definitions and results in its context; beside the saving. Absent where no model was asked in turns. */
  readonly spared?: { readonly definitionTokens: number; readonly resultTokens: number; readonly runs: number; /** Runs that left no record of their tools; of their definitions nothing is counted. */ readonly unrecorded: number };
  /** What the person says they would have subscribed to, for the months of the report. */
  readonly subscriptions: readonly { readonly name: string; readonly months: number; readonly nanoUsd: NanoUsd }[];
  /** Counted cold starts times the seconds that the person has set; absent where they have set none. */
  readonly waits?: { readonly count: number; readonly secondsEach: number };
  readonly byDay: readonly BreakdownRow[];
  readonly byMonth: readonly BreakdownRow[];
  readonly byMachine: readonly BreakdownRow[];
  readonly byModel: readonly BreakdownRow[];
  readonly byTool: readonly BreakdownRow[];
  readonly bySource: readonly BreakdownRow[];
  /** The dearest runs, at most ten. */
  readonly top: readonly { readonly run: string; readonly machine: string; readonly title: string; readonly nanoUsd: NanoUsd }[];
  readonly assumptions: readonly string[];
  readonly notCounted: readonly string[];
}
