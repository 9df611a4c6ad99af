import http from 'node:http';
import https from 'node:https';
import { AssassinError } from '../shared/errors.ts';

export interface HttpFetchOptions {
  /** Nothing outside of its origin is ever asked. */
  readonly baseUrl: URL;
  /** Longest time to resolve the name, connect and agree on TLS. */
  readonly connectMs: number;
}

/** No answer is this long; one that is would fill the memory of the editor. */
const maxBytes = 64 * 1024 * 1024;

export type HttpFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * `fetch` for model providers, over Node's own client: the built-in `fetch` gives up on any answer that takes five minutes to begin, as a
 * large prompt does on a slow machine, and cannot be told otherwise. No redirect is followed: prompts and keys go where a person sent them.
 * Throws `model-unavailable` for connections and `model-refused` for redirects.
 */
export function httpFetch({ baseUrl, connectMs }: HttpFetchOptions): HttpFetch {
  return (input, init = {}) => new Promise((resolve, reject) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== baseUrl.origin) return reject(new AssassinError('internal', `A model provider at ${baseUrl.origin} was about to ask ${url.origin}.`));
    const signal = init.signal ?? undefined;
    // Called through the module: editors replace `request` in it so that proxy settings hold.
    const request = (url.protocol === 'https:' ? https : http).request(url, {
      method: init.method ?? 'GET',
      headers: { ...Object.fromEntries(new Headers(init.headers)), 'accept-encoding': 'identity' },
      ...(signal ? { signal } : {}),
    });
    const timer = setTimeout(() => request.destroy(new AssassinError('model-unavailable', `${url.host} could not be reached within ${connectMs} ms.`, { hint: 'Check the base URL and your connection.', data: { timeout: 'connect' } })), connectMs);
    request.once('socket', (socket) => {
      const connected = () => clearTimeout(timer);
      if (!socket.connecting) connected();
      else socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', connected);
    });
    // Not once: a connection may fail a second time while it is taken down, and nobody else listens.
    request.on('error', (error) => {
      clearTimeout(timer);
      reject(signal?.aborted ? signal.reason : unreachable(url, error));
    });
    request.once('response', (message) => {
      const status = message.statusCode ?? 500;
      if (status >= 300 && status < 400) {
        message.destroy();
        return reject(redirected(url, message.headers.location));
      }
      const empty = status === 204 || status === 205;
      const headers = Object.entries(message.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as [string, string]]));
      if (empty) message.resume();
      resolve(new Response(empty ? null : bodyOf(message, url), { status, headers }));
    });
    request.end(typeof init.body === 'string' ? init.body : undefined);
  });
}

/** `Readable.toWeb` reports an abort as an uncaught error when nobody reads any more; this stream just ends the connection. */
function bodyOf(message: http.IncomingMessage, url: URL): ReadableStream<Uint8Array> {
  let bytes = 0;
  const chunks: AsyncIterator<Buffer> = message[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { done, value } = await chunks.next();
      if (done) return controller.close();
      bytes += value.length;
      if (bytes > maxBytes) {
        message.destroy();
        throw new AssassinError('model-unavailable', `The answer of ${url.host} is longer than ${maxBytes} bytes.`, { hint: 'Choose another model, or check the base URL.' });
      }
      controller.enqueue(new Uint8Array(value.buffer, value.byteOffset, value.length));
    },
    cancel: () => void message.destroy(),
  }, { highWaterMark: 0 });
}

function unreachable(url: URL, error: Error): AssassinError {
  if (AssassinError.isInstance(error)) return error;
  // Several addresses of one name fail together as one error without words.
  const text = error instanceof AggregateError ? error.errors.map(String).join('; ') : error.message;
  return new AssassinError('model-unavailable', `${url.host} could not be asked: ${text || error.name}`, { hint: 'Check that the server runs and that its base URL is right.', cause: error });
}

function redirected(url: URL, location: string | undefined): AssassinError {
  const to = location !== undefined && URL.canParse(location, url) ? new URL(location, url).origin : 'another address';
  return new AssassinError('model-refused', `${url.origin} redirects to ${to}; redirects of model providers are not followed.`, { hint: `If you trust ${to}, set the base URL to it.` });
}
