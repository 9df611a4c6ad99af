import type { JsonObject } from '../../shared/json.ts';

/** A span as another program has sent it. Times are milliseconds since 1970 with fractions, ids hex digits in small letters. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** As OTLP counts kinds: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  readonly startedAt: number;
  readonly endedAt: number;
  /** 0 unset, 1 ok, 2 error. */
  readonly status: { readonly code: number; readonly message: string };
  readonly attributes: JsonObject;
  readonly events: readonly { readonly at: number; readonly name: string; readonly attributes: JsonObject }[];
  readonly links: readonly { readonly traceId: string; readonly spanId: string; readonly attributes: JsonObject }[];
  readonly resource: JsonObject;
  readonly scope: { readonly name: string; readonly version: string };
}

/** What a span must have to be one; whoever sent another kind of thing is told how many were left out. */
export function isWhole({ traceId, spanId, startedAt, endedAt }: ReceivedSpan): boolean {
  return /^(?!0{32})[0-9a-f]{32}$/.test(traceId) && /^(?!0{16})[0-9a-f]{16}$/.test(spanId) && startedAt > 0 && Number.isFinite(startedAt) && endedAt >= startedAt && Number.isFinite(endedAt);
}

/** Values inside of values that are nested deeper than this are cut off. */
export const deepest = 32;

/** Nanoseconds are beyond what a number holds exactly: whole milliseconds first, and then the rest. */
export function msOfNanoseconds(nanoseconds: bigint): number {
  return Number(nanoseconds / 1_000_000n) + Number(nanoseconds % 1_000_000n) / 1e6;
}
