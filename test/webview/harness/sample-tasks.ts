import type { RunStore } from '../../../src/store/run-store.ts';
import { Recorder, type RecordedRun } from './record.ts';

export interface RecordedTask extends RecordedRun {
  readonly session?: string;
  readonly model?: string;
  /** What the model wrote, in tokens. */
  readonly written?: number;
  readonly tags?: readonly string[];
}

/** A small task: a model is asked, a file is read, and something comes of it. */
export function recordTask(store: RunStore, { session = 'ses_1', model = 'openai/gpt-5', written = 34, tags = [], ...options }: RecordedTask): string {
  const run = new Recorder(store, { title: 'Find the price', source: '', kind: 'task', session, ...options });
  run.pass(2).enter('running');
  const root = run.begin({ kind: 'run', name: 'Find the price' });
  const agent = run.begin({ kind: 'agent', name: 'CodeAct', parent: root });
  const turn = run.begin({ kind: 'model', name: model, parent: agent, input: [{ role: 'user', content: 'Find the price' }] });
  const meter = (name: 'model.input_tokens' | 'model.cached_input_tokens' | 'model.output_tokens', value: number) => ({ type: 'meter', meter: name, value, mark: 'measured', source: 'usage of the provider', step: turn } as const);
  run.pass(800).append(
    meter('model.input_tokens', 1200), meter('model.cached_input_tokens', 1000), meter('model.output_tokens', written),
    { type: 'meter', meter: 'model.cost_usd', value: 0.0021, mark: 'computed', source: 'price list', step: turn },
  );
  run.end(turn, { output: { text: `I read the file, in ${written} tokens.` } });
  run.step({ kind: 'workspace', name: 'workspace.readFile', parent: agent, input: { path: 'src/price.ts', from: 12, to: 20 }, output: { text: 'export const price = 12;' }, ms: 6 });
  run.end(agent).end(root);
  if (tags.length > 0) run.append({ type: 'run.tagged', add: tags, remove: [], by: 'chain' });
  run.done(run.value({ price: 12, written }));
  return run.run;
}
