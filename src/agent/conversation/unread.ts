import type { EventOf, JournalEvent } from '../../shared/events.ts';

/**
 * What the person had said and no request has carried. A turn that had taken a message and was interrupted before it asked, for example while it looked up what
 * the message names, has not told it to anybody.
 */
export function unreadOf(events: readonly JournalEvent[]): readonly string[] {
  const asked = new Set(events.flatMap((event) => (event.type === 'step.started' && event.kind === 'model' && event.parent !== undefined ? [event.parent] : [])));
  const gone = new Set(events.flatMap((event) => (event.type === 'message.withdrawn' || (event.type === 'message.read' && asked.has(event.step)) ? [event.message] : [])));
  return events.filter((event): event is EventOf<'message.queued'> => event.type === 'message.queued' && !gone.has(event.message)).map(({ text }) => text);
}
