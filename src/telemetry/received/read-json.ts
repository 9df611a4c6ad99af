import * as z from 'zod';
import { AssassinError } from '../../shared/errors.ts';
import type { Json, JsonObject } from '../../shared/json.ts';
import { plainIssue } from '../../shared/plain-issue.ts';
import { deepest, msOfNanoseconds, type ReceivedSpan } from './received-span.ts';

/** 64-bit numbers are texts in OTLP's JSON, and plain numbers where somebody did not know. */
const whole = z.union([z.string().regex(/^-?\d{1,20}$/), z.number()]);
const keyValues = z.array(z.object({ key: z.string(), value: z.unknown() })).nullish();
const text = z.string().nullish();
const requestSchema = z.object({
  resourceSpans: z.array(z.object({
    resource: z.object({ attributes: keyValues }).nullish(),
    scopeSpans: z.array(z.object({
      scope: z.object({ name: text, version: text }).nullish(),
      spans: z.array(z.object({
        traceId: z.string(), spanId: z.string(), parentSpanId: text, name: text, kind: z.number().nullish(), startTimeUnixNano: whole, endTimeUnixNano: whole, attributes: keyValues,
        events: z.array(z.object({ timeUnixNano: whole, name: text, attributes: keyValues })).nullish(),
        links: z.array(z.object({ traceId: z.string(), spanId: z.string(), attributes: keyValues })).nullish(),
        status: z.object({ code: z.number().nullish(), message: text }).nullish(),
      })).nullish(),
    })).nullish(),
  })).nullish(),
});

/** The spans of an ExportTraceServiceRequest in the JSON encoding of OTLP. Throws `invalid-input`. */
export function readJson(bytes: Uint8Array): readonly ReceivedSpan[] {
  const parsed = requestSchema.safeParse(parse(bytes));
  if (!parsed.success) {
    throw new AssassinError('invalid-input', `This is no list of spans: ${parsed.error.issues.slice(0, 1).map(plainIssue).join('')}.`, { hint: 'Send an ExportTraceServiceRequest.' });
  }
  return (parsed.data.resourceSpans ?? []).flatMap(({ resource, scopeSpans }) => (scopeSpans ?? []).flatMap(({ scope, spans }) => (spans ?? []).map((span): ReceivedSpan => ({
    traceId: span.traceId.toLowerCase(), spanId: span.spanId.toLowerCase(), ...(span.parentSpanId ? { parentSpanId: span.parentSpanId.toLowerCase() } : {}),
    name: span.name ?? '', kind: span.kind ?? 0, startedAt: time(span.startTimeUnixNano), endedAt: time(span.endTimeUnixNano),
    status: { code: span.status?.code ?? 0, message: span.status?.message ?? '' }, attributes: attributesOf(span.attributes, 0),
    events: (span.events ?? []).map((event) => ({ at: time(event.timeUnixNano), name: event.name ?? '', attributes: attributesOf(event.attributes, 0) })),
    links: (span.links ?? []).map(({ traceId, spanId, attributes }) => ({ traceId: traceId.toLowerCase(), spanId: spanId.toLowerCase(), attributes: attributesOf(attributes, 0) })),
    resource: attributesOf(resource?.attributes, 0), scope: { name: scope?.name ?? '', version: scope?.version ?? '' },
  }))));
}

const time = (nanoseconds: string | number) => (typeof nanoseconds === 'number' && !Number.isInteger(nanoseconds) ? Number.NaN : msOfNanoseconds(BigInt(nanoseconds)));

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new AssassinError('invalid-input', 'The body is not JSON.', { hint: 'Send an ExportTraceServiceRequest.', cause });
  }
}

function attributesOf(list: z.infer<typeof keyValues>, depth: number): JsonObject {
  return Object.fromEntries((list ?? []).map(({ key, value }) => [key, valueOf(value, depth)]));
}

const anyValue = z.object({
  stringValue: z.string(), boolValue: z.boolean(), intValue: whole, doubleValue: z.union([z.number(), z.string()]), bytesValue: z.string(),
  arrayValue: z.object({ values: z.array(z.unknown()).nullish() }), kvlistValue: z.object({ values: keyValues }),
}).partial();

function valueOf(value: unknown, depth: number): Json {
  const parsed = anyValue.safeParse(value);
  if (!parsed.success) return null;
  const { stringValue, boolValue, intValue, doubleValue, bytesValue, arrayValue, kvlistValue } = parsed.data;
  if (intValue !== undefined) return Number(intValue);
  if (doubleValue !== undefined) return Number.isFinite(Number(doubleValue)) ? Number(doubleValue) : String(doubleValue);
  if (depth < deepest && arrayValue !== undefined) return (arrayValue.values ?? []).map((item) => valueOf(item, depth + 1));
  if (depth < deepest && kvlistValue !== undefined) return attributesOf(kvlistValue.values, depth + 1);
  return stringValue ?? boolValue ?? bytesValue ?? null;
}
