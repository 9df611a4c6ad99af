import { setImmediate as turn } from 'node:timers/promises';
import type { Span } from '../shared/dto.ts';
import type { JournalEvent } from '../shared/events.ts';
import type { RunState } from '../shared/run-state.ts';
import type { RunStore } from '../store/run-store.ts';
import type { GrowingTrace } from '../telemetry/spans.ts';
import type { Beginning } from './run-beginning.ts';

export type ReadStore = <T>(work: (store: RunStore) => T) => Promise<T>;

interface Trace {
  readonly events: readonly JournalEvent[];
  readonly state: RunState;
  readonly steps: GrowingTrace;
  spans: readonly Span[] | undefined;
}

/** One turn of the event loop reads this many events: a few milliseconds, so that a long record does not make the editor stutter. */
const eventsPerTurn = 1000;
/** How many traces are kept; reading a long one from its beginning at each new event would keep the host busy. */
const tracesKept = 8;
/** A record of no more events is read as fast as its beginning. */
const shortRecord = 5000;

/** The traces of the runs that somebody looks at; of a run that goes on, only what is new is read. */
export class RunTraces {
  readonly #read: ReadStore;
  readonly #known = new Map<string, Promise<Trace>>();
  /** Runs whose record was read to its end once. */
  readonly #whole = new Set<string>();
  readonly #beginnings = new Map<string, Promise<Beginning>>();

  constructor(read: ReadStore) {
    this.#read = read;
  }

  async spans(run: string): Promise<readonly Span[]> {
    const trace = await this.#latest(run);
    return (trace.spans ??= trace.steps.spans(trace.state));
  }

  async events(run: string): Promise<readonly JournalEvent[]> {
    return (await this.#latest(run)).events;
  }

  /** What a long record begins with, while all of it is being read; none where it is known, or short. */
  async beginning(run: string): Promise<Beginning | undefined> {
    if (this.#whole.has(run)) return undefined;
    let beginning = this.#beginnings.get(run);
    if (beginning === undefined) {
      const [{ beginningOf }, { events, kind }] = await Promise.all([import('./run-beginning.ts'), this.#read((store) => store.run(run))]);
      // Spans of other programs come children first: their beginning is no beginning of the tree.
      if (events <= shortRecord || kind === 'trace') return undefined;
      // Another call may have begun to read it meanwhile.
      beginning = this.#beginnings.get(run) ?? this.#read((store) => beginningOf(store, run));
      this.#beginnings.set(run, beginning);
      // Who wants the rest is told by the same failure.
      beginning.then(() => this.#latest(run)).catch(() => undefined).finally(() => this.#beginnings.delete(run));
    }
    return beginning;
  }

  forget(run?: string): void {
    if (run === undefined) {
      this.#known.clear();
      this.#whole.clear();
    } else {
      this.#drop(run);
    }
  }

  #drop(run: string): void {
    this.#known.delete(run);
    this.#whole.delete(run);
  }

  /** Calls for one run queue up behind each other: two at once would both append the same events. */
  #latest(run: string): Promise<Trace> {
    const known = this.#known.get(run);
    // What has failed in the middle has taken events that the next reading would take once more.
    const next = (known ?? Promise.resolve(undefined)).catch(() => undefined).then((trace) => this.#continue(run, trace));
    this.#known.delete(run);
    this.#known.set(run, next);
    next.then(() => this.#known.has(run) && this.#whole.add(run), () => this.#whole.delete(run));
    const [oldest] = this.#known.keys();
    if (this.#known.size > tracesKept && oldest !== undefined) this.#drop(oldest);
    return next;
  }

  async #continue(run: string, known: Trace | undefined): Promise<Trace> {
    const { state, events: last } = await this.#read((store) => store.run(run));
    if (known !== undefined && state === known.state && last === known.events.length) return known;
    const { GrowingTrace } = await import('../telemetry/spans.ts');
    const events = [...(known?.events ?? [])];
    const steps = known?.steps ?? new GrowingTrace();
    for (;;) {
      const page = await this.#read((store) => store.events(run, events.at(-1)?.seq ?? 0, eventsPerTurn));
      events.push(...page);
      steps.add(page);
      if (page.length < eventsPerTurn) break;
      await turn();
    }
    return { events, state, steps, spans: undefined };
  }
}
