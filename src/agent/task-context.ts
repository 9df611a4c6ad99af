import type { RunScope } from '../run/run-scope.ts';
import type { Json } from '../shared/json.ts';
import type { ToolRegistry } from '../tools/registry.ts';
import type { ReachedPlaces } from './context/reached-places.ts';
import type { CodeRunner } from './code-runner.ts';
import type { Evidence } from './evidence.ts';
import type { Repairs } from './repairs.ts';
import type { ResultStore } from './result-store.ts';

/** What a model has said about the end of its task. */
export interface Finish {
  readonly result: Json;
  readonly evidence: readonly string[];
  /** Why the result counts as unverified; absent where evidence holds. */
  readonly unverified?: string;
}

/** What the direct tools of one task work with. */
export interface TaskContext {
  readonly scope: RunScope;
  /** Everything that can be called, by its dotted name. */
  readonly tools: ToolRegistry;
  readonly code: CodeRunner;
  readonly results: ResultStore;
  readonly evidence: Evidence;
  /** Where in the workspace the task has come to. */
  readonly places: ReachedPlaces;
  /** Rounds in which the model puts right what a check has found. */
  readonly repairs: Repairs;
  readonly state: { finish?: Finish };
}
