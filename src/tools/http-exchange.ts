import { ClientRequest, type IncomingMessage } from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import { Writable, type Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { connect as connectTls } from 'node:tls';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { connectFailure, connectOptions } from '../policy/pinned-socket.ts';
import { AssassinError } from '../shared/errors.ts';

export interface ExchangeRequest {
  readonly url: URL;
  /** The addresses to connect to, in turn. The URL's host is not resolved again; it still is the name in the certificate and in the Host header. */
  readonly addresses: readonly string[];
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface ExchangeOptions {
  readonly signal: AbortSignal;
  readonly limits: ExchangeLimits;
  /** Hears of bytes as they go over the socket, TLS and headers included. What it throws ends the exchange. */
  readonly onTraffic: (bytesIn: number, bytesOut: number) => void;
  /** Certificate authorities instead of the built-in ones. */
  readonly ca?: string;
}

/** Milliseconds, and bytes of a body both on the wire and unpacked. */
export interface ExchangeLimits {
  readonly connectMs: number;
  readonly firstByteMs: number;
  readonly idleMs: number;
  readonly bodyBytes: number;
}

/** A body near the largest result of a tool: beyond it the text would not fit through to the chain. */
export const defaultExchangeLimits: ExchangeLimits = { connectMs: 10_000, firstByteMs: 30_000, idleMs: 30_000, bodyBytes: 3 * 1024 * 1024 };

export interface ExchangeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Unpacked. */
  readonly body: Buffer;
}

/** One request over one socket of its own, which is gone when the promise settles. Follows no redirect and knows no proxy, cookie or credential of the environment. */
export async function exchange(request: ExchangeRequest, options: ExchangeOptions): Promise<ExchangeAnswer> {
  const { url, addresses } = request;
  const { signal, limits } = options;
  signal.throwIfAborted();
  const end = new AbortController();
  const stop = AbortSignal.any([signal, end.signal]);
  using clock = new PhaseClock((error) => end.abort(error), url.origin);
  const raw = connect(connectOptions(addresses, Number(url.port || (url.protocol === 'https:' ? 443 : 80))));
  const counted = { in: 0, out: 0 };
  const count = () => {
    const [bytesIn, bytesOut] = [raw.bytesRead - counted.in, raw.bytesWritten - counted.out];
    counted.in += bytesIn;
    counted.out += bytesOut;
    if (bytesIn > 0 || bytesOut > 0) options.onTraffic(bytesIn, bytesOut);
  };
  const onStop = () => raw.destroy();
  stop.addEventListener('abort', onStop, { once: true });
  try {
    clock.start('connect', limits.connectMs, 'did not accept the connection');
    const socket = await opened(raw, request, options.ca);
    clock.start('first-byte', limits.firstByteMs, 'did not begin to answer');
    const response = await answered(request, socket);
    count();
    clock.start('idle', limits.idleMs, 'stopped in the middle of its answer');
    const body = await unpacked(response, request.method, limits.bodyBytes, () => {
      count();
      clock.restart();
    });
    return { status: response.statusCode ?? 0, headers: plainHeaders(response), body };
  } catch (error) {
    throw stop.aborted ? stop.reason : networkError(url, error);
  } finally {
    stop.removeEventListener('abort', onStop);
    raw.destroy();
    count();
  }
}

/** The connected socket, after the TLS handshake where the URL asks for one. */
async function opened(raw: Socket, { url }: ExchangeRequest, ca: string | undefined): Promise<Socket> {
  const secure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // Stays for the socket's whole life: an error after the answer must not end the process.
  raw.on('error', reject).once('close', () => reject(new Error('the connection was closed')));
  const socket = secure ? connectTls({ socket: raw, host, ...(isIP(host) ? {} : { servername: host }), ALPNProtocols: ['http/1.1'], ...(ca === undefined ? {} : { ca }) }) : raw;
  if (secure) socket.on('error', reject);
  socket.once(secure ? 'secureConnect' : 'connect', () => resolve());
  await promise;
  return socket;
}

function answered({ url, method, headers, body }: ExchangeRequest, socket: Socket): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // The class itself and not `request()`: editors replace that function with one that goes through their proxy, past the pinned address.
    const request = new ClientRequest({
      method,
      path: `${url.pathname}${url.search}`,
      headers: { 'user-agent': 'infrastructure-assassin', accept: '*/*', ...headers, host: url.host, 'accept-encoding': 'gzip, br', ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) },
      createConnection: () => socket,
    });
    request.on('response', resolve).on('error', reject).end(body);
  });
}

async function unpacked(response: IncomingMessage, method: string, maxBytes: number, onChunk: () => void): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let wire = 0;
  let bytes = 0;
  const tooMuch = () => new AssassinError('tool-failed', `The answer is larger than the ${maxBytes} bytes that one answer may have.`, { hint: 'Ask the server for less, for example a page of results at a time.' });
  response.on('data', (chunk: Buffer) => {
    wire += chunk.length;
    try {
      onChunk();
      // Counted on both sides of the unpacking: some streams never unpack to anything.
      if (wire > maxBytes) throw tooMuch();
    } catch (error) {
      response.destroy(error as Error);
    }
  });
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      chunks.push(chunk);
      done(bytes > maxBytes ? tooMuch() : null);
    },
  });
  const decoder = method === 'HEAD' || response.headers['content-length'] === '0' ? undefined : decoderOf(response);
  await (decoder ? pipeline(response, decoder, sink) : pipeline(response, sink));
  return Buffer.concat(chunks);
}

function decoderOf(response: IncomingMessage): Duplex | undefined {
  if (response.statusCode === 204 || response.statusCode === 304) return undefined;
  switch (response.headers['content-encoding']?.toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'br':
      return createBrotliDecompress();
    case 'deflate':
      return createInflate();
    default:
      return undefined;
  }
}

/** Without the two headers that describe the packed body. Values of a repeated header are joined with a comma. */
function plainHeaders({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  const kept = Object.entries(headers).filter(([name, value]) => value !== undefined && name !== 'content-encoding' && name !== 'content-length');
  return Object.fromEntries(kept.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value ?? '']));
}

function networkError(url: URL, error: unknown): AssassinError {
  if (AssassinError.isInstance(error)) return error;
  const { code, message } = connectFailure(error) as NodeJS.ErrnoException;
  const reason = code === 'ECONNREFUSED' ? 'nothing listens there' : message;
  return new AssassinError('tool-failed', `The request to ${url.origin} failed: ${reason}.`, { hint: 'Check the address and that the server is up.', cause: error, ...(code === undefined ? {} : { data: { code } }) });
}

/** One timer for the phase that an exchange is in. */
class PhaseClock implements Disposable {
  readonly #fail: (error: AssassinError) => void;
  readonly #origin: string;
  #timer: NodeJS.Timeout | undefined;

  constructor(fail: (error: AssassinError) => void, origin: string) {
    this.#fail = fail;
    this.#origin = origin;
  }

  start(phase: string, ms: number, what: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fail(new AssassinError('timeout', `${this.#origin} ${what} within ${ms} ms.`, { hint: 'Try again later.', data: { phase, ms } })), ms);
  }

  restart(): void {
    this.#timer?.refresh();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
