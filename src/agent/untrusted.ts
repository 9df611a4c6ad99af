import type { RunScope } from '../run/run-scope.ts';
import type { UntrustedSource } from '../shared/approvals.ts';
import type { JournalEvent } from '../shared/events.ts';
import { suspicionsIn, type Suspicion } from './suspicions.ts';

/**
 * Text of strangers, marked as such for the model, with what is odd about it. The mark protects nothing by itself, a model may be fooled all the same: the
 * gate is what protects. But it keeps honest models from mistaking a page for the person.
 */
export function asData(source: string, text: string, [suspicion]: readonly Suspicion[] = []): string {
  const warning = suspicion === undefined ? '' : ` warning=${JSON.stringify(`${suspicion.what}: not from the person`)}`;
  return `<data source=${JSON.stringify(source)}${warning}>\n${text.replace(/<(?=\/?data\b)/gi, '&lt;')}\n</data>`;
}

/** As `asData`, with a hint in the trace where the text looks as if it were meant for the model. */
export function asStrangersData(source: string, text: string, scope: Pick<RunScope, 'log'>): string {
  const suspicions = suspicionsIn(text);
  const [first] = suspicions;
  if (first !== undefined) scope.log('warn', `Text of ${source} ${first.what}: "${first.excerpt}". It was passed on as data; what may be done is decided as always.`);
  return asData(source, text, suspicions);
}

/** What a run has read that strangers wrote, as its record says. Steps are of that run, and mean nothing in another one. */
export function untrustedIn(events: readonly JournalEvent[]): readonly UntrustedSource[] {
  return events.flatMap((event) => (event.type === 'untrusted.read' ? [{ kind: event.kind, source: event.source }] : []));
}
