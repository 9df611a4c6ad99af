import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { Destruction, Leasable } from '../../run/lease.ts';
import { Callback } from './callback.ts';
import { tooManyAnswers } from './oauth-errors.ts';
import type { WayBack } from './sign-in-door.ts';

export interface LoopbackOptions {
  readonly state: string;
  readonly signal: AbortSignal;
  /** Tried first: a registration names it. Any that is free where absent or taken. */
  readonly port?: number;
  /** Only `port` will do. */
  readonly fixed?: boolean;
}

const path = '/callback';

const page = (text: string): string => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Infrastructure Assassin</title><body style="font:1rem system-ui;margin:4rem auto;max-width:30rem"><p>${text}</p></body></html>`;

/** Waits on a port of loopback for the browser to come back: for one answer with the right state, and no longer than that. */
export class LoopbackWayBack implements WayBack, Leasable {
  readonly redirectUrl: string;
  readonly port: number;
  readonly #server: Server;
  readonly #callback: Callback;
  #destruction: Promise<Destruction> | undefined;

  private constructor(server: Server, callback: Callback) {
    this.#server = server;
    this.#callback = callback;
    this.port = (server.address() as AddressInfo).port;
    this.redirectUrl = `http://127.0.0.1:${this.port}${path}`;
    server.on('request', (request: IncomingMessage, response: ServerResponse) => this.#answer(request, response));
    // It has no business being open once there is an answer.
    callback.answer.finally(() => void this.destroy()).catch(() => undefined);
  }

  /** Throws what Node says where a fixed port is taken. */
  static async listen({ state, signal, port = 0, fixed = false }: LoopbackOptions): Promise<LoopbackWayBack> {
    signal.throwIfAborted();
    const server = await listening(port).catch((error: unknown) => (fixed || port === 0 ? Promise.reject(error) : listening(0)));
    return new LoopbackWayBack(server, new Callback(state, signal, tooManyAnswers));
  }

  get answer(): Promise<URLSearchParams> {
    return this.#callback.answer;
  }

  readonly deliver = (address: string): boolean => {
    const url = URL.parse(address.trim());
    return url !== null && `${url.origin}${url.pathname}` === this.redirectUrl && this.#callback.deliver(url.searchParams);
  };

  destroy(): Promise<Destruction> {
    return (this.#destruction ??= this.#close());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.destroy();
  }

  async #close(): Promise<Destruction> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    // The page that says so must still arrive; what stays open after that is cut off.
    this.#server.closeIdleConnections();
    const timer = setTimeout(() => this.#server.closeAllConnections(), 500);
    await closed;
    clearTimeout(timer);
    return (await answers(this.port)) ? { verified: false, how: `port ${this.port} still answers` } : { verified: true, how: `port ${this.port} is closed` };
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = URL.parse(request.url ?? '', this.redirectUrl);
    // Another name for this machine in the head means a page that was rebound to it.
    const here = request.headers.host === `127.0.0.1:${this.port}` && url?.host === `127.0.0.1:${this.port}`;
    const taken = here && request.method === 'GET' && url.pathname === path && this.#callback.deliver(url.searchParams);
    response.writeHead(taken ? 200 : here && url.pathname === path ? 400 : 404, {
      'content-type': 'text/html; charset=utf-8', 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff', connection: 'close',
    });
    response.end(page(taken ? 'You can close this page and go back: whether the sign-in has worked is shown there.' : 'This is not the answer that is waited for. Nothing was done.'));
  }
}

async function listening(port: number): Promise<Server> {
  const server = createServer({ headersTimeout: 5000, requestTimeout: 5000, maxHeaderSize: 16 * 1024 });
  server.maxConnections = 16;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
