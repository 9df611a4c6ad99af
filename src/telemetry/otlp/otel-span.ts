import { createHash } from 'node:crypto';
import type { RunSummary, Span } from '../../shared/dto.ts';
import type { EventOf, JournalEvent } from '../../shared/events.ts';
import type { StoredValue } from '../../shared/json.ts';
import { isPeakMeter } from '../../shared/meters.ts';
import { mcpNameOf, otelNaming, otelSpanName, otelStatus, ownPrefix } from '../otel-names.ts';
import { spansOf } from '../spans.ts';
import { usageByStep } from './usage-attributes.ts';

export type AttributeValue = string | number | boolean;
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** A span with the names of the conventions, before any encoding. Times are milliseconds since 1970, with fractions. */
export interface OtelSpan {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attributes: Attributes;
  readonly events: readonly { readonly at: number; readonly name: string; readonly attributes: Attributes }[];
  readonly status: { readonly code: number; readonly message?: string };
}

/** Where a run hangs in a trace: with the run at the top of its tree, and below the step that started it. */
export interface Lineage {
  readonly top: string;
  readonly step?: string;
}

export interface OtelSpanOptions {
  readonly lineage?: Lineage;
  /** What went into steps and came out of them; they are named all the same where it is `false`. */
  readonly content?: boolean;
}

/** The steps of one run as spans of OpenTelemetry. */
export function otelSpansOf(summary: RunSummary, events: readonly JournalEvent[], { lineage = { top: summary.id }, content = true }: OtelSpanOptions = {}): readonly OtelSpan[] {
  const traceId = hexId(lineage.top, 32);
  const last = events.at(-1)?.at ?? summary.createdAt;
  const decisions = decisionsByStep(events);
  const usage = usageByStep(events);
  return spansOf(events, summary.state).map((span): OtelSpan => {
    const parent = span.parent ?? lineage.step;
    return {
      traceId,
      spanId: hexId(span.id, 16),
      ...(parent === undefined ? {} : { parentSpanId: hexId(parent, 16) }),
      name: otelSpanName(span.kind, span.name),
      kind: otelNaming(span.kind).spanKind,
      startedAt: span.startedAt,
      // OTLP has no open spans: one without an end is closed where the record stops, and says so in its attributes.
      endedAt: span.endedAt ?? Math.max(last, span.startedAt),
      attributes: {
        ...attributesOf(span, content), ...usage.get(span.id),
        ...(summary.session === undefined ? {} : { 'gen_ai.conversation.id': summary.session, 'session.id': summary.session }),
        ...(span.kind === 'run' ? meterAttributes(events) : {}),
      },
      events: (decisions.get(span.id) ?? []).map((event) => ({
        at: event.at,
        name: `${ownPrefix}.decision`,
        attributes: { [`${ownPrefix}.action`]: event.action, [`${ownPrefix}.outcome`]: event.outcome, [`${ownPrefix}.reason`]: event.reason },
      })),
      status: span.status === 'ok' ? { code: otelStatus.ok } : span.error ? { code: otelStatus.error, message: span.error.message } : { code: otelStatus.unset },
    };
  });
}

/** What is true of the program and of the whole run. */
export function resourceAttributes(summary: Pick<RunSummary, 'id' | 'state'>, version: string): Attributes {
  return { 'service.name': 'infrastructure-assassin', 'service.version': version, [`${ownPrefix}.run.id`]: summary.id, [`${ownPrefix}.run.state`]: summary.state };
}

/** The attributes of a step without its values. */
export function spanAttributes(span: Span): Attributes {
  return attributesOf(span, false);
}

function attributesOf(span: Span, content: boolean): Attributes {
  const naming = otelNaming(span.kind);
  const mcp = span.kind === 'mcp' ? mcpNameOf(span.name) : undefined;
  return {
    ...(naming.operation === undefined ? {} : { 'gen_ai.operation.name': naming.operation }),
    [naming.nameAttribute]: mcp?.tool ?? span.name,
    ...(naming.operation === 'execute_tool' ? { 'gen_ai.tool.type': mcp ? 'extension' : 'function' } : {}),
    ...(mcp ? { 'mcp.method.name': 'tools/call', [`${ownPrefix}.mcp.server`]: mcp.server } : {}),
    [`${ownPrefix}.step.kind`]: span.kind,
    [`${ownPrefix}.step.status`]: span.status,
    ...(span.input === undefined || !content ? {} : { [naming.inputAttribute]: storedText(span.input) }),
    ...(span.output === undefined || !content ? {} : { [naming.outputAttribute]: storedText(span.output) }),
    ...(span.error === undefined ? {} : { 'error.type': span.error.code }),
  };
}

function meterAttributes(events: readonly JournalEvent[]): Attributes {
  const sums = new Map<string, number>();
  for (const event of events) {
    if (event.type !== 'meter') continue;
    const before = sums.get(event.meter);
    sums.set(event.meter, before === undefined ? event.value : isPeakMeter(event.meter) ? Math.max(before, event.value) : before + event.value);
  }
  return Object.fromEntries([...sums].map(([meter, value]) => [`${ownPrefix}.meter.${meter}`, value]));
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

/** OTLP wants 16 or 8 bytes in hex; the same id always gives the same one, so that a second export is no second trace. */
function hexId(id: string, digits: 16 | 32): string {
  return createHash('sha256').update(id).digest('hex').slice(0, digits);
}
