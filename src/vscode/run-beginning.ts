import type { Span } from '../shared/dto.ts';
import type { JournalEvent } from '../shared/events.ts';
import type { RunStore } from '../store/run-store.ts';
import { GrowingTrace } from '../telemetry/spans.ts';

/** What is shown of a long record before all of it was read. */
export interface Beginning {
  /** The first of the record, without a gap. */
  readonly events: readonly JournalEvent[];
  /** Their steps in reading order. Those whose end may stand in what was not read yet are `unread`. */
  readonly spans: readonly Span[];
  readonly unread: ReadonlySet<string>;
  /** Events and steps of the run in all. */
  readonly total: { readonly events: number; readonly steps: number };
}

/** Enough for the first screens of steps and of events; read in a few milliseconds. */
const first = 1000;
/** What began first mostly ends last. */
const last = 200;

export function beginningOf(store: RunStore, run: string): Beginning {
  const { events: count, steps: all, state } = store.run(run);
  const events = store.events(run, 0, first);
  const ends = store.events(run, Math.max(first, count - last), last).filter(({ type }) => type === 'step.ended');
  const trace = new GrowingTrace();
  trace.add(events);
  trace.add(ends);
  const spans = trace.spans(state);
  return { events, spans, unread: new Set(spans.flatMap(({ id, endedAt }) => (endedAt === undefined ? [id] : []))), total: { events: count, steps: all } };
}
