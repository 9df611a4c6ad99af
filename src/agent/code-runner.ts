import type { RunScope } from '../run/run-scope.ts';
import type { Json } from '../shared/json.ts';

export interface CodeRequest {
  /** A TypeScript module with a default export, which is called without arguments. */
  readonly source: string;
  readonly title: string;
  /** The step that its own steps belong to. */
  readonly parent: string;
  /** Reaches a tool by name; `parent` is the step that the call belongs to. */
  readonly call: (name: string, input: Json, parent: string) => Promise<Json>;
  readonly console: (level: string, text: string) => void;
}

/** Runs code that a model wrote, in a sandbox of the run that is gone afterwards. Throws `chain-*` and `sandbox-*` errors with their place in the source. */
export interface CodeRunner {
  run(scope: RunScope, request: CodeRequest): Promise<Json>;
}
