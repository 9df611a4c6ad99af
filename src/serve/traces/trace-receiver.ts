import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Admission, tokenHeader } from '../../chains/functions/admission.ts';
import { listenOnLoopback } from '../../chains/functions/listen-on-loopback.ts';
import type { HostLease, HostLeases } from '../../run/host-leases.ts';
import type { Destruction, Leasable } from '../../run/lease.ts';
import { AssassinError, describeError } from '../../shared/errors.ts';
import type { RunStore } from '../../store/run-store.ts';
import type { TraceLimits } from '../../store/received-traces.ts';
import type { TraceIntake } from '../../telemetry/received/trace-intake.ts';
import { refuse, type Refusal } from '../refuse.ts';
import { partialSuccess } from './partial-success.ts';

export interface TraceReceiverOptions {
  readonly intake: TraceIntake;
  readonly store: RunStore;
  readonly leases: HostLeases;
  /** 0 for any that is free. */
  readonly port: number;
  /** A new one where absent. */
  readonly token?: string;
  readonly limits: TraceLimits;
  readonly onError: (message: string) => void;
}

/** Where OTLP sends traces, and where the SDKs of Langfuse do. */
const paths: ReadonlySet<string> = new Set(['/v1/traces', '/api/public/otel/v1/traces']);
/** Of one request, packed and unpacked. */
export const longestBody = { sent: 8 * 1024 * 1024, unpacked: 32 * 1024 * 1024 };
/** Bodies that are being read and recorded at the same time. */
const maxAtOnce = 4;
const maxConnections = 64;
const tidyMs = 30_000;
const unpack = promisify(gunzip);

export interface ReceiverStats {
  readonly taken: number;
  readonly refused: number;
}

/** Takes traces of OpenTelemetry on 127.0.0.1 from whoever knows the token. A lease of the program. */
export class TraceReceiver implements Leasable, AsyncDisposable {
  readonly endpoint: string;
  readonly token: string;
  readonly #options: TraceReceiverOptions;
  readonly #server: Server;
  readonly #admission: Admission;
  readonly #tidying: NodeJS.Timeout;
  #lease: HostLease<TraceReceiver> | undefined;
  readonly #ended = new AbortController();
  #indexing: Promise<void> | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #busy = 0;
  #taken = 0;
  #refused = 0;

