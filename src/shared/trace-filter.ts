import { stepKinds, type StepKind } from './events.ts';
import type { Span } from './dto.ts';

export const spanStatuses = ['ok', 'error', 'denied', 'cancelled', 'running', 'unknown'] as const satisfies readonly Span['status'][];

/** What steps of a trace are narrowed down to; all that is given must hold. */
export interface TraceFilter {
  /** All of these must occur; lower case. */
  readonly words: readonly string[];
  /** One of these; empty for any. */
  readonly kinds: readonly StepKind[];
  readonly statuses: readonly Span['status'][];
  /** Milliseconds that it took at least. A step that goes on has not taken any yet. */
  readonly minMs?: number;
  /** US dollars of the step itself. A step without a known price does not pass. */
  readonly minCostUsd?: number;
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * A filter is a line of words, so that it can be typed, seen whole, kept and changed: `kind:browser,model status:error over:2s cost:0.01 words`.
 * What looks like such a part and is none, is a word like the others.
 */
export function parseTraceFilter(text: string): TraceFilter {
  const words: string[] = [];
  let filter: Omit<TraceFilter, 'words'> = { kinds: [], statuses: [] };
  for (const part of text.toLowerCase().split(/\s+/)) {
    if (part === '') continue;
    const [, field = '', value = ''] = /^(kind|status|over|cost):(.+)$/.exec(part) ?? [];
    const read = field === '' ? undefined : partOf(field, value);
    if (read === undefined) words.push(part);
    else filter = { ...filter, ...read };
  }
  return { words, ...filter };
}

/** As it is typed; the words first. */
export function traceFilterText({ words, kinds, statuses, minMs, minCostUsd }: TraceFilter): string {
  return [
    ...words,
    ...(kinds.length === 0 ? [] : [`kind:${kinds.join(',')}`]), ...(statuses.length === 0 ? [] : [`status:${statuses.join(',')}`]),
    ...(minMs === undefined ? [] : [`over:${minMs % 1000 === 0 && minMs > 0 ? `${minMs / 1000}s` : `${minMs}ms`}`]), ...(minCostUsd === undefined ? [] : [`cost:${minCostUsd}`]),
  ].join(' ');
}

/** `text` is what the words are looked for in, in lower case; `costUsd` what the step itself has cost, `undefined` where that is not known. */
export function passes({ words, kinds, statuses, minMs, minCostUsd }: TraceFilter, { kind, status, startedAt, endedAt }: Pick<Span, 'kind' | 'status' | 'startedAt' | 'endedAt'>, text: () => string, costUsd: () => number | undefined): boolean {
  if (kinds.length > 0 && !kinds.includes(kind)) return false;
  if (statuses.length > 0 && !statuses.includes(status)) return false;
  if (minMs !== undefined && (endedAt === undefined || endedAt - startedAt < minMs)) return false;
  if (minCostUsd !== undefined && !((costUsd() ?? Number.NaN) >= minCostUsd)) return false;
  if (words.length === 0) return true;
  const whole = text();
  return words.every((word) => whole.includes(word));
}

function partOf(field: string, value: string): Partial<TraceFilter> | undefined {
  switch (field) {
    case 'kind': {
      const kinds = value.split(',').map((name) => stepKinds.find((kind) => kind === name));
      return kinds.every((kind) => kind !== undefined) ? { kinds: [...new Set(kinds)] } : undefined;
    }
    case 'status': {
      const statuses = value.split(',').map((name) => spanStatuses.find((status) => status === name));
      return statuses.every((status) => status !== undefined) ? { statuses: [...new Set(statuses)] } : undefined;
    }
    case 'over': {
      const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(value) ?? [];
      const ms = unitMs[unit];
      return ms === undefined ? undefined : { minMs: Number(amount) * ms };
    }
    default: {
      const usd = /^\$?\d*\.?\d+$/.test(value) ? Number(value.replace('$', '')) : Number.NaN;
      return Number.isNaN(usd) ? undefined : { minCostUsd: usd };
    }
  }
}
