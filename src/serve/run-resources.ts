import type { Runtime } from '../runtime.ts';
import { AssassinError } from '../shared/errors.ts';

const listed = 50;
const runId = /^run_[A-Za-z0-9_-]{1,64}$/;

/** Where a client reads what a run has done. */
export function runUri(run: string): string {
  return `assassin://runs/${run}`;
}

export const runTemplate = {
  uriTemplate: 'assassin://runs/{run}', name: 'run', title: 'Trace of a run', mimeType: 'application/json',
  description: 'State, steps, decisions of the gate, what was destroyed and how that was verified, and the bill.',
};

export interface RunResource {
  readonly uri: string;
  readonly name: string;
  readonly title: string;
  readonly mimeType: string;
  readonly description: string;
}

/** The latest runs of this workspace. */
export function runResources({ store, workspace }: Runtime): readonly RunResource[] {
  return store.runs({ workspace, limit: listed }).items.map(({ id, title, state }) => ({ uri: runUri(id), name: id, title: title.slice(0, 200), mimeType: 'application/json', description: `${state}` }));
}

/** Throws `run-not-found`, for runs of other workspaces too. */
export function readRun(runtime: Runtime, uri: string): string {
  const run = uri.startsWith(runUri('')) ? uri.slice(runUri('').length) : '';
  if (!runId.test(run)) throw new AssassinError('run-not-found', `There is no resource ${uri.slice(0, 200)}.`, { hint: 'Read assassin://runs/RUN with the id of a run.' });
  const summary = runtime.store.run(run);
  if (summary.workspace !== runtime.workspace) throw new AssassinError('run-not-found', `There is no run ${run} in this workspace.`);
  return JSON.stringify({ summary, trace: runtime.trace(run), destruction: runtime.destruction(run), network: runtime.network(run), bill: runtime.bill(run) });
}
