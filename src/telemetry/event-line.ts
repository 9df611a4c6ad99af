import type { JournalEvent } from '../shared/events.ts';
import type { StoredValue } from '../shared/json.ts';
import type { EventLine } from '../shared/protocol-trace.ts';
import { unitOf } from '../shared/meters.ts';
import { pictureOf } from './picture-of.ts';

const textLimit = 500;

type NameOf = (step: string) => string | undefined;
const nameless: NameOf = () => undefined;

/** One event of a journal as a line that a person reads. The words are those of the record: names of tools, messages, reasons. `nameOf` tells what a step is called. */
export function eventLine(event: JournalEvent, nameOf: NameOf = nameless): EventLine {
  const { seq, at, type } = event;
  const { text, tone = 'plain' } = told(event, nameOf);
  const picture = pictureOf(resultOf(event));
  return { seq, at, type, tone, text: clipped(text), ...stepOf(event), ...(picture === undefined ? {} : { picture }) };
}

/** The words of a line alone: a filter asks for those of all events. */
export function eventText(event: JournalEvent, nameOf: NameOf = nameless): string {
  return clipped(told(event, nameOf).text);
}

function clipped(text: string): string {
  return text.length <= textLimit ? text : `${text.slice(0, textLimit)}…`;
}

function resultOf(event: JournalEvent): StoredValue | undefined {
  switch (event.type) {
    case 'step.ended': return event.output;
    case 'span.received': return event.output?.value;
    case 'run.result': return event.value;
    default: return undefined;
  }
}

function stepOf(event: JournalEvent): { readonly step?: string } {
  if (event.type === 'span.received') return { step: event.span };
  return 'step' in event && event.step !== undefined ? { step: event.step } : {};
}

function told(event: JournalEvent, nameOf: (step: string) => string | undefined): { readonly text: string; readonly tone?: EventLine['tone'] } {
  switch (event.type) {
    case 'run.created': return { text: `${event.kind} ${event.title}` };
    case 'run.state': return { text: words(`${event.from} → ${event.to}`, event.error?.message), tone: event.error ? 'bad' : 'plain' };
    case 'run.cancelling': return { text: event.reason, tone: 'warn' };
    case 'run.result': return { text: short(event.value) };
    case 'run.replays': return { text: `${event.of} (${event.tokens} tokens)` };
    case 'run.progress': return { text: event.message };
    case 'run.log': return { text: event.message, tone: event.level === 'error' ? 'bad' : event.level === 'warn' ? 'warn' : 'plain' };
    case 'step.started': return { text: words(`${event.kind} ${event.name}`, short(event.input)) };
    case 'step.ended': return { text: words(nameOf(event.step), `${event.status} (${Math.round(event.ms * 10) / 10} ms)`, event.error?.message ?? short(event.output)), tone: event.status === 'ok' ? 'plain' : 'bad' };
    case 'decision': return { text: words(`${event.outcome}: ${event.action}`, event.reason), tone: event.outcome === 'denied' ? 'bad' : 'plain' };
    case 'approval.asked': return { text: words(event.action, event.reason), tone: 'warn' };
    case 'approval.closed': return { text: words(event.how, event.reason ?? event.grant) };
    case 'untrusted.read': return { text: `${event.kind} ${event.source}`, tone: 'warn' };
    case 'lease.created': return { text: `${event.kind} ${event.label}` };
    case 'lease.identified': return { text: words(event.lease, event.identity.pid === undefined ? undefined : `pid ${event.identity.pid}`) };
    case 'lease.destroyed': return { text: words(event.how, event.error?.message), tone: event.verified ? 'plain' : 'bad' };
    case 'meter': return { text: `${event.meter} ${event.value} ${unitOf(event.meter)} (${event.mark}: ${event.source})` };
    case 'egress.used': return { text: words(event.hosts.map(({ host }) => host).join(', '), event.refused.map(({ action }) => action).join(', ')) };
    case 'file.written': return { text: event.path };
    case 'run.child': return { text: `${event.agent} ${event.child}` };
    case 'topic.message': return { text: words(`${event.topic} ${event.number}`, short(event.message)) };
    case 'package.used': return { text: `${event.name}@${event.version}` };
    case 'tools.known': return { text: `${event.tools} tools, about ${event.tokens} tokens; told of ${event.toldTools}, about ${event.toldTokens}` };
    case 'trace.received': return { text: `${event.service} ${event.trace}` };
    case 'span.received': return { text: words(`${event.kind} ${event.name} (${Math.round(event.ms * 10) / 10} ms)`, event.message ?? short(event.input?.value)), tone: event.status === 'error' ? 'bad' : 'plain' };
    case 'trace.grown': return { text: `${event.spans}` };
    case 'run.tagged': return { text: [...event.add.map((tag) => `+${tag}`), ...event.remove.map((tag) => `-${tag}`)].join(' ') };
    case 'ask': return { text: event.question, tone: 'warn' };
    case 'answer': return { text: event.answer };
    case 'ask.closed': return { text: event.reason };
    case 'message.queued': return { text: event.text };
    case 'message.read': case 'message.withdrawn': return { text: event.message };
    case 'plan.updated': return { text: event.steps.map(({ text, state }) => `${state}: ${text}`).join('; ') };
    case 'repair.round': return { text: `${event.round}/${event.of}: ${event.problem}`, tone: 'warn' };
  }
}

function words(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' · ');
}

/** Cut before it is made a text of: a value may be large, and only its beginning is shown. */
function short(value: StoredValue | undefined): string {
  if (value === undefined) return '';
  if ('blob' in value) return value.preview === '' ? `${value.mediaType}, ${value.bytes} bytes` : value.preview;
  return typeof value.json === 'string' ? value.json : JSON.stringify(value.json);
}
