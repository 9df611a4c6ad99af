import type { BaselineLine } from '../shared/dto.ts';
import { isStale } from '../shared/price-age.ts';
import type { MeteredUse, Session } from './metered-use.ts';
import { priceSessions, type Piece } from './price-sessions.ts';
import type { Coverage, PriceRow } from './prices.ts';

export interface Baseline extends BaselineLine {
  readonly covers: Coverage;
}

export interface Baselines {
  readonly lines: readonly Baseline[];
  /** Services that bill something which was not measured here. */
  readonly unpriced: readonly string[];
}

/** What the same use would have cost on each service that could have done it, or a part of it, in the order of the price table. */
export function baselinesOf(use: MeteredUse, rows: readonly PriceRow[], now: number): Baselines {
  const lines: Baseline[] = [];
  const unpriced: string[] = [];
  for (const row of rows) {
    const work = workFor(row.covers, use);
    if (work.pieces.length === 0) continue;
    const price = priceSessions(row, work.pieces);
    if (!price) {
      unpriced.push(row.service);
      continue;
    }
    lines.push({
      ...price,
      service: row.service, covers: row.covers, what: work.what, source: row.source, asOf: row.asOf, stale: isStale(row.asOf, now),
      mark: row.mark === 'confirmed' && work.measured ? 'computed' : 'estimated',
      formula: `${price.formula}${row.note === undefined ? '' : ` (${row.note})`}`,
    });
  }
  return { lines, unpriced };
}

export interface Work {
  readonly pieces: readonly Piece[];
  readonly what: string;
  readonly measured: boolean;
}

/** The part of a use that a service of this coverage could have done, as the pieces that it would have billed; none where it could do nothing of it. */
export function workFor(covers: Coverage, use: Pick<MeteredUse, 'browsers' | 'sandboxes'>): Work {
  const { browsers, sandboxes } = use;
  const browserPieces = browsers.map((session) => piece('browser', session));
  const codePieces = sandboxes.map((session) => piece('code', session));
  switch (covers) {
    case 'browser':
      return { pieces: browserPieces, what: count(browsers.length, 'browser session'), measured: all(browsers) };
    case 'code':
      return { pieces: codePieces, what: count(sandboxes.length, 'code run'), measured: all(sandboxes) };
    case 'all':
      if (browsers.length === 0) return { pieces: codePieces, what: count(sandboxes.length, 'code run'), measured: all(sandboxes) };
      return { pieces: inOneFunction(browserPieces, codePieces), what: `${count(browsers.length, 'browser session')}${sandboxes.length > 0 ? ' with the code inside' : ''}`, measured: all(browsers) && all(sandboxes) };
  }
}

/**
 * The code runs inside the function that holds the browser, and costs nothing more as long as the browser is open. Only the time that
 * the code ran longer than the browsers is one more invocation. That they overlapped wherever they could favours the service.
 */
function inOneFunction(browsers: readonly Piece[], code: readonly Piece[]): readonly Piece[] {
  if (code.length === 0) return browsers;
  const beyondMs = total(code, (item) => item.wallMs) - total(browsers, (item) => item.wallMs);
  const cpuMs = code.every((item) => item.cpuMs !== undefined) ? total(code, (item) => item.cpuMs ?? 0) : undefined;
  if (beyondMs > 0) {
    const memoryBytes = code.every((item) => item.memoryBytes !== undefined) ? Math.max(...code.map((item) => item.memoryBytes ?? 0)) : undefined;
    return [...browsers, { kind: 'code', wallMs: beyondMs, ...(cpuMs === undefined ? {} : { cpuMs }), ...(memoryBytes === undefined ? {} : { memoryBytes }) }];
  }
  const [first, ...rest] = browsers;
  if (!first) return [];
  const { cpuMs: browserCpu, ...firstRest } = first;
  return [{ ...firstRest, ...(browserCpu === undefined || cpuMs === undefined ? {} : { cpuMs: browserCpu + cpuMs }) }, ...rest];
}

function piece(kind: Piece['kind'], { wallMs, cpuMs, memoryBytes }: Session): Piece {
  return { kind, wallMs, ...(cpuMs === undefined ? {} : { cpuMs }), ...(memoryBytes === undefined ? {} : { memoryBytes }) };
}

function total(pieces: readonly Piece[], of: (item: Piece) => number): number {
  return pieces.reduce((sum, item) => sum + of(item), 0);
}

function all(sessions: readonly Session[]): boolean {
  return sessions.every((session) => session.measured);
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
