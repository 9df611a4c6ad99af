import type { HrTime } from '@opentelemetry/api';
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { Attributes, OtelSpan } from './otel-span.ts';
import type { TraceExportSettings } from './export-settings.ts';

/** Spans of one run; those of several runs go out in one request. */
export interface SpanGroup {
  readonly resource: Attributes;
  readonly spans: readonly OtelSpan[];
}

export const contentTypes: Readonly<Record<TraceExportSettings['encoding'], string>> = { protobuf: 'application/x-protobuf', json: 'application/json' };

/** An ExportTraceServiceRequest by the official serializers. Loaded at the first export only. */
export function encodeSpans(groups: readonly SpanGroup[], encoding: TraceExportSettings['encoding'], version: string): Uint8Array {
  const instrumentationScope = { name: 'infrastructure-assassin', version };
  const readable = groups.flatMap(({ resource: attributes, spans }) => {
    const resource = resourceFromAttributes(attributes);
    return spans.map((span): ReadableSpan => readableSpan(span, { resource, instrumentationScope }));
  });
  const bytes = (encoding === 'protobuf' ? ProtobufTraceSerializer : JsonTraceSerializer).serializeRequest(readable);
  return bytes ?? new Uint8Array();
}

/** How many spans the collector has not taken, of an answer that is none of an error. */
export function rejectedSpans(answer: Uint8Array, encoding: TraceExportSettings['encoding']): { readonly spans: number; readonly message: string } {
  try {
    const partial = answer.length === 0 ? undefined : (encoding === 'protobuf' ? ProtobufTraceSerializer : JsonTraceSerializer).deserializeResponse(answer).partialSuccess;
    return { spans: Number(partial?.rejectedSpans ?? 0) || 0, message: partial?.errorMessage ?? '' };
  } catch {
    // Collectors answer with a page of text where OTLP wants a message; the status has said that all went well.
    return { spans: 0, message: '' };
  }
}

const sampled = 1;

function readableSpan(span: OtelSpan, common: Pick<ReadableSpan, 'resource' | 'instrumentationScope'>): ReadableSpan {
  const { traceId, spanId, parentSpanId, name, kind, attributes } = span;
  const context = { traceId, spanId, traceFlags: sampled };
  return {
    ...common,
    name,
    // The interface counts kinds from 0 and OTLP from 1.
    kind: kind - 1,
    spanContext: () => context,
    ...(parentSpanId === undefined ? {} : { parentSpanContext: { traceId, spanId: parentSpanId, traceFlags: sampled } }),
    startTime: hrTime(span.startedAt), endTime: hrTime(span.endedAt), duration: hrTime(span.endedAt - span.startedAt),
    status: span.status,
    attributes, links: [], events: span.events.map(({ at, name: event, attributes: of }) => ({ time: hrTime(at), name: event, attributes: of })),
    ended: true, droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0,
  };
}

/** Seconds and nanoseconds. */
function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000);
  const whole = Math.floor(ms);
  return [seconds, (whole - seconds * 1000) * 1_000_000 + Math.round((ms - whole) * 1e6)];
}
