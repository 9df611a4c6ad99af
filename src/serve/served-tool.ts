import type { StartChainOptions } from '../chains/chain-runner.ts';
import type { RunHandle } from '../run/run-manager.ts';
import type { Runtime } from '../runtime.ts';
import type { JsonObject } from '../shared/json.ts';

export type StartOptions = Omit<StartChainOptions, 'deterministic' | 'signal'>;

/** What other programs can call of this one. Each call is a run of its own. */
export interface ServedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Of an object, as the protocol wants it. */
  readonly inputSchema: JsonObject;
  /** Of an object; absent where the result may be anything. */
  readonly outputSchema?: JsonObject;
  readonly effects: { readonly readOnly: boolean; readonly openWorld: boolean };
  /** Throws `invalid-input` and what starting throws; everything later is the outcome of the run. */
  readonly start: (runtime: Runtime, input: JsonObject, options: StartOptions) => Promise<RunHandle>;
}

/** Does work with a runtime that stays open until it is done. */
export type UseRuntime = <T>(work: (runtime: Runtime) => Promise<T>) => Promise<T>;
