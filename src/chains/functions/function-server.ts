import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Destruction, Leasable, LeaseHandle } from '../../run/lease.ts';
import { AssassinError, toErrorInfo, type ErrorInfo } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import { Admission } from './admission.ts';
import { CallQueue } from './call-queue.ts';
import { isInvocation, readBody, requestOf, sendAnswer, sendError } from './http-exchange.ts';
import { listenOnLoopback } from './listen-on-loopback.ts';
import type { ServeOptions } from './serve-options.ts';

export interface ServedCall {
  readonly name: string;
  /** As the function's adapter takes it. */
  readonly request: Json;
  readonly remainingMs: number;
  readonly signal: AbortSignal;
}

export interface ServeStatistics {
  /** Calls that came to the function. */
  readonly calls: number;
  readonly failed: number;
  /** Refused because too many waited, or while stopping. */
  readonly refused: number;
  /** Not let in: wrong token, host or origin. */
  readonly turnedAway: number;
}

/** After a stop, calls that are under way may end by themselves for this long. */
const graceMs = 5000;
/** Calls that were aborted may still tell their callers. */
const abortedMs = 300;

/** A loopback HTTP server for one function. Every call goes through `answer`, which runs it. */
export class FunctionServer implements Leasable {
  readonly token: string;
  readonly #server: Server;
  readonly #options: ServeOptions;
  readonly #answer: (call: ServedCall) => Promise<Json>;
  readonly #queue: CallQueue;
  readonly #under = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  readonly #counts = { calls: 0, failed: 0, refused: 0, turnedAway: 0 };
  #admission: Admission | undefined;
  #origin = '';
  #port = 0;
  #destruction: Promise<Destruction> | undefined;

  private constructor(options: ServeOptions, answer: (call: ServedCall) => Promise<Json>) {
    this.#options = options;
    this.#answer = answer;
    this.token = options.token ?? randomBytes(24).toString('base64url');
    this.#queue = new CallQueue(options.concurrency, options.queue);
    // A caller that sends its head or body drop by drop must not hold a connection for ever.
    this.#server = createServer({ headersTimeout: 10_000, requestTimeout: Math.max(10_000, options.timeoutMs), keepAliveTimeout: 5000 }, (request, response) => this.#begin(request, response));
    this.#server.maxConnections = options.concurrency + options.queue + 64;
  }

  /** Throws `invalid-input` where the port is taken. */
  static async start(options: ServeOptions, lease: LeaseHandle, answer: (call: ServedCall) => Promise<Json>): Promise<FunctionServer> {
    const server = new FunctionServer(options, answer);
    await server.#listen();
    lease.identify({ port: server.#port });
    return server;
  }

  get url(): string {
    return `${this.#origin}/`;
  }

  get port(): number {
    return this.#port;
  }

  get statistics(): ServeStatistics {
    return { ...this.#counts };
  }

  async #listen(): Promise<void> {
    this.#port = await listenOnLoopback(this.#server, this.#options.port);
    this.#origin = `http://127.0.0.1:${this.#port}`;
    this.#admission = new Admission({ port: this.#port, token: this.token, origins: this.#options.origins });
  }

  #begin(request: IncomingMessage, response: ServerResponse): void {
    // A call is over when its answer is out: a stop must not cut it off.
    const sent = new Promise<void>((resolve) => response.once('close', resolve));
    const call = this.#call(request, response).catch((error: unknown) => sendError(response, 500, toErrorInfo(error))).then(() => sent);
    this.#under.add(call);
    void call.finally(() => this.#under.delete(call));
  }

  async #call(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = this.#admission?.refusal(request.headers);
    if (refusal) {
      this.#counts.turnedAway += 1;
      this.#close(request, response);
      sendError(response, refusal.status, refusal);
      return;
    }
    const began = performance.now();
    const gone = new AbortController();
    response.once('close', () => {
      if (!response.writableEnded) gone.abort(new AssassinError('cancelled', 'The caller has gone.'));
    });
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new AssassinError('timeout', `The call took longer than ${this.#options.timeoutMs} ms.`, { hint: 'Raise it with --timeout if the work is meant to take that long.' })), this.#options.timeoutMs);
    const signal = AbortSignal.any([gone.signal, late.signal, this.#abort.signal]);
    try {
      const body = await readBody(request, this.#options.maxBodyBytes);
      const turn = await this.#queue.take(signal);
      if (typeof turn === 'string') {
        this.#counts.refused += 1;
        if (turn === 'full') sendError(response, 429, { code: 'budget-exceeded', message: `${this.#options.concurrency} calls are running and ${this.#options.queue} are waiting.`, hint: 'Try again later, or serve with a larger --concurrency or --queue.' }, 1);
        else sendError(response, 503, { code: 'cancelled', message: 'The server is stopping.' });
        return;
      }
      using _turn = turn;
      this.#counts.calls += 1;
      const remainingMs = Math.max(1, this.#options.timeoutMs - (performance.now() - began));
      const value = await this.#answer({ name: `${request.method} ${(request.url ?? '/').replace(/\?.*$/s, '').slice(0, 200)}`, request: requestOf(request, body, this.#origin), remainingMs, signal });
      sendAnswer(response, value);
    } catch (error) {
      this.#fail(request, response, signal.aborted ? signal.reason : error);
    } finally {
      clearTimeout(timer);
    }
  }

  #fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    this.#counts.failed += 1;
    const info = toErrorInfo(error);
    const tooLarge = info.data?.['limit'] === 'maxBodyBytes';
    if (tooLarge) this.#close(request, response);
    if (isInvocation(request) && !tooLarge) {
      // As the runtime interface of AWS Lambda tells of an error of the function.
      response.setHeader('x-amz-function-error', 'Unhandled');
    }
    sendError(response, tooLarge ? 413 : statusOf(info), info);
  }

  /** What is left of a body that nobody will read must not hold the connection. */
  #close(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader('connection', 'close');
    request.resume();
  }

  /** Ends when calls that are under way have ended, or after a grace period. */
  async stop(): Promise<void> {
    this.#queue.close();
    this.#server.close();
    this.#server.closeIdleConnections();
    const over = new AbortController();
    await Promise.race([Promise.allSettled(this.#under), sleep(graceMs, undefined, { signal: over.signal }).catch(() => undefined)]);
    over.abort();
  }

  destroy(): Promise<Destruction> {
    return (this.#destruction ??= this.#destroy());
  }

  async #destroy(): Promise<Destruction> {
    this.#abort.abort(new AssassinError('cancelled', 'The server has ended.'));
    this.#queue.close();
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    await Promise.race([Promise.allSettled(this.#under), sleep(abortedMs)]);
    this.#server.closeAllConnections();
    await Promise.allSettled(this.#under);
    await closed;
    const refused = this.#port === 0 || (await refuses(this.#port));
    return { verified: refused, how: refused ? `port ${this.#port} closed, connections to it are refused` : `port ${this.#port} still answers` };
  }
}

function statusOf({ code }: ErrorInfo): number {
  return code === 'timeout' ? 504 : code === 'cancelled' ? 503 : 500;
}

function refuses(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const end = (gone: boolean) => {
      socket.destroy();
      resolve(gone);
    };
    socket.once('connect', () => end(false));
    socket.once('error', () => end(true));
  });
}
