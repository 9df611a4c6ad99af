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
