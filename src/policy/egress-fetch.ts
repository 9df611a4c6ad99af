import type { IncomingMessage } from 'node:http';
import { AssassinError } from '../shared/errors.ts';
import { egressRequests, type EgressOptions, type EgressRequest, type EgressRequests } from './egress-request.ts';
import { WholeResponse } from './whole-response.ts';

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** The first address must be allowed, and each to which an answer redirects. */
export interface EgressFetchOptions extends EgressOptions {
  /** Largest body of one answer, bytes, and what is thrown beyond it. A stream of events has no end and needs a limit of its own kind. */
  readonly maxBytes?: { readonly bytes: number; readonly error: (host: string, bytes: number) => Error };
  /** Answers of JSON are read before they are handed over, up to so many bytes; what is thrown beyond it. */
  readonly wholeJson?: { readonly bytes: number; readonly error: () => Error };
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
    const { url: first, method: asked, headers, body, redirect } = await requestOf(input, init);
    let [url, method] = [first, asked];
    for (let redirects = 0; ; redirects++) {
      const sent = method === 'GET' || method === 'HEAD' ? undefined : body;
      const response = await one(requests, { url, method, headers: Object.fromEntries(headers), body: sent, signal: init.signal ?? (input instanceof Request ? input.signal : undefined) }, options);
      const location = response.headers.get('location');
      if (redirect === 'manual' || ![301, 302, 303, 307, 308].includes(response.status) || location === null) return response;
      await response.body?.cancel();
      if (redirect === 'error' || redirects === maxRedirects || !URL.canParse(location, url)) throw new AssassinError('egress-denied', `${url.origin} redirects; this is not followed.`, { hint: 'Give the final address.' });
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

interface Asked {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: Buffer | undefined;
  readonly redirect: RequestRedirect;
}

/** A request whose body is text is taken as it is: making a `Request` of it only to read it out again costs as much as sending it. */
async function requestOf(input: string | URL | Request, init: RequestInit): Promise<Asked> {
  const { body, redirect = 'follow' } = init;
  const url = input instanceof Request ? undefined : new URL(input);
  // Where a name and a password stand in the address, the class says what is wrong.
  if (url === undefined || url.username !== '' || url.password !== '' || (typeof body !== 'string' && body !== undefined && body !== null)) {
    const request = new Request(input, init);
    return { url: new URL(request.url), method: request.method, headers: new Headers(request.headers), body: request.body === null ? undefined : Buffer.from(await request.arrayBuffer()), redirect: request.redirect };
  }
  const headers = new Headers(init.headers);
  if (typeof body === 'string' && !headers.has('content-type')) headers.set('content-type', 'text/plain;charset=UTF-8');
  return { url, method: (init.method ?? 'GET').toUpperCase(), headers, body: typeof body === 'string' ? Buffer.from(body) : undefined, redirect };
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
  const { wholeJson } = options;
  if (!empty && wholeJson !== undefined && status === 200 && /^application\/json\b/i.test(message.headers['content-type'] ?? '')) return new WholeResponse(await whole(message, wholeJson, options), { status, headers: pairs });
  return new Response(empty ? null : bodyOf(message, url, options), { status, headers: pairs });
}

function whole(message: IncomingMessage, { bytes, error }: NonNullable<EgressFetchOptions['wholeJson']>, { onTraffic }: EgressFetchOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const end = (cause: unknown) => {
      reject(cause instanceof Error ? cause : new Error(String(cause)));
      message.destroy();
    };
    message.on('data', (chunk: Buffer) => {
      try {
        length += chunk.length;
        onTraffic?.(chunk.length, 0);
        if (length > bytes) throw error();
        chunks.push(chunk);
      } catch (cause) {
        end(cause);
      }
    });
    message.once('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    message.once('error', end);
    // A connection that breaks in the middle of an answer says so to nobody who only waits for its end.
    message.once('close', () => end(new Error('The connection was closed in the middle of an answer.')));
  });
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
