import type { ComparedSide, ComparedStep, Difference, RunComparison, StepFacts } from '../shared/comparison.ts';
import type { RunSummary, Span } from '../shared/dto.ts';
import type { JournalEvent, Mark } from '../shared/events.ts';
import type { StoredValue } from '../shared/json.ts';
import { alignSteps, type StepPair } from './align-steps.ts';
import { leastSure } from './model-use.ts';
import { spansOf } from './spans.ts';

export interface RunToCompare {
  readonly summary: RunSummary;
  readonly events: readonly JournalEvent[];
  /** Of all runs below it. */
  readonly below: readonly (readonly JournalEvent[])[];
}

interface StepUse {
  tokens: number;
  costUsd: number | undefined;
}

/** Two runs side by side: what they used, and step by step what is different. */
export function compareRuns(a: RunToCompare, b: RunToCompare): RunComparison {
  const [usedA, usedB] = [useByStep(a.events), useByStep(b.events)];
  const steps = alignSteps(spansOf(a.events, a.summary.state), spansOf(b.events, b.summary.state)).map((pair): ComparedStep => ({
    depth: pair.depth,
    kind: (pair.a ?? pair.b)!.span.kind,
    ...(pair.a === undefined ? {} : { a: factsOf(pair.a.span, usedA) }),
    ...(pair.b === undefined ? {} : { b: factsOf(pair.b.span, usedB) }),
    differences: differencesOf(pair),
  }));
  return { a: sideOf(a), b: sideOf(b), steps, sameResult: sameValue(resultOf(a.events), resultOf(b.events)) };
}

export function resultOf(events: readonly JournalEvent[]): StoredValue | undefined {
  const event = events.findLast((each) => each.type === 'run.result');
  return event?.type === 'run.result' ? event.value : undefined;
}

function sideOf({ summary, events, below }: RunToCompare): ComparedSide {
  const { id, title, kind, state, createdAt, durationMs, steps } = summary;
  let tokens = 0;
  let costUsd = 0;
  let mark: Mark | undefined;
  for (const event of [events, ...below].flat()) {
    if (event.type !== 'meter') continue;
    if (event.meter === 'model.input_tokens' || event.meter === 'model.output_tokens') tokens += event.value;
    else if (event.meter === 'model.cost_usd') {
      costUsd += event.value;
      mark = leastSure(mark, event.mark);
    }
  }
  // Tokens without a price are not free.
  return { id, title, kind, state, createdAt, steps, tokens, costUsd, costMark: mark ?? (tokens > 0 ? 'unknown' : 'measured'), ...(durationMs === undefined ? {} : { durationMs }) };
}

function factsOf({ id, name, status, startedAt, endedAt }: Span, used: ReadonlyMap<string, StepUse>): StepFacts {
  const use = used.get(id);
  return {
    id, name, status, ...(endedAt === undefined ? {} : { ms: endedAt - startedAt }),
    ...(use === undefined ? {} : { tokens: use.tokens, ...(use.costUsd === undefined ? {} : { costUsd: use.costUsd }) }),
  };
}

function differencesOf({ a, b }: StepPair): readonly Difference[] {
  if (!a || !b) return ['missing'];
  return [
    // The name of the run's own step is its title: that two runs are called differently says nothing of what they did.
    ...(a.span.name === b.span.name || a.span.kind === 'run' ? [] : ['name'] as const),
    ...(a.span.status === b.span.status ? [] : ['status'] as const),
    ...(sameValue(a.span.input, b.span.input) ? [] : ['input'] as const),
    ...(sameValue(a.span.output, b.span.output) ? [] : ['output'] as const),
  ];
}

function sameValue(a: StoredValue | undefined, b: StoredValue | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if ('blob' in a || 'blob' in b) return 'blob' in a && 'blob' in b && a.blob === b.blob;
  return JSON.stringify(a.json) === JSON.stringify(b.json);
}

function useByStep(events: readonly JournalEvent[]): ReadonlyMap<string, StepUse> {
  const used = new Map<string, StepUse>();
  for (const event of events) {
    if (event.type !== 'meter' || event.step === undefined) continue;
    const isTokens = event.meter === 'model.input_tokens' || event.meter === 'model.output_tokens';
    if (!isTokens && event.meter !== 'model.cost_usd') continue;
    const use = used.get(event.step) ?? { tokens: 0, costUsd: undefined };
    used.set(event.step, use);
    if (isTokens) use.tokens += event.value;
    else if (event.mark !== 'unknown') use.costUsd = (use.costUsd ?? 0) + event.value;
  }
  return used;
}
