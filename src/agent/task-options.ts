import type { ModelRegistry } from '../models/model-registry.ts';
import type { StandardLayerOptions } from '../models/standard-layers.ts';
import type { Effort, ModelMessage } from '../models/model-client.ts';
import type { Rule } from '../policy/authorize.ts';
import type { Approver } from '../policy/approver.ts';
import type { Redactor } from '../policy/redact.ts';
import type { RunManager } from '../run/run-manager.ts';
import type { BudgetLimits, JournalEvent, PlanStep, RunOrigin, TaskMode } from '../shared/events.ts';
import type { ToolRegistry } from '../tools/registry.ts';
import type { CodeRunner } from './code-runner.ts';
import type { ContextSources } from './context/context-sources.ts';
import type { ExecutorName } from './executors/executor.ts';
import type { OwnBlob } from './pictures/pictures.ts';
import type { BlobReader } from './result-store.ts';
import type { TaskTeam } from './team/team-port.ts';

export interface StartTaskOptions {
  /** `provider/model`; the first that is there where absent. */
  readonly model?: string;
  /** Asked in this order where the model fails before it has said anything. To name them is to grant them. */
  readonly fallback?: readonly string[];
  /** How much the model thinks; its provider decides where absent. */
  readonly effort?: Effort;
  readonly executor?: ExecutorName;
  /** Name of an agent of the workspace that works on it. */
  readonly agent?: string;
  /** `plan`: only looks, and leaves a plan in a file. */
  readonly mode?: TaskMode;
  /** Grants on top of reading the workspace, as texts. */
  readonly grants?: readonly string[];
  readonly budget?: BudgetLimits;
  readonly approver?: Approver;
  readonly signal?: AbortSignal;
  readonly maxTurns?: number;
  /** A command that must end well before the result counts as checked, for example `npm test`. It is granted by being named. */
  readonly check?: string;
  /** Rounds in which the model puts right what a check has found; 3 where absent. */
  readonly maxRepairs?: number;
  /** Time limits of requests, and how often they are repeated. */
  readonly layers?: Pick<StandardLayerOptions, 'timeouts' | 'retry'>;
}

/** What a person has set for all tasks. */
export type ModelDefaults = Pick<StartTaskOptions, 'fallback' | 'effort'>;

/** What a task goes on from. */
export interface Continuation {
  readonly session: string;
  readonly origin: RunOrigin;
  /** The conversation so far, without the system's words. Empty where the task is told everything anew. */
  readonly before?: readonly ModelMessage[];
  /** What the person had said and no turn has read. */
  readonly unread?: readonly string[];
  /** What the model is told, where that is not the person's text as it stands. */
  readonly told?: string;
  readonly plan?: { readonly path: string; readonly steps: readonly PlanStep[] };
  /** What is still wrong with the result, looked for before the task may end; `undefined` where nothing is. */
  readonly problem?: () => Promise<string | undefined>;
}

export interface TaskRunnerOptions {
  /** Absolute, symbolic links resolved. */
  readonly workspace: string;
  readonly runs: RunManager;
  /** Cleans what models say while they say it. */
  readonly redactor: Pick<Redactor, 'redact' | 'cut'>;
  readonly tools: ToolRegistry;
  readonly code: CodeRunner;
  readonly models: Pick<ModelRegistry, 'client' | 'first' | 'pricing'>;
  readonly approver: Approver;
  readonly rules: readonly Rule[];
  readonly budget?: BudgetLimits;
  readonly readBlob: BlobReader;
  /** The bytes of a blob that a run has; `undefined` for any other. */
  readonly ownBlob: OwnBlob;
  readonly sources: ContextSources;
  /** Where a task says nothing of it. */
  readonly modelDefaults?: ModelDefaults;
  readonly team: TaskTeam;
  /** The journal of a run so far. */
  readonly events: (run: string) => readonly JournalEvent[];
  /** Only those of some types. */
  readonly eventsOf: (run: string, types: readonly JournalEvent['type'][]) => readonly JournalEvent[];
  /** Keeps what one run has stored for another one too, and names it. */
  readonly inheritBlobs: (from: string, to: string) => readonly { readonly hash: string; readonly bytes: number }[];
}
