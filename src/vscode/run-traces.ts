import { setImmediate as turn } from 'node:timers/promises';
import type { Span } from '../shared/dto.ts';
import type { JournalEvent } from '../shared/events.ts';
import type { RunState } from '../shared/run-state.ts';
import type { RunStore } from '../store/run-store.ts';

export type ReadStore = <T>(work: (store: RunStore) => T) => Promise<T>;

interface Trace {
  readonly events: readonly JournalEvent[];
  readonly spans: readonly Span[];
  readonly state: RunState;
}

/** One turn of the event loop reads this many events: a few milliseconds, so that a long record does not make the editor stutter. */
const eventsPerTurn = 1000;
/** How many traces are kept; reading a long one from its beginning at each new event would keep the host busy. */
const tracesKept = 8;

const nothing: Trace = { events: [], spans: [], state: 'queued' };

/** The traces of the runs that somebody looks at; of a run that goes on, only what is new is read. */
export class RunTraces {
  readonly #read: ReadStore;
  readonly #known = new Map<string, Promise<Trace>>();

  constructor(read: ReadStore) {
    this.#read = read;
  }

  async spans(run: string): Promise<readonly Span[]> {
    return (await this.#latest(run)).spans;
  }

  async events(run: string): Promise<readonly JournalEvent[]> {
    return (await this.#latest(run)).events;
  }

  forget(run?: string): void {
    if (run === undefined) this.#known.clear();
    else this.#known.delete(run);
  }

  /** Calls for one run queue up behind each other: two at once would both append the same events. */
  #latest(run: string): Promise<Trace> {
    const known = this.#known.get(run) ?? Promise.resolve(nothing);
    const next = known.catch(() => nothing).then((trace) => this.#continue(run, trace));
    this.#known.delete(run);
    this.#known.set(run, next);
    const [oldest] = this.#known.keys();
    if (this.#known.size > tracesKept && oldest !== undefined) this.#known.delete(oldest);
    return next;
  }

  async #continue(run: string, known: Trace): Promise<Trace> {
    const { state, events: last } = await this.#read((store) => store.run(run));
    if (state === known.state && last === known.events.length) return known;
    const events = [...known.events];
    for (;;) {
      const page = await this.#read((store) => store.events(run, events.at(-1)?.seq ?? 0, eventsPerTurn));
      events.push(...page);
      if (page.length < eventsPerTurn) break;
      await turn();
    }
    const { spansOf } = await import('../telemetry/spans.ts');
    return { events, state, spans: spansOf(events, state) };
  }
}
