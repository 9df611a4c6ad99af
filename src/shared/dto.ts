import type { ErrorInfo } from './errors.ts';
import type { BudgetLimits, FixedSurroundings, HostTraffic, LeaseKind, Mark, RefusedTraffic, RunKind, RunOrigin, StepKind, StepStatus } from './events.ts';
import type { StoredValue } from './json.ts';
import type { RunState } from './run-state.ts';

/** A line of the Runs view and of `runs list`. Times are milliseconds since 1970, durations milliseconds, money US dollars. */
export interface RunSummary {
  readonly id: string;
  readonly kind: RunKind;
  readonly title: string;
  readonly source: string;
  readonly workspace: string;
  readonly state: RunState;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly durationMs?: number;
  readonly steps: number;
  readonly events: number;
  /** What the run really cost. Zero for a chain that used no model. */
  readonly costUsd: number;
  readonly costMark: Mark;
  readonly error?: ErrorInfo;
  /** The run that started it; absent where a person or a trigger did. */
  readonly parent?: string;
  /** The conversation that a task belongs to, and the run that it goes on from. */
  readonly session?: string;
  readonly origin?: RunOrigin;
}

export interface RunDetail extends RunSummary {
  readonly input: StoredValue;
  readonly grants: readonly string[];
  readonly budget: BudgetLimits;
  /** Of a deterministic run. */
  readonly fixed?: FixedSurroundings;
  /** Questions that were put to a person whether something is allowed. The fewer, the better. */
  readonly asks: number;
  readonly result?: StoredValue;
  /** The runs that it started, in the order of their start. */
  readonly children: readonly RunSummary[];
}

export interface Span {
  readonly id: string;
  readonly parent?: string;
  readonly kind: StepKind;
  readonly name: string;
  readonly startedAt: number;
  /** Absent while the step goes on, and for ever where the host died in the middle. */
  readonly endedAt?: number;
  readonly status: StepStatus | 'running' | 'unknown';
  readonly depth: number;
  readonly input?: StoredValue;
  readonly output?: StoredValue;
  readonly error?: ErrorInfo;
  /** The child run that this step waited for. */
  readonly child?: string;
  /** Another program has named a parent for it that is inside of it: it stands at the top. */
  readonly circular?: true;
}

/** What the browsers of a run reached and what they were refused. */
export interface NetworkReport {
  readonly hosts: readonly HostTraffic[];
  readonly refused: readonly RefusedTraffic[];
}

export interface LeaseReport {
  readonly id: string;
  readonly kind: LeaseKind;
  readonly label: string;
  readonly createdAt: number;
  readonly destroyedAt?: number;
  readonly verified: boolean;
  /** How it was made sure that the resource is gone, in words. */
  readonly how: string;
  readonly error?: ErrorInfo;
}

export interface DestructionReport {
  readonly leases: readonly LeaseReport[];
  /** True only if every lease is destroyed and verified. */
  readonly clean: boolean;
}

/** One metered amount of a run, summed over its meter events of one mark. */
export interface LedgerLine {
  readonly meter: string;
  readonly value: number;
  readonly unit: string;
  readonly mark: Mark;
  readonly source: string;
}

/** What the same metered work would have cost on one named service. */
export interface BaselineLine {
  readonly service: string;
  readonly what: string;
  readonly listUsd: number;
  /** With the service's monthly free tier untouched by other use. */
  readonly afterFreeTierUsd: number;
  /** The arithmetic with its numbers filled in. */
  readonly formula: string;
  readonly source: string;
  /** Newest ISO date for which the source confirms the price: a day, a month or only a year. */
  readonly asOf: string;
  readonly stale: boolean;
  readonly mark: Mark;
}

/** What one of the runs below cost by itself, its own children left out. */
export interface BillChild {
  readonly run: string;
  readonly title: string;
  readonly state: RunState;
  readonly agent?: string;
  /** Read and written together. */
  readonly tokens: number;
  readonly costUsd: number;
  readonly costMark: Mark;
}

export interface Bill {
  readonly run: string;
  readonly ledger: readonly LedgerLine[];
  readonly realCostUsd: number;
  readonly realCostMark: Mark;
  readonly baselines: readonly BaselineLine[];
  /** Cheapest named service that could have done the work, minus the real cost; may be negative. */
  readonly saving?: { readonly against: string; readonly listUsd: number; readonly afterFreeTierUsd: number };
  /** What the models of the task used that this run repeated without one; of a run that ended well only. Not part of `saving`. Money is absent where no price was known. */
  readonly replay?: { readonly of: string; readonly tokens: number; readonly costUsd?: number };
  /** Counterfactual, and not part of `saving`. */
  readonly spared?: SparedTokens;
  /** The runs that it started, whose use and cost are part of all sums of this bill; absent where it started none. */
  readonly children?: readonly BillChild[];
  readonly notCounted: readonly string[];
}

/** What an agent would have had in its context that is told of every connected tool and calls each by itself, minus what was really there. May be negative. */
export interface SparedTokens {
  /** Of results, each counted once. */
  readonly tokens: number;
  readonly results: number;
  /** Of definitions, by run. */
  readonly definitions: readonly SparedDefinitions[];
  /** Runs with a model that left no record of which tools were connected. */
  readonly unrecorded: number;
  readonly mark: Extract<Mark, 'estimated'>;
}

/** Tokens of definitions that one run has not sent: `(tokens - toldTokens) * requests`. */
export interface SparedDefinitions {
  /** Connected tools, and the tokens of their definitions, once. */
  readonly tools: number;
  readonly tokens: number;
  /** Those that each request of the conversation named. */
  readonly toldTools: number;
  readonly toldTokens: number;
  /** Requests of the conversation. */
  readonly requests: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Pass it back to get what follows; absent at the end. */
  readonly next?: string;
}
