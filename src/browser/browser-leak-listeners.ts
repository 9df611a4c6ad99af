import { createSocket, type Socket as Datagrams } from 'node:dgram';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import { leakPage, leakWorker, type LeakTargets } from './browser-leak-page.ts';

/** Everything on loopback that the self-test listens at: a proxy that knows one site, that site, and what must not be reached. */
export class LeakListeners {
  /** Names of the channels that got past the proxy. */
  readonly leaks = new Set<string>();
  /** Names of the channels that came to the proxy, where they were refused. */
  readonly refused = new Set<string>();
  /** Resolves when the page has tried everything. */
  readonly done: Promise<void>;
  readonly #servers: (TcpServer | Server)[] = [];
  readonly #datagrams: Datagrams[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #finish: () => void;
  #page = '';
  #proxyPort = 0;
  #sitePort = 0;

  static async open(): Promise<LeakListeners> {
    const listeners = new LeakListeners();
    try {
      await listeners.#open();
      return listeners;
    } catch (error) {
      await listeners.close();
      throw error;
    }
  }

  private constructor() {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.done = promise;
    this.#finish = resolve;
  }

  get proxyPort(): number {
    return this.#proxyPort;
  }

  /** The page that tries everything. Through the proxy it is no leak. */
  get url(): string {
    return `http://127.0.0.1:${this.#sitePort}/`;
  }

  /** Resolves when nothing is listened at any more. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all([
      ...this.#servers.map((server) => new Promise<void>((resolve) => (server.listening ? server.close(() => resolve()) : resolve()))),
      ...this.#datagrams.map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))),
    ]);
  }

  get open(): boolean {
    return this.#servers.some(({ listening }) => listening) || this.#sockets.size > 0;
  }

  async #open(): Promise<void> {
    const trap = await this.#trap('127.0.0.1', 0, (line) => /^[A-Z]+ (?:http:\/\/[^/]+)?\/([\w-]+)/.exec(line)?.[1] ?? 'connection');
    // A machine may have no IPv6, and then nothing can leak there.
    await this.#trap('::1', trap, (line) => /^[A-Z]+ \/([\w-]+)/.exec(line)?.[1] ?? 'connection').catch(() => 0);
    const rtcPort = await this.#trap('127.0.0.1', 0, () => 'turn');
    await this.#hear(rtcPort, 'stun');
    const targets: LeakTargets = { hosts: [`127.0.0.1:${trap}`, `localhost:${trap}`, `[::1]:${trap}`], rtcPort, quicPort: await this.#hear(0, 'quic') };
    this.#page = leakPage(targets);
    this.#sitePort = await this.#listen(createServer((request, response) => {
      this.leaks.add('loopback');
      this.#serve(request.url ?? '/', response);
    }), '127.0.0.1', 0);
    const proxy = createServer((request, response) => this.#proxied(request, response));
    proxy.on('connect', (request, socket) => {
      this.refused.add(request.url?.endsWith(`:${trap}`) === true ? 'web-socket' : 'tunnel');
      socket.on('error', () => undefined).end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
    });
    this.#proxyPort = await this.#listen(proxy, '127.0.0.1', 0);
  }

  #proxied({ url = '' }: IncomingMessage, response: ServerResponse): void {
    if (url.startsWith(this.url)) return this.#serve(url.slice(this.url.length - 1), response);
    const channel = /^http:\/\/[^/]+\/([\w-]+)/.exec(url)?.[1];
    if (channel !== undefined) this.refused.add(channel);
    response.writeHead(403, { connection: 'close' }).end();
  }

  #serve(path: string, response: ServerResponse): void {
    const script = path.startsWith('/worker.js');
    response.writeHead(200, { 'content-type': script ? 'text/javascript' : 'text/html', connection: 'close' }).end(script ? leakWorker : path === '/' ? this.#page : '');
    if (path === '/done') this.#finish();
  }

  /** Listens at a port that nobody may reach. `channelOf` reads from the first line who did. */
  #trap(host: string, port: number, channelOf: (line: string) => string): Promise<number> {
    return this.#listen(createTcpServer((socket) => {
      let told = false;
      const tell = (line: string) => {
        if (!told) this.leaks.add(channelOf(line));
        told = true;
      };
      socket.on('data', (chunk) => {
        tell(chunk.toString('latin1'));
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      });
      socket.on('close', () => tell(''));
    }), host, port);
  }

  async #listen(server: TcpServer | Server, host: string, port: number): Promise<number> {
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket.on('error', () => undefined));
      socket.once('close', () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
    this.#servers.push(server);
    return (server.address() as AddressInfo).port;
  }

  async #hear(port: number, channel: string): Promise<number> {
    const socket = createSocket('udp4');
    socket.on('message', () => this.leaks.add(channel));
    await new Promise<void>((resolve, reject) => socket.once('error', reject).bind(port, '127.0.0.1', resolve));
    this.#datagrams.push(socket);
    return socket.address().port;
  }
}
