import http from 'node:http';
import https from 'node:https';
import { AssassinError } from '../shared/errors.ts';
import { normalHost } from './action.ts';
import { isMetadataAddress, resolveChecked, systemResolver, type Reach, type Resolver } from './egress.ts';
import { pinnedTo } from './pinned-socket.ts';

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

export interface EgressFetchOptions {
  /** Which addresses may be asked: the first one, and each to which an answer redirects. */
  readonly allows: (url: URL) => boolean;
  readonly reach: Reach;
  /** Longest time to resolve the name, connect and agree on TLS, milliseconds. */
  readonly connectMs: number;
  readonly resolver?: Resolver;
  /** Largest body of one answer, bytes, and what is thrown beyond it. A stream of events has no end and needs a limit of its own kind. */
  readonly maxBytes?: { readonly bytes: number; readonly error: (host: string, bytes: number) => Error };
  /** Hears of the bytes of bodies as they pass. What it throws ends the request. */
  readonly onTraffic?: (received: number, sent: number) => void;
  /** Certificate authorities (PEM) instead of the built-in ones. */
  readonly ca?: string;
}

/** `fetch` under the egress policy; disposing it closes what it keeps open. */
export interface EgressFetch extends Disposable {
  readonly fetch: Fetch;
}

const maxRedirects = 5;
/** Not carried over to another origin by a redirect. */
const credentials: readonly string[] = ['authorization', 'cookie', 'proxy-authorization'];

/**
 * `fetch` for everything that speaks HTTP outside of a run's own requests: remote MCP servers, model providers, sign-ins, exports of traces. Each address, also that
 * of a redirect, must be allowed, its name is resolved once, every address behind it checked, and one of those connected to. A name that was public once does not
 * become one of the inside later. Built on Node's own client: the built-in `fetch` gives up on answers that take five minutes, and takes no resolver.
 * Where the editor is set to use a proxy, that resolves the name; then only the address as written is checked.
 * Throws `egress-denied`, what the options throw, and what Node says of the connection.
 */
export function egressFetch(options: EgressFetchOptions): EgressFetch {
  const { resolver = systemResolver, reach, allows } = options;
  const sides = new Map<string, string>();
  const pinned = pinnedTo(async (host) => {
    const { addresses, side } = await resolveChecked(normalHost(host), resolver, reach);
    const before = sides.get(host);
    if (before !== undefined && before !== side) throw new AssassinError('egress-denied', `${host} resolved to addresses of the ${before === 'site' ? 'own network' : 'public internet'} before, and now to others.`, { hint: 'Check who answers for this name.', data: { host } });
    sides.set(host, side);
    return addresses;
  });
  const agents = new Map<string, http.Agent>();
  // Agents of its own: a shared one would hand over connections that somebody else has opened unchecked.
  const agentFor = ({ protocol }: URL) => {
    let agent = agents.get(protocol);
    if (agent === undefined) agents.set(protocol, (agent = protocol === 'https:' ? new https.Agent({ keepAlive: true }) : new http.Agent({ keepAlive: true })));
    return agent;
  };
  const check = (url: URL) => {
    const host = normalHost(url.hostname);
    if ((url.protocol !== 'https:' && url.protocol !== 'http:') || isMetadataAddress(host) || !allows(url)) {
      throw new AssassinError('egress-denied', `Not allowed: ${url.origin === 'null' ? url.protocol : url.origin}.`, { hint: 'Only the configured address is asked.', data: { host } });
    }
  };
  const fetch: Fetch = async (input, init = {}) => {
    const request = new Request(input, init);
    const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer());
    const headers = new Headers(request.headers);
    let [url, method] = [new URL(request.url), request.method];
    for (let redirects = 0; ; redirects++) {
      check(url);
      const sent = method === 'GET' || method === 'HEAD' ? undefined : body;
      const response = await one({ url, method, headers, body: sent, signal: init.signal ?? (input instanceof Request ? input.signal : undefined), agent: agentFor(url), pinned, options });
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
    [Symbol.dispose]: () => {
      for (const agent of agents.values()) agent.destroy();
    },
  };
}

interface OneRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: Buffer | undefined;
  readonly signal: AbortSignal | undefined;
  readonly agent: http.Agent;
  readonly pinned: ReturnType<typeof pinnedTo>;
  readonly options: EgressFetchOptions;
}

function one({ url, method, headers, body, signal, agent, pinned, options }: OneRequest): Promise<Response> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    if (body !== undefined) options.onTraffic?.(0, body.length);
    // Called through the module: editors replace `request` in it so that proxy settings hold.
    const request = (url.protocol === 'https:' ? https : http).request(url, {
      method, agent, ...pinned, ...(signal ? { signal } : {}), ...(options.ca === undefined ? {} : { ca: options.ca }),
      headers: { ...Object.fromEntries(headers), 'accept-encoding': 'identity', ...(body === undefined ? {} : { 'content-length': body.length }) },
    });
    const late = () => request.destroy(Object.assign(new Error(`${url.host} could not be reached within ${options.connectMs} ms`), { code: 'ETIMEDOUT' }));
    const timer = setTimeout(late, options.connectMs);
    request.once('socket', (socket) => {
      const connected = () => clearTimeout(timer);
      if (!socket.connecting) connected();
      else socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', connected);
    });
    // Not once: a connection may fail a second time while it is taken down, and nobody else listens.
    request.on('error', (error) => {
      clearTimeout(timer);
      reject(signal?.aborted === true ? signal.reason : error);
    });
    request.once('response', (message) => {
      const status = message.statusCode ?? 500;
      const empty = [101, 204, 205, 304].includes(status) || method === 'HEAD';
      if (empty) message.resume();
      const pairs = Object.entries(message.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as [string, string]]));
      resolve(new Response(empty ? null : bodyOf(message, url, options), { status, headers: pairs }));
    });
    request.end(body);
  });
}

/** `Readable.toWeb` reports an abort as an uncaught error when nobody reads any more; this stream just ends the connection. */
function bodyOf(message: http.IncomingMessage, url: URL, { maxBytes, onTraffic }: EgressFetchOptions): ReadableStream<Uint8Array> {
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