  private constructor(server: Server, port: number, options: TraceReceiverOptions) {
    this.endpoint = `http://127.0.0.1:${port}`;
    this.token = options.token ?? randomBytes(24).toString('base64url');
    this.#options = options;
    this.#server = server;
    this.#admission = new Admission({ port, token: this.token, origins: [] });
    server.on('request', (request, response) => void this.#answer(request, response));
    this.#tidying = setInterval(() => this.#tidy(), tidyMs).unref();
  }

  /** Throws `invalid-input` where the port is taken. */
  static async start(options: TraceReceiverOptions): Promise<TraceReceiver> {
    const lease = await options.leases.lease({ kind: 'server', label: 'receiver of traces' }, async ({ identify }) => {
      const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 30_000 });
      server.maxConnections = maxConnections;
      const port = await listenOnLoopback(server, options.port);
      identify({ port });
      return new TraceReceiver(server, port, options);
    });
    lease.resource.#lease = lease;
    return lease.resource;
  }

  get stats(): ReceiverStats {
    return { taken: this.#taken, refused: this.#refused };
  }

  async destroy(): Promise<Destruction> {
    clearInterval(this.#tidying);
    const closed = new Promise<void>((resolve) => { this.#server.close(() => resolve()); });
    this.#server.closeAllConnections();
    await closed;
    await this.#queue.catch(() => undefined);
    // The store may be closed right after this.
    this.#ended.abort();
    await this.#indexing;
    this.#options.intake.endSilent(true);
    return { verified: !this.#server.listening, how: 'its port is closed' };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lease?.release();
  }

  #tidy(): void {
    const { intake, store, limits, onError } = this.#options;
    try {
      intake.endSilent();
      for (const run of store.traces.beyond(limits)) store.deleteRun(run);
    } catch (error) {
      onError(describeError(error));
    }
  }

  /** Words are found at once when somebody searches. What comes while it goes on is taken in by the same round. */
  #index(): void {
    if (this.#ended.signal.aborted) return;
    this.#indexing ??= this.#options.store.texts.catchUp(this.#ended.signal)
      .catch((error: unknown) => this.#options.onError(describeError(error)))
      .finally(() => { this.#indexing = undefined; });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const json = /^application\/json\b/i.test(request.headers['content-type'] ?? '');
    try {
      const refused = this.#refusal(request);
      if (refused !== undefined) return refuse(request, response, refused.status, { message: refused.message });
      if (this.#busy >= maxAtOnce) return refuse(request, response, 503, { message: 'Too many requests at once. Send this one again.' }, { 'retry-after': '1' });
      this.#busy += 1;
      try {
        const body = await bodyOf(request);
        const { readProtobuf } = json ? { readProtobuf: undefined } : await import('../../telemetry/received/read-protobuf.ts');
        const spans = readProtobuf === undefined ? (await import('../../telemetry/received/read-json.ts')).readJson(body) : readProtobuf(body);
        // One after the other: two requests of one trace would number their events alike.
        const work = this.#queue.catch(() => undefined).then(() => this.#options.intake.take(spans));
        this.#queue = work;
        const { taken, refused: left } = await work;
        this.#taken += taken;
        this.#refused += left;
        response.writeHead(200, { 'content-type': json ? 'application/json' : 'application/x-protobuf' }).end(partialSuccess(left, json));
      } finally {
        this.#busy -= 1;
      }
      // While more is coming, taking it in goes first: a search catches up by itself.
      if (this.#busy === 0) this.#index();
    } catch (error) {
      if (AssassinError.isInstance(error) && error.code === 'invalid-input') return refuse(request, response, error.data?.['tooLarge'] === true ? 413 : 400, { message: error.message });
      this.#options.onError(describeError(error));
      refuse(request, response, 503, { message: 'The spans could not be recorded.' }, { 'retry-after': '5' });
    }
  }

  #refusal(request: IncomingMessage): Refusal | undefined {
    const { headers, method, url = '' } = request;
    const refused = this.#admission.refusal({ ...headers, ...passwordOf(headers.authorization) });
    if (refused?.status === 401) return { status: 401, message: 'The token is missing or wrong. Send the one that the receiver was started with as "Authorization: Bearer TOKEN".' };
    if (refused !== undefined) return { status: refused.status, message: 'Only programs of this computer that address 127.0.0.1 or localhost may send traces, and no web pages.' };
    if (!paths.has(url.replace(/\?.*$/s, ''))) return { status: 404, message: 'Traces are taken at /v1/traces; metrics and logs are not.' };
    if (method !== 'POST') return { status: 405, message: 'Send traces with POST.' };
    return /^application\/(?:json|x-protobuf)\b/i.test(headers['content-type'] ?? '') ? undefined : { status: 415, message: 'Send application/x-protobuf or application/json.' };
  }
}

/** The SDKs of Langfuse show a pair of keys as name and password: the token is the password. */
function passwordOf(authorization: string | undefined): Readonly<Record<string, string>> {
  const basic = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '')?.[1];
  if (basic === undefined) return {};
  const pair = Buffer.from(basic, 'base64').toString();
  return { [tokenHeader]: pair.slice(pair.indexOf(':') + 1) };
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const tooLarge = () => new AssassinError('invalid-input', `The body is larger than ${longestBody.sent} bytes, or than ${longestBody.unpacked} unpacked.`, { hint: 'Send fewer spans at once.', data: { tooLarge: true } });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > longestBody.sent) throw tooLarge();
    chunks.push(chunk);
  }
  const sent = Buffer.concat(chunks);
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return sent;
  if (encoding !== 'gzip') throw new AssassinError('invalid-input', `The encoding "${encoding.slice(0, 40)}" is not known.`, { hint: 'Send gzip, or nothing.' });
  return unpack(sent, { maxOutputLength: longestBody.unpacked }).catch((cause: unknown) => {
    throw (cause as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge() : new AssassinError('invalid-input', 'The body cannot be unpacked.', { hint: 'Send gzip.', cause });
  });
}
