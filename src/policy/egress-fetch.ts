import type { IncomingMessage } from 'node:http';
import { AssassinError } from '../shared/errors.ts';
import { egressRequests, type EgressOptions, type EgressRequest, type EgressRequests } from './egress-request.ts';

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** The first address must be allowed, and each to which an answer redirects. */
export interface EgressFetchOptions extends EgressOptions {
  /** Largest body of one answer, bytes, and what is thrown beyond it. A stream of events has no end and needs a limit of its own kind. */
  readonly maxBytes?: { readonly bytes: number; readonly error: (host: string, bytes: number) => Error };
  /** Hears of the bytes of bodies as they pass. What it throws ends the request. */
  readonly onTraffic?: (received: number, sent: number) => void;
}

/** `fetch` under the egress policy; disposing it closes what it keeps open. */
export interface EgressFetch extends Disposable {
  readonly fetch: Fetch;
}

const maxRedirects = 5;
/** Not carried over to another origin by a redirect. */
const credentials: readonly string[] = ['authorization', 'cookie', 'proxy-authorization'];

/**
 * `fetch` for everything that speaks HTTP outside of a run's own requests: remote MCP servers, model providers, sign-ins, exports of traces. Redirects are
 * requests of their own to the egress policy.
 * Throws `egress-denied`, what the options throw, and what Node says of the connection.
 */
export function egressFetch(options: EgressFetchOptions): EgressFetch {
  const requests = egressRequests(options);
  const fetch: Fetch = async (input, init = {}) => {
    const request = new Request(input, init);
    const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer());
    const headers = new Headers(request.headers);
    let [url, method] = [new URL(request.url), request.method];
    for (let redirects = 0; ; redirects++) {
      const sent = method === 'GET' || method === 'HEAD' ? undefined : body;
      const response = await one(requests, { url, method, headers: Object.fromEntries(headers), body: sent, signal: init.signal ?? (input instanceof Request ? input.signal : undefined) }, options);
      const location = response.headers.get('location');
      if (request.redirect === 'manual' || ![301, 302, 303, 307, 308].includes(response.status) || location === null) return response;
      await response.body?.cancel();
      if (request.redirect === 'error' || redirects === maxRedirects || !URL.canParse(location, url)) throw new AssassinError('egress-denied', `${url.origin} redirects; this is not followed.`, { hint: 'Give the final address.' });
      const next = new URL(location, url);
      if (next.origin !== url.origin) for (const name of credentials) headers.delete(name);
      if (response.status <= 303 && method !== 'HEAD') method = 'GET';
      url = next;
    }
  };
  return {
    fetch,
    [Symbol.dispose]: () => requests[Symbol.dispose](),
  };
}

async function one(requests: EgressRequests, request: EgressRequest, options: EgressFetchOptions): Promise<Response> {
  const { url, method, body, signal } = request;
  signal?.throwIfAborted();
  if (body !== undefined) options.onTraffic?.(0, body.length);
  const message = await requests.send(request);
  const status = message.statusCode ?? 500;
  const empty = [101, 204, 205, 304].includes(status) || method === 'HEAD';
  if (empty) message.resume();
  const pairs = Object.entries(message.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as [string, string]]));
  return new Response(empty ? null : bodyOf(message, url, options), { status, headers: pairs });
}

/** `Readable.toWeb` reports an abort as an uncaught error when nobody reads any more; this stream just ends the connection. */
function bodyOf(message: IncomingMessage, url: URL, { maxBytes, onTraffic }: EgressFetchOptions): ReadableStream<Uint8Array> {
  let bytes = 0;
  const chunks: AsyncIterator<Buffer> = message[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { done, value } = await chunks.next();
      if (done) return controller.close();
      bytes += value.length;
      try {
        onTraffic?.(value.length, 0);
        if (maxBytes !== undefined && bytes > maxBytes.bytes) throw maxBytes.error(url.host, maxBytes.bytes);
      } catch (error) {
        message.destroy();
        throw error;
      }
      controller.enqueue(new Uint8Array(value.buffer, value.byteOffset, value.length));
    },
    cancel: () => void message.destroy(),
  }, { highWaterMark: 0 });
}
