import { setImmediate as turn } from 'node:timers/promises';
import type { JournalEvent } from '../shared/events.ts';
import type { EventLine, EventPage } from '../shared/protocol-trace.ts';
import { eventLine, eventText } from '../telemetry/event-line.ts';

/** A search looks at this many in some 10 ms. */
const eventsPerTurn = 5000;

/** The lines of one run that pass a filter. Of a run that goes on only what is new is looked at; lines themselves are made when they are shown. */
export class PanelEvents {
  readonly run: string;
  readonly filter: string;
  readonly #words: readonly string[];
  #events: readonly JournalEvent[] = [];
  /** Indexes of the events that pass; none where all do. */
  readonly #passing: number[] = [];
  /** Of steps: the end of one does not say it again. */
  readonly #names = new Map<string, string>();

  constructor(run: string, filter: string) {
    this.run = run;
    this.filter = filter;
    this.#words = filter.toLowerCase().split(/\s+/).filter((word) => word !== '');
  }

  /** Looks at what is new, a little at a time: the host does other things in between. False where `events` do not go on from those that are known: another record. */
  async grow(events: readonly JournalEvent[]): Promise<boolean> {
    if (events.length < this.#events.length) return false;
    while (this.#events.length < events.length) {
      if (this.#events.length > 0) await turn();
      // Another call may have gone on meanwhile, or further.
      if (this.#events.length < events.length) this.#look(events, Math.min(events.length, this.#events.length + eventsPerTurn));
    }
    return true;
  }

  #look(events: readonly JournalEvent[], end: number): void {
    for (let i = this.#events.length; i < end; i++) {
      const event = events[i]!;
      if (event.type === 'step.started') this.#names.set(event.step, event.name);
      if (this.#words.length > 0 && this.#passes(event)) this.#passing.push(i);
    }
    this.#events = end === events.length ? events : events.slice(0, end);
  }

  page(offset: number, limit: number): EventPage {
    const shown = this.#words.length === 0 ? this.#events.slice(offset, offset + limit) : this.#passing.slice(offset, offset + limit).map((i) => this.#events[i]!);
    return { offset, lines: shown.map((event) => this.#line(event)), total: this.#words.length === 0 ? this.#events.length : this.#passing.length, events: this.#events.length };
  }

  #line(event: JournalEvent): EventLine {
    return eventLine(event, (step) => this.#names.get(step));
  }

  #passes(event: JournalEvent): boolean {
    const whole = `${event.type} ${eventText(event, (step) => this.#names.get(step))}`.toLowerCase();
    return this.#words.every((word) => whole.includes(word));
  }
}
