import type { JournalEvent } from '../shared/events.ts';

/** Of one event. A page of text is found by its beginning; what is longer lies in a blob and is only named here. */
const maxCharacters = 4000;
/** Fields that hold no words: ids, hashes and kinds. */
const wordless = new Set(['blob', 'mediaType', 'bytes', 'step', 'parent', 'lease', 'call', 'callId', 'id', 'kind', 'status', 'effect', 'role', 'hash', 'after', 'type']);

/** The words of an event by which its run may be looked for; `undefined` where it has none. What a run measured, leased and began is not among them. */
export function textOf(event: JournalEvent): string | undefined {
  switch (event.type) {
    case 'run.created':
      return words([event.title, event.source, event.input]);
    case 'run.result':
      return words(event.value);
    case 'run.log':
      return words(event.message);
    case 'run.state':
      return event.error === undefined ? undefined : words(event.error.message);
    case 'step.started':
      return words([event.name, event.input]);
    case 'step.ended':
      return words([event.output, event.error?.message]);
    case 'decision':
      return words([event.action, event.reason]);
    case 'span.received':
      return words([event.name, event.input?.value, event.output?.value, event.attributes, event.moments, event.message]);
    case 'run.tagged':
      return words(event.add);
    case 'file.written':
      return event.path;
    case 'ask':
      return event.question;
    case 'answer':
      return event.answer;
    case 'message.queued':
      return event.text;
    case 'plan.updated':
      return words(event.steps.map(({ text }) => text));
    default:
      return undefined;
  }
}

function words(value: unknown): string | undefined {
  const parts: string[] = [];
  let left = maxCharacters;
  const stack: unknown[] = [value];
  while (stack.length > 0 && left > 0) {
    const item = stack.pop();
    if (typeof item === 'string') {
      parts.push(item.slice(0, left));
      left -= item.length + 1;
    } else if (Array.isArray(item)) {
      for (let i = item.length - 1; i >= 0; i--) stack.push(item[i]);
    } else if (typeof item === 'object' && item !== null) {
      for (const [name, inner] of Object.entries(item).toReversed()) if (!wordless.has(name) || typeof inner === 'object') stack.push(inner);
    }
  }
  return parts.length === 0 ? undefined : parts.join('\n');
}
