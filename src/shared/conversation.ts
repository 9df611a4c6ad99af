import type { BudgetLimits, Mark, PlanStep, RunOrigin, StepStatus, TaskMode } from './events.ts';
import type { ErrorInfo } from './errors.ts';
import type { Json, StoredValue } from './json.ts';
import type { RunState } from './run-state.ts';

/** Tokens and money of one turn or run. `costUsd` is absent where the price of the model is not known. */
export interface ModelUse {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly tokensMark: Mark;
  readonly costUsd?: number;
  readonly costMark?: Mark;
}

/** One call that the model made in a turn. */
export interface ConversationCall {
  /** Under which its result went back to the model; unique within the run. */
  readonly id: string;
  readonly name: string;
  /** Its step in the trace; absent where it was not run. */
  readonly step?: string;
  /** `unknown`: begun, and the program ended before its end was on record. */
  readonly status: StepStatus | 'running' | 'unknown' | 'not-run';
  readonly input?: StoredValue;
  readonly output?: StoredValue;
  readonly error?: ErrorInfo;
}

export type ConversationEntry =
  /** What the person said: the task itself, or a message to the run that goes on. `queued` until the next turn begins. */
  | { readonly type: 'person'; readonly at: number; readonly text: string; readonly message?: string; readonly state: 'read' | 'queued' | 'withdrawn' }
  | {
      readonly type: 'turn';
      readonly at: number;
      readonly endedAt?: number;
      /** From 1 within its run: what "fork from turn N" counts. */
      readonly turn: number;
      readonly step: string;
      readonly status: StepStatus | 'running' | 'unknown';
      readonly model?: string;
      /** Markdown. Empty while the turn runs: what comes meanwhile is in the deltas. */
      readonly text: string;
      readonly calls: readonly ConversationCall[];
      readonly use: ModelUse;
      readonly error?: ErrorInfo;
    }
  /** A question to the person. Open while neither `answer` nor `closed` is there. */
  | { readonly type: 'question'; readonly at: number; readonly ask: string; readonly question: string; readonly choices?: readonly string[]; readonly deadline?: number; readonly answer?: string; readonly closed?: string }
  /** The result did not pass its check, and the model works on it once more. */
  | { readonly type: 'repair'; readonly at: number; readonly round: number; readonly of: number; readonly problem: string; readonly spent: ModelUse; readonly estimate?: ModelUse }
  | { readonly type: 'result'; readonly at: number; readonly answer: Json; readonly verification: 'verified' | 'unverified'; readonly why?: string; readonly evidence: readonly string[]; readonly changed: readonly string[]; /** What was tried and not allowed. */ readonly denied?: readonly string[]; readonly plan?: string };

/** How much of one limit is used. `limit` is absent where nothing limits it. */
export interface BudgetUse {
  readonly kind: keyof BudgetLimits;
  readonly used: number;
  readonly limit?: number;
}

/** A task as a conversation, in the order of time. */
export interface Conversation {
  readonly run: string;
  readonly session: string;
  readonly origin?: RunOrigin;
  readonly state: RunState;
  readonly task: string;
  readonly mode: TaskMode;
  readonly model: string;
  readonly executor: string;
  readonly entries: readonly ConversationEntry[];
  /** The task list as it is now; empty where the model keeps none. */
  readonly steps: readonly PlanStep[];
  readonly use: ModelUse;
  readonly budget: readonly BudgetUse[];
  /** True for a run that was interrupted, failed or was cancelled: `resume` goes on from its record. */
  readonly resumable: boolean;
}

/** Text of the turn that is going on, as it comes. Nothing of it is stored; the whole text is in the journal when the turn's request has ended. */
export interface ModelDelta {
  readonly run: string;
  /** The step of the turn, and that of the request to the model. */
  readonly turn: string;
  readonly step: string;
  /** `restart`: the answer broke off, is asked for again, and what was shown of it does not count. `end`: it is whole and on record. */
  readonly kind: 'text' | 'reasoning' | 'restart' | 'end';
  readonly text: string;
}

/** What has come of the turn that is going on, for who begins to watch in the middle of it. */
export interface ModelDraft {
  readonly turn: string;
  readonly step: string;
  readonly text: string;
  readonly reasoning: string;
}

/** A question that waits for the person, wherever it is answered. */
export interface OpenQuestion {
  readonly ask: string;
  readonly run: string;
  readonly question: string;
  /** Answers to pick from; any other text is an answer too. */
  readonly choices?: readonly string[];
  /** Milliseconds since 1970; after it the run goes on without an answer. */
  readonly deadline: number;
}

/** Runs that continue each other. */
export interface SessionSummary {
  readonly id: string;
  /** Of its first run. */
  readonly title: string;
  /** Oldest first. */
  readonly runs: readonly string[];
  /** Of the newest run. */
  readonly state: RunState;
  readonly startedAt: number;
  readonly updatedAt: number;
  readonly costUsd: number;
  readonly costMark: Mark;
}
