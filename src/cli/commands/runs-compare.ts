import type { Command } from 'commander';
import type { Runtime } from '../../runtime.ts';
import { descendantsOf } from '../../store/descendants.ts';
import { wholeValue } from '../../store/whole-value.ts';
import { compareRuns, resultOf, type RunToCompare } from '../../telemetry/compare-runs.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { openRuntime } from '../open-runtime.ts';
import { renderComparison } from '../views/comparison-view.ts';

interface CompareOptions extends CommonOptions {
  readonly different?: boolean;
}

export function addCompareCommand(runs: Command, context: CliContext): void {
  runs.command('compare <a> <b>').description('two runs side by side: time, tokens, cost, result, and step by step what is different')
    .option('--different', 'only steps that are different')
    .action((a: string, b: string, options: CompareOptions) => compare(context, a, b, options));
}

async function compare(context: CliContext, a: string, b: string, { different = false, ...options }: CompareOptions): Promise<void> {
  await using opened = await openRuntime(context, options);
  const { runtime } = opened;
  const [one, other] = [toCompare(runtime, a), toCompare(runtime, b)];
  const whole = compareRuns(one, other);
  const comparison = different ? { ...whole, steps: whole.steps.filter(({ differences }) => differences.length > 0) } : whole;
  const results = [await resultText(runtime, one), await resultText(runtime, other)] as const;
  const { terminal } = context;
  if (options.json) terminal.json({ ...comparison, ...(comparison.sameResult ? {} : { results }) });
  else terminal.result(...renderComparison(comparison, results, terminal.style, terminal.width));
}

function toCompare(runtime: Runtime, id: string): RunToCompare {
  const summary = runtime.store.run(id);
  return { summary, events: runtime.events(id), below: descendantsOf(id, (run) => runtime.store.children(run)).map((child) => runtime.events(child.id)) };
}

/** Pretty-printed, so that it can be compared line by line; empty for a run that has none. */
async function resultText(runtime: Runtime, { events }: RunToCompare): Promise<string> {
  const value = resultOf(events);
  if (value === undefined) return '';
  const json = await wholeValue(value, (hash) => runtime.store.blobs.read(hash));
  return typeof json === 'string' ? json : JSON.stringify(json, null, 2);
}
