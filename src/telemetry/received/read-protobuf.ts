import { PbfReader } from 'pbf';
import { AssassinError } from '../../shared/errors.ts';
import type { Json, JsonObject } from '../../shared/json.ts';
import { deepest, msOfNanoseconds, type ReceivedSpan } from './received-span.ts';

type Fields = Readonly<Record<number, (reader: PbfReader) => void>>;

/** The spans of an ExportTraceServiceRequest in protobuf, by the field numbers of opentelemetry-proto 1.x. Throws `invalid-input`. */
export function readProtobuf(bytes: Uint8Array): readonly ReceivedSpan[] {
  const spans: ReceivedSpan[] = [];
  try {
    const reader = new PbfReader(bytes);
    message(reader, bytes.length, { 1: (at) => nested(at, () => resourceSpans(at, spans)) });
  } catch (cause) {
    throw new AssassinError('invalid-input', 'This is no list of spans in protobuf.', { hint: 'Send an ExportTraceServiceRequest.', cause });
  }
  return spans;
}

/** Where the message that is being read ends; the library keeps that to itself. */
let messageEnd = 0;

function resourceSpans(reader: PbfReader, spans: ReceivedSpan[]): void {
  let resource: JsonObject = {};
  const from = spans.length;
  message(reader, messageEnd, {
    1: (at) => nested(at, () => { resource = attributesMessage(at, 1); }),
    2: (at) => nested(at, () => scopeSpans(at, spans)),
  });
  // The resource may stand behind its spans.
  for (let i = from; i < spans.length; i++) spans[i] = { ...spans[i]!, resource };
}

function scopeSpans(reader: PbfReader, spans: ReceivedSpan[]): void {
  const scope = { name: '', version: '' };
  const from = spans.length;
  message(reader, messageEnd, {
    1: (at) => nested(at, () => message(at, messageEnd, { 1: () => { scope.name = at.readString(); }, 2: () => { scope.version = at.readString(); } })),
    2: (at) => nested(at, () => spans.push(span(at))),
  });
  for (let i = from; i < spans.length; i++) spans[i] = { ...spans[i]!, scope };
}

function span(reader: PbfReader): ReceivedSpan {
  const head = { traceId: '', spanId: '', parentSpanId: '', name: '', kind: 0, startedAt: 0, endedAt: 0 };
  const status = { code: 0, message: '' };
  const attributes: [string, Json][] = [];
  const events: ReceivedSpan['events'][number][] = [];
  const links: ReceivedSpan['links'][number][] = [];
  message(reader, messageEnd, {
    1: (at) => { head.traceId = hex(at); }, 2: (at) => { head.spanId = hex(at); }, 4: (at) => { head.parentSpanId = hex(at); },
    5: (at) => { head.name = at.readString(); }, 6: (at) => { head.kind = at.readVarint(); },
    7: (at) => { head.startedAt = time(at); }, 8: (at) => { head.endedAt = time(at); },
    9: (at) => nested(at, () => attributes.push(keyValue(at, 0))),
    11: (at) => nested(at, () => events.push(moment(at))),
    13: (at) => nested(at, () => links.push(link(at))),
    15: (at) => nested(at, () => message(at, messageEnd, { 2: () => { status.message = at.readString(); }, 3: () => { status.code = at.readVarint(); } })),
  });
  const { parentSpanId, ...rest } = head;
  return { ...rest, ...(parentSpanId === '' ? {} : { parentSpanId }), status, attributes: Object.fromEntries(attributes), events, links, resource: {}, scope: { name: '', version: '' } };
}

function moment(reader: PbfReader): ReceivedSpan['events'][number] {
  const event = { at: 0, name: '' };
  const attributes: [string, Json][] = [];
  message(reader, messageEnd, { 1: (at) => { event.at = time(at); }, 2: (at) => { event.name = at.readString(); }, 3: (at) => nested(at, () => attributes.push(keyValue(at, 0))) });
  return { ...event, attributes: Object.fromEntries(attributes) };
}

function link(reader: PbfReader): ReceivedSpan['links'][number] {
  const to = { traceId: '', spanId: '' };
  const attributes: [string, Json][] = [];
  message(reader, messageEnd, { 1: (at) => { to.traceId = hex(at); }, 2: (at) => { to.spanId = hex(at); }, 4: (at) => nested(at, () => attributes.push(keyValue(at, 0))) });
  return { ...to, attributes: Object.fromEntries(attributes) };
}

function attributesMessage(reader: PbfReader, field: number): JsonObject {
  const attributes: [string, Json][] = [];
  message(reader, messageEnd, { [field]: (at) => nested(at, () => attributes.push(keyValue(at, 0))) });
  return Object.fromEntries(attributes);
}

function keyValue(reader: PbfReader, depth: number): [string, Json] {
  const pair: [string, Json] = ['', null];
  message(reader, messageEnd, { 1: (at) => { pair[0] = at.readString(); }, 2: (at) => nested(at, () => { pair[1] = anyValue(at, depth); }) });
  return pair;
}

function anyValue(reader: PbfReader, depth: number): Json {
  let value: Json = null;
  const nests = depth < deepest;
  message(reader, messageEnd, {
    1: (at) => { value = at.readString(); }, 2: (at) => { value = at.readBoolean(); }, 3: (at) => { value = at.readVarint(true); }, 4: (at) => { value = finite(at.readDouble()); },
    7: (at) => { value = Buffer.from(at.readBytes()).toString('base64'); },
    5: (at) => nested(at, () => {
      const values: Json[] = [];
      message(at, messageEnd, nests ? { 1: () => nested(at, () => values.push(anyValue(at, depth + 1))) } : {});
      value = values;
    }),
    6: (at) => nested(at, () => {
      const pairs: [string, Json][] = [];
      message(at, messageEnd, nests ? { 1: () => nested(at, () => pairs.push(keyValue(at, depth + 1))) } : {});
      value = Object.fromEntries(pairs);
    }),
  });
  return value;
}

/** What JSON has no number for. */
const finite = (value: number): Json => (Number.isFinite(value) ? value : String(value));
const time = (reader: PbfReader) => {
  const low = BigInt(reader.readFixed32());
  return msOfNanoseconds(low + (BigInt(reader.readFixed32()) << 32n));
};
const hex = (reader: PbfReader) => Buffer.from(reader.readBytes()).toString('hex');

/** Reads the length that stands in front of a message, and then the message. */
function nested(reader: PbfReader, read: () => void): void {
  const outer = messageEnd;
  const end = reader.readVarint() + reader.pos;
  if (end > outer) throw new RangeError('A message is longer than the one around it.');
  messageEnd = end;
  read();
  messageEnd = outer;
}

/** The library reads beyond the end of a message without a word; a message must end where its length says. */
function message(reader: PbfReader, end: number, fields: Fields): void {
  messageEnd = end;
  reader.readFields((field) => {
    fields[field]?.(reader);
    messageEnd = end;
    if (reader.pos > end) throw new RangeError('A field goes on beyond its message.');
  }, undefined, end);
  if (reader.pos !== end) throw new RangeError('A message does not end where it should.');
}
