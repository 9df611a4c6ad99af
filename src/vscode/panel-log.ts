import { formatBytes } from '../shared/bytes.ts';
import type { EventOf, JournalEvent } from '../shared/events.ts';
import type { LogLine, LogPage } from '../shared/protocol.ts';
import { clip } from './panel-rows.ts';

const lineLimit = 4000;

/** What a run said, was asked and was refused, in order. */
export function logLinesOf(events: readonly JournalEvent[]): readonly LogLine[] {
  return events.flatMap((event) => lineOf(event) ?? []);
}

function lineOf(event: JournalEvent): LogLine | undefined {
  const { seq, at } = event;
  const line = (kind: LogLine['kind'], message: string): LogLine => ({ seq, at, kind, message: clip(message, lineLimit) });
  switch (event.type) {
    case 'run.progress':
      return { ...line('progress', event.message), ...(event.fraction === undefined ? {} : { fraction: event.fraction }) };
    case 'run.log':
      return line(event.level, event.message);
    case 'decision':
      return event.outcome === 'denied' ? line('denied', `${event.action}. ${event.reason}`) : undefined;
    case 'egress.used':
      return line('info', networkLine(event));
    case 'ask':
      return line('question', event.question);
    case 'answer':
      return line('answer', event.answer);
    case 'run.cancelling':
      return line('stop', event.reason);
    default:
      return undefined;
  }
}

/** What the pages of a browser reached and how often they were refused; why stands with each decision. */
function networkLine({ hosts, refused }: EventOf<'egress.used'>): string {
  const reached = hosts.map(({ host, requests, received, sent }) => `${host} (${requests}, ${formatBytes(received)} received, ${formatBytes(sent)} sent)`);
  const not = refused.map(({ action, attempts }) => `${action} (${attempts})`);
  return [...(reached.length === 0 ? [] : [`Pages reached ${reached.join(', ')}.`]), ...(not.length === 0 ? [] : [`Refused: ${not.join(', ')}.`])].join(' ');
}

export function logPage(lines: readonly LogLine[], after: number | undefined, limit: number): LogPage {
  const progress = lines.findLast((line) => line.kind === 'progress');
  const page = after === undefined ? lines.slice(-limit) : lines.slice(firstAfter(lines, after)).slice(0, limit);
  return { lines: page, total: lines.length, ...(progress ? { progress } : {}) };
}

function firstAfter(lines: readonly LogLine[], seq: number): number {
  const index = lines.findIndex((line) => line.seq > seq);
  return index === -1 ? lines.length : index;
}
