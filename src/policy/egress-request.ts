import http from 'node:http';
import https from 'node:https';
import { urlToHttpOptions } from 'node:url';
import { AssassinError } from '../shared/errors.ts';
import { normalHost } from './action.ts';
import { isMetadataAddress, resolveChecked, systemResolver, type Reach, type Resolver } from './egress.ts';
import { pinnedTo } from './pinned-socket.ts';

export interface EgressOptions {
  /** Which addresses may be asked. */
  readonly allows: (url: URL) => boolean;
  readonly reach: Reach;
  /** Longest time to resolve the name, connect and agree on TLS, milliseconds. */
  readonly connectMs: number;
  readonly resolver?: Resolver;
  /** Certificate authorities (PEM) instead of the built-in ones. */
  readonly ca?: string;
}

export interface EgressRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Single requests under the egress policy; disposing it closes the connections that it keeps open. */
export interface EgressRequests extends Disposable {
  /** One request with its answer, as it begins; no redirect is followed. The body must be read or destroyed. */
  readonly send: (request: EgressRequest) => Promise<http.IncomingMessage>;
}

/**
 * Each address must be allowed, its name is resolved once, every address behind it checked, and one of those connected to. A name that was public once does not
 * become one of the inside later. Built on Node's own client: the built-in `fetch` gives up on answers that take five minutes, and takes no resolver.
 * Where the editor is set to use a proxy, that resolves the name; then only the address as written is checked.
 * `send` rejects with `egress-denied`, with what Node says of the connection, or with the reason of the signal.
 */
export function egressRequests(options: EgressOptions): EgressRequests {
  const { resolver = systemResolver, reach, allows, connectMs, ca } = options;
  const sides = new Map<string, string>();
  const pinned = pinnedTo(async (host) => {
    const { addresses, side } = await resolveChecked(normalHost(host), resolver, reach);
    const before = sides.get(host);
    if (before !== undefined && before !== side) throw new AssassinError('egress-denied', `${host} resolved to addresses of the ${before === 'site' ? 'own network' : 'public internet'} before, and now to others.`, { hint: 'Check who answers for this name.', data: { host } });
    sides.set(host, side);
    return addresses;
  });
  const agents = new Map<Client, http.Agent>();
  // Nearly always the same address is asked again and again: it is taken apart once. Whether it is allowed may change.
  let last: Place | undefined;
  const placeOf = (url: URL): Place => {
    const { href } = url;
    if (last?.href !== href) last = { href, client: clientOf(url), options: { ...urlToHttpOptions(url), ...pinned, ...(ca === undefined ? {} : { ca }) } };
    return last;
  };
  // Agents of its own: a shared one would hand over connections that somebody else has opened unchecked.
  const agentFor = (client: Client) => {
    let agent = agents.get(client);
    if (agent === undefined) agents.set(client, (agent = new client.Agent({ keepAlive: true })));
    return agent;
  };
  return {
    send: ({ url, method, headers, body, signal }) => new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const { client, options: place } = placeOf(url);
      if (client === undefined || !allows(url)) {
        throw new AssassinError('egress-denied', `Not allowed: ${url.origin === 'null' ? url.protocol : url.origin}.`, { hint: 'Only the configured address is asked.', data: { host: normalHost(url.hostname) } });
      }
      // Called through the module: editors replace `request` in it so that proxy settings hold.
      const request = client.request({
        ...place, method, agent: agentFor(client),
        headers: { ...headers, 'accept-encoding': 'identity', ...(body === undefined ? {} : { 'content-length': body.length }) },
      });
      const late = () => request.destroy(Object.assign(new Error(`${url.host} could not be reached within ${connectMs} ms`), { code: 'ETIMEDOUT' }));
      const timer = setTimeout(late, connectMs);
      // Not by the option of the client: that watches all its streams for as long as the request goes on.
      const abort = () => request.destroy(new Error('The request was given up.', { cause: signal?.reason }));
      signal?.addEventListener('abort', abort, { once: true });
      request.once('close', () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      });
      request.once('socket', (socket) => {
        // Between the end of an answer and the return of its connection nobody listens: giving a request up just then would end the program.
        socket.off('error', unheard).on('error', unheard);
        const connected = () => clearTimeout(timer);
        if (!socket.connecting) connected();
        else socket.once(client === https ? 'secureConnect' : 'connect', connected);
      });
      // Not once: a connection may fail a second time while it is taken down, and nobody else listens.
      request.on('error', (error) => reject(signal?.aborted === true ? signal.reason : error));
      request.once('response', resolve);
      request.end(body);
    }),
    [Symbol.dispose]: () => {
      for (const agent of agents.values()) agent.destroy();
    },
  };
}

const unheard = (): void => undefined;

type Client = typeof http | typeof https;

interface Place {
  readonly href: string;
  /** Absent where nothing speaks to it. */
  readonly client: Client | undefined;
  readonly options: https.RequestOptions;
}

function clientOf({ protocol, hostname }: URL): Client | undefined {
  if (isMetadataAddress(normalHost(hostname))) return undefined;
  return protocol === 'https:' ? https : protocol === 'http:' ? http : undefined;
}
