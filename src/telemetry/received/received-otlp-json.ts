import type { EventOf, JournalEvent } from '../../shared/events.ts';
import { isObject, type Json, type JsonObject, type StoredValue } from '../../shared/json.ts';
import { wholeValue } from '../../store/whole-value.ts';
import { keyValues } from '../otlp/any-value.ts';
import { nanoseconds } from '../otlp-json.ts';

type ReadBlob = (hash: string) => Promise<Uint8Array>;
type Received = EventOf<'span.received'>;

const statusCodes: Readonly<Record<Received['status'], number>> = { unset: 0, ok: 1, error: 2 };

/** The trace of another program as it came: with its own ids, names and attributes, and not in our words, in which half of them would be missing. */
export async function receivedOtlpJson(events: readonly JournalEvent[], readBlob: ReadBlob): Promise<{ readonly resourceSpans: readonly object[] }> {
  const trace = events.find((event) => event.type === 'trace.received');
  if (trace?.type !== 'trace.received') return { resourceSpans: [] };
  const received = events.filter((event): event is Received => event.type === 'span.received');
  const scopes = Map.groupBy(received, ({ scope }) => JSON.stringify(scope ?? {}));
  const scopeSpans: object[] = [];
  for (const [scope, steps] of scopes) {
    const spans: object[] = [];
    for (const step of steps) spans.push(await spanOf(step, trace.trace, readBlob));
    scopeSpans.push({ scope: JSON.parse(scope) as object, spans });
  }
  return { resourceSpans: [{ resource: { attributes: keyValues(await objectIn(trace.resource, readBlob)) }, scopeSpans }] };
}

async function spanOf(step: Received, traceId: string, readBlob: ReadBlob): Promise<object> {
  const attributes = { ...(await objectIn(step.attributes, readBlob)) };
  for (const held of [step.input, step.output]) if (held !== undefined) attributes[held.name] = await wholeValue(held.value, readBlob);
  const moments = await objectsIn(step.moments, readBlob);
  const links = await objectsIn(step.links, readBlob);
  return {
    traceId, spanId: step.span, ...(step.parent === undefined ? {} : { parentSpanId: step.parent }), name: step.name, kind: step.spanKind ?? 0,
    startTimeUnixNano: nanoseconds(step.startedAt), endTimeUnixNano: nanoseconds(step.startedAt + step.ms),
    attributes: keyValues(attributes),
    events: moments.map(({ at, name, attributes: of }) => ({ timeUnixNano: nanoseconds(typeof at === 'number' ? at : step.startedAt), name, attributes: keyValues(isObject(of) ? of : {}) })),
    links: links.map(({ traceId: trace, spanId, attributes: of }) => ({ traceId: trace, spanId, attributes: keyValues(isObject(of) ? of : {}) })),
    status: { code: statusCodes[step.status], ...(step.message === undefined ? {} : { message: step.message }) },
  };
}

async function objectIn(stored: StoredValue, readBlob: ReadBlob): Promise<JsonObject> {
  const value = await wholeValue(stored, readBlob);
  return isObject(value) ? value : {};
}

async function objectsIn(stored: StoredValue | undefined, readBlob: ReadBlob): Promise<readonly JsonObject[]> {
  const value = stored === undefined ? [] : await wholeValue(stored, readBlob);
  return Array.isArray(value) ? value.filter((each: Json) => isObject(each)) : [];
}
