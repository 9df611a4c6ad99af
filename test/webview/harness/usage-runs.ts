import type { Mark } from '../../../src/shared/events.ts';
import type { RunStore } from '../../../src/store/run-store.ts';
import { Recorder, type RecordedRun } from './record.ts';
import { recordFailedRun, recordShopRun } from './sample-runs.ts';

export interface Asked {
  readonly model: string;
  readonly input: number;
  readonly cached?: number;
  readonly output: number;
  /** US dollars; unpriced where absent. */
  readonly usd?: number;
  readonly mark?: Mark;
  readonly ms?: number;
  readonly failed?: boolean;
}

/** A task that asked models, with one tool call between. */
export function recordModelRun(store: RunStore, options: RecordedRun, asked: readonly Asked[]): string {
  const run = new Recorder(store, { kind: 'task', title: 'Explain the project', source: '', ...options });
  run.pass(5).enter('running');
  const root = run.begin({ kind: 'run', name: 'Explain the project' });
  for (const { model, input, cached = 0, output, usd, mark = 'computed', ms = 900, failed = false } of asked) {
    const step = run.step({ kind: 'model', name: model, parent: root, ms, status: failed ? 'error' : 'ok' });
    run.append(
      { type: 'meter', meter: 'model.input_tokens', value: input, mark: 'measured', source: 'the provider', step },
      { type: 'meter', meter: 'model.cached_input_tokens', value: cached, mark: 'measured', source: 'the provider', step },
      { type: 'meter', meter: 'model.output_tokens', value: output, mark: 'measured', source: 'the provider', step },
    );
    if (usd !== undefined) run.append({ type: 'meter', meter: 'model.cost_usd', value: usd, mark, source: 'price table', step });
    run.step({ kind: 'workspace', name: 'workspace.read', parent: root, ms: 4 });
  }
  run.end(root);
  run.done(run.value('done'));
  return run.run;
}

const dayMs = 86_400_000;

/** Three weeks of work: chains, tasks with two models, and a failure. */
export function recordWeeks(store: RunStore, workspace: string, now: number): void {
  const at = (daysAgo: number, minutes: number) => ({ workspace, at: now - daysAgo * dayMs + minutes * 60_000 });
  const shops = ([[20, 1], [13, 3], [12, 2], [6, 4], [3, 1], [1, 2]] as const).flatMap(([daysAgo, count]) => Array.from({ length: count }, (_, i) => ({ ...at(daysAgo, i), write: recordShopRun })));
  const claude = { model: 'anthropic/claude', cached: 17_817 };
  const runs = [
    ...shops,
    { ...at(6, 10), write: recordFailedRun },
    { ...at(12, 15), write: (to: RunStore, options: RecordedRun) => recordModelRun(to, options, [{ ...claude, input: 17_903, output: 412, usd: 0.0117851 }, { ...claude, input: 18_400, output: 96, usd: 0.0085311, ms: 2400 }]) },
    { ...at(3, 15), write: (to: RunStore, options: RecordedRun) => recordModelRun(to, { ...options, title: 'Repair the tests' }, [{ model: 'openai/gpt', input: 5200, output: 310, usd: 0.0043, mark: 'billed' }, { model: 'anthropic/claude', input: 900, output: 0, usd: 0.00027, mark: 'estimated', failed: true }]) },
  ];
  // Ids rise with each that is made: they are made in the order of their times.
  for (const { write, ...options } of runs.sort((a, b) => a.at - b.at)) write(store, options);
}
