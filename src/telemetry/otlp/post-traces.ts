import type { Fetch } from '../../policy/egress-fetch.ts';
import { AssassinError, describeError } from '../../shared/errors.ts';

/** What became of one request: taken, to be sent again (not before `afterMs`), or refused for good. */
export type PostOutcome =
  | { readonly kind: 'taken'; readonly answer: Uint8Array }
  | { readonly kind: 'again'; readonly why: string; readonly afterMs?: number }
  | { readonly kind: 'refused'; readonly why: string };

export interface TracesRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** For the whole exchange. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** The only answers after which OTLP over HTTP lets a client send the same again; a 500 is not one of them. */
const passing: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** One POST of OTLP over HTTP. Rejects with nothing: a connection that fails is a reason to send again. */
export async function postTraces(ask: Fetch, { url, headers, body, timeoutMs, signal }: TracesRequest): Promise<PostOutcome> {
  try {
    const response = await ask(url, { method: 'POST', headers: { ...headers }, body: Buffer.from(body), redirect: 'manual', signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) });
    const answer = new Uint8Array(await response.arrayBuffer());
    const { status } = response;
    if (status >= 200 && status < 300) return { kind: 'taken', answer };
    const why = `${url.host} answered with ${status}`;
    if (!passing.has(status)) return { kind: 'refused', why };
    const afterMs = retryAfterMs(response.headers.get('retry-after'), Date.now());
    return { kind: 'again', why, ...(afterMs === undefined ? {} : { afterMs }) };
  } catch (error) {
    if (AssassinError.isInstance(error) && error.code === 'egress-denied') return { kind: 'refused', why: error.message };
    if (error instanceof Error && error.name === 'TimeoutError') return { kind: 'again', why: `${url.host} did not answer within ${timeoutMs} ms` };
    return { kind: 'again', why: `${url.host} could not be reached: ${describeError(error)}` };
  }
}

/** Seconds or a date, as HTTP allows both. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
