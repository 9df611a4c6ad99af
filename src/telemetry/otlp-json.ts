import { createHash } from 'node:crypto';
import type { RunSummary, Span } from '../shared/dto.ts';
import type { EventOf, JournalEvent } from '../shared/events.ts';
import type { StoredValue } from '../shared/json.ts';
import { isPeakMeter } from '../shared/meters.ts';
import { mcpNameOf, otelNaming, otelSpanName, otelStatus, ownPrefix } from './otel-names.ts';
import { spansOf } from './spans.ts';

type Attribute = { readonly key: string; readonly value: { readonly stringValue: string } | { readonly boolValue: boolean } | { readonly doubleValue: number } };

/** One run in the JSON encoding of OTLP (an ExportTraceServiceRequest), as any OpenTelemetry collector takes it at /v1/traces. */
export function otlpJsonOf(summary: RunSummary, events: readonly JournalEvent[], version: string): { readonly resourceSpans: readonly object[] } {
  const traceId = hexId(summary.id, 32);
  const last = events.at(-1)?.at ?? summary.createdAt;
  const decisions = decisionsByStep(events);
  const spans = spansOf(events, summary.state).map((span) => {
    const naming = otelNaming(span.kind);
    return {
      traceId,
      spanId: hexId(span.id, 16),
      ...(span.parent === undefined ? {} : { parentSpanId: hexId(span.parent, 16) }),
      name: otelSpanName(span.kind, span.name),
      kind: naming.spanKind,
      startTimeUnixNano: nanoseconds(span.startedAt),
      // OTLP has no open spans: one without an end is closed where the record stops, and says so in its attributes.
      endTimeUnixNano: nanoseconds(span.endedAt ?? Math.max(last, span.startedAt)),
      attributes: [...attributesOf(span), ...(span.kind === 'run' ? meterAttributes(events) : [])],
      events: (decisions.get(span.id) ?? []).map((event) => ({
        timeUnixNano: nanoseconds(event.at),
        name: `${ownPrefix}.decision`,
        attributes: [text(`${ownPrefix}.action`, event.action), text(`${ownPrefix}.outcome`, event.outcome), text(`${ownPrefix}.reason`, event.reason)],
      })),
      status: span.status === 'ok' ? { code: otelStatus.ok } : span.error ? { code: otelStatus.error, message: span.error.message } : { code: otelStatus.unset },
    };
  });
  return {
    resourceSpans: [{
      resource: { attributes: [text('service.name', 'infrastructure-assassin'), text('service.version', version), text(`${ownPrefix}.run.id`, summary.id), text(`${ownPrefix}.run.state`, summary.state)] },
      scopeSpans: [{ scope: { name: 'infrastructure-assassin', version }, spans }],
    }],
  };
}

function attributesOf(span: Span): readonly Attribute[] {
  const naming = otelNaming(span.kind);
  const mcp = span.kind === 'mcp' ? mcpNameOf(span.name) : undefined;
  return [
    ...(naming.operation === undefined ? [] : [text('gen_ai.operation.name', naming.operation)]),
    text(naming.nameAttribute, mcp?.tool ?? span.name),
    ...(naming.operation === 'execute_tool' ? [text('gen_ai.tool.type', mcp ? 'extension' : 'function')] : []),
    ...(mcp ? [text('mcp.method.name', 'tools/call'), text(`${ownPrefix}.mcp.server`, mcp.server)] : []),
    text(`${ownPrefix}.step.kind`, span.kind),
    text(`${ownPrefix}.step.status`, span.status),
    ...(span.input === undefined ? [] : [text(naming.inputAttribute, storedText(span.input))]),
    ...(span.output === undefined ? [] : [text(naming.outputAttribute, storedText(span.output))]),
    ...(span.error === undefined ? [] : [text('error.type', span.error.code)]),
  ];
}

function meterAttributes(events: readonly JournalEvent[]): readonly Attribute[] {
  const sums = new Map<string, number>();
  for (const event of events) {
    if (event.type !== 'meter') continue;
    const before = sums.get(event.meter);
    sums.set(event.meter, before === undefined ? event.value : isPeakMeter(event.meter) ? Math.max(before, event.value) : before + event.value);
  }
  return [...sums].map(([meter, value]) => ({ key: `${ownPrefix}.meter.${meter}`, value: { doubleValue: value } }));
}

function decisionsByStep(events: readonly JournalEvent[]): ReadonlyMap<string, readonly EventOf<'decision'>[]> {
  const byStep = new Map<string, EventOf<'decision'>[]>();
  for (const event of events) {
    if (event.type !== 'decision' || event.step === undefined) continue;
    const list = byStep.get(event.step);
    if (list) list.push(event);
    else byStep.set(event.step, [event]);
  }
  return byStep;
}

function storedText(value: StoredValue): string {
  return 'json' in value ? JSON.stringify(value.json) : `${value.preview} (${value.bytes} bytes in all)`;
}

function text(key: string, value: string): Attribute {
  return { key, value: { stringValue: value } };
}

/** Milliseconds since 1970 as a decimal string of nanoseconds: beyond what a JSON number holds exactly. */
function nanoseconds(ms: number): string {
  const whole = Math.floor(ms);
  return (BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1e6))).toString();
}

/** OTLP wants 16 or 8 bytes in hex; the same id always gives the same one, so that a second export is no second trace. */
function hexId(id: string, digits: 16 | 32): string {
  return createHash('sha256').update(id).digest('hex').slice(0, digits);
}
