import type { RunSummary } from '../shared/dto.ts';
import type { JournalEvent } from '../shared/events.ts';
import { keyValues } from './otlp/any-value.ts';
import { otelSpansOf, resourceAttributes } from './otlp/otel-span.ts';

/** One run in the JSON encoding of OTLP (an ExportTraceServiceRequest), as any OpenTelemetry collector takes it at /v1/traces. */
export function otlpJsonOf(summary: RunSummary, events: readonly JournalEvent[], version: string): { readonly resourceSpans: readonly object[] } {
  const spans = otelSpansOf(summary, events).map(({ startedAt, endedAt, attributes, events: moments, ...span }) => ({
    ...span,
    startTimeUnixNano: nanoseconds(startedAt),
    endTimeUnixNano: nanoseconds(endedAt),
    attributes: keyValues(attributes),
    events: moments.map((event) => ({ timeUnixNano: nanoseconds(event.at), name: event.name, attributes: keyValues(event.attributes) })),
  }));
  return {
    resourceSpans: [{
      resource: { attributes: keyValues(resourceAttributes(summary, version)) },
      scopeSpans: [{ scope: { name: 'infrastructure-assassin', version }, spans }],
    }],
  };
}

/** Milliseconds since 1970 as a decimal string of nanoseconds: beyond what a JSON number holds exactly. */
export function nanoseconds(ms: number): string {
  const whole = Math.floor(ms);
  return (BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1e6))).toString();
}
