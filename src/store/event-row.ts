import type { EventBody, JournalEvent } from '../shared/events.ts';

/** An event as its table holds it: what is looked for in columns, the rest as JSON. */
export interface EventRow {
  readonly run: string;
  readonly seq: number;
  readonly at: number;
  readonly type: string;
  readonly body: string;
}

export function toEvent({ body, ...head }: EventRow): JournalEvent {
  return { ...(JSON.parse(body) as EventBody), ...head } as JournalEvent;
}

/** The values of its row, in the order of its columns. */
export function rowOf(event: JournalEvent): readonly [run: string, seq: number, at: number, type: string, body: string] {
  const { run, seq, at, type } = event;
  // Cheaper than a copy without them: what has columns of its own is left out of the text because it is undefined there.
  return [run, seq, at, type, JSON.stringify({ ...event, run: undefined, seq: undefined, at: undefined, type: undefined })];
}
