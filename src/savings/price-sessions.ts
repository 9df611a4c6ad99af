import type { Machine, PriceRow, Rate } from './prices.ts';

/** One billable piece of work: a browser session (which may have the code inside) or a piece of code. */
export interface Piece {
  readonly kind: 'browser' | 'code';
  readonly wallMs: number;
  readonly cpuMs?: number;
  readonly memoryBytes?: number;
}

export interface SessionPrice {
  readonly listUsd: number;
  readonly afterFreeTierUsd: number;
  /** Plain arithmetic with units: leave the words out and it can be typed into a calculator. */
  readonly formula: string;
}

interface Term {
  readonly rate: Rate;
  readonly amount: number;
  readonly free: number;
  readonly text: string;
}

/** Beyond this many pieces a formula names their sum instead of each. */
const namedPieces = 3;

/** Prices pieces of work as a service bills them. `undefined` where it bills something that was not measured. */
export function priceSessions(row: PriceRow, pieces: readonly Piece[]): SessionPrice | undefined {
  const needsCpu = row.perVcpuSecond !== undefined && row.cpu === 'used';
  const needsMemory = row.perGbSecond !== undefined && row.memory === 'peak';
  if (pieces.some((piece) => (needsCpu && piece.cpuMs === undefined) || (needsMemory && piece.memoryBytes === undefined))) return undefined;
  const terms: Term[] = [];
  const seconds = pieces.map((piece) => billedMs(row, piece.wallMs) / 1000);
  if (row.perSecond) terms.push(term(row.perSecond, row.free?.seconds, 's', seconds.map((s) => [s])));
  if (row.perVcpuSecond) {
    const factors = pieces.map((piece, i) => (needsCpu ? [Math.round(piece.cpuMs ?? 0) / 1000] : [seconds[i]!, machineOf(row, piece).vcpu]));
    terms.push(term(row.perVcpuSecond, row.free?.vcpuSeconds, needsCpu ? 's CPU' : 'vCPU', factors));
  }
  if (row.perGbSecond) {
    const factors = pieces.map((piece, i) => [seconds[i]!, needsMemory ? peakGb(row, piece) : machineOf(row, piece).gb]);
    terms.push(term(row.perGbSecond, row.free?.gbSeconds, 'GB', factors));
  }
  if (row.perRequest) terms.push(term(row.perRequest, row.free?.requests, pieces.length === 1 ? 'request' : 'requests', [[pieces.length]]));
  return {
    listUsd: terms.reduce((sum, { amount, rate }) => sum + cost(amount, rate), 0),
    afterFreeTierUsd: terms.reduce((sum, { amount, rate, free }) => sum + cost(Math.max(0, amount - free), rate), 0),
    formula: terms.map(({ text }) => text).join(' + '),
  };
}

/** As billed: raised to the minimum, then rounded up to whole steps. */
export function billedMs(row: Pick<PriceRow, 'stepMs' | 'minimumMs'>, wallMs: number): number {
  return Math.ceil(Math.max(wallMs, row.minimumMs) / row.stepMs) * row.stepMs;
}

function cost(amount: number, rate: Rate): number {
  return (amount * rate.usd) / (rate.per ?? 1);
}

function machineOf(row: PriceRow, piece: Piece): Machine {
  return (piece.kind === 'browser' ? row.browserMachine : row.codeMachine) ?? { vcpu: 0, gb: 0 };
}

/** In whole thousandths of a GB, cut off: what the formula shows is what is multiplied. */
function peakGb(row: PriceRow, piece: Piece): number {
  return Math.max(row.minimumGb ?? 0, Math.floor((piece.memoryBytes ?? 0) / (1024 ** 3 / 1000)) / 1000);
}

/** `factors` holds one product for each piece: seconds alone, or seconds and a size. */
function term(rate: Rate, free: number | undefined, unit: string, factors: readonly (readonly number[])[]): Term {
  const amount = factors.reduce((sum, factor) => sum + factor.reduce((product, value) => product * value, 1), 0);
  const price = `$${plain(rate.usd)}${rate.per === undefined ? '' : ` / ${rate.per}`}`;
  const named = factors.map((factor) => (factor.length === 1 ? `${plain(factor[0]!)} ${unit}` : `${plain(factor[0]!)} s × ${plain(factor[1]!)} ${unit}`));
  const sum = `${plain(amount)} ${factors.some((factor) => factor.length > 1) ? `${unit}-s` : unit}`;
  const text = named.length === 1 ? named[0]! : named.length <= namedPieces ? `(${named.join(' + ')})` : sum;
  return { rate, amount, free: free ?? 0, text: `${text} × ${price}` };
}

/** Never in exponent form, and without the noise of binary fractions. */
function plain(value: number): string {
  return Number(value.toPrecision(12)).toFixed(12).replace(/\.?0+$/, '');
}
