import { AssassinError } from '../shared/errors.ts';

/** Where a browser answers that runs elsewhere. */
export interface Endpoint {
  /** `ws://host:port` or `wss://host:port`: what a grant names. */
  readonly origin: string;
  /** With path and query, in which hosted browsers want their keys: never for a record or a message. */
  readonly url: URL;
}

/** Reads the address of a DevTools endpoint: `ws(s)://` of a browser, or the `http(s)://` at which it tells that address. Throws `invalid-input`. */
export function parseEndpoint(text: string): Endpoint {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const secure = url && /^(https|wss):$/.test(url.protocol);
  if (!url || (!secure && !/^(http|ws):$/.test(url.protocol))) {
    throw new AssassinError('invalid-input', 'The endpoint of a browser is an address with ws://, wss://, http:// or https://.', { hint: 'Write for example "http://127.0.0.1:9222", or what your browser service names as its WebSocket endpoint.' });
  }
  return { origin: `${secure ? 'wss' : 'ws'}://${url.host}`, url };
}

/** What user and password of the address become: neither a web socket nor `fetch` takes them from there. */
export function signIn({ url: { username, password } }: Endpoint): Readonly<Record<string, string>> {
  if (username === '' && password === '') return {};
  return { authorization: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}` };
}

/** Longest wait for the answer of an endpoint. */
const answerMs = 10_000;

/** The WebSocket address: asked of the browser where only its HTTP address is known. Throws `browser-failed`. */
export async function socketAddress(endpoint: Endpoint, signal: AbortSignal): Promise<string> {
  const { origin } = endpoint;
  const url = new URL(endpoint.url);
  url.username = url.password = '';
  if (url.protocol === 'ws:' || url.protocol === 'wss:') return url.href;
  const ask = new URL('/json/version', url);
  ask.search = url.search;
  try {
    const answer = await fetch(ask, { headers: signIn(endpoint), signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]), redirect: 'error' });
    const said: unknown = await answer.json();
    const told = typeof said === 'object' && said !== null && 'webSocketDebuggerUrl' in said ? String(said.webSocketDebuggerUrl) : '';
    if (!answer.ok || !URL.canParse(told)) throw new Error(`it answered ${answer.status} without the address of a browser`);
    // It names itself as it sees itself; what was granted is the place that was named.
    const socket = new URL(told);
    socket.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    socket.host = url.host;
    for (const [name, value] of url.searchParams) socket.searchParams.set(name, value);
    return socket.href;
  } catch (error) {
    signal.throwIfAborted();
    throw unreachableEndpoint(origin, error);
  }
}

export function unreachableEndpoint(origin: string, error: unknown): AssassinError {
  const why = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
  return new AssassinError('browser-failed', `No browser answers at ${origin}: ${why || 'the connection failed'}.`, {
    hint: 'Check that it runs with a remote debugging port, that the address is right, and that a key in it is valid.', data: { endpoint: origin },
  });
}
