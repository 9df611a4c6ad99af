import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { describeAction, netAction, type Action, type NetAction } from '../policy/action.ts';
import { pinTarget, type PinnedTarget, type Resolver } from '../policy/egress.ts';
import { isGrantUsedUp } from '../policy/grant-used-up.ts';
import type { Destruction, Leasable, LeaseHandle } from '../run/lease.ts';
import type { RunScope } from '../run/run-scope.ts';
import { AssassinError } from '../shared/errors.ts';
import { EgressRecord } from './egress-record.ts';
import { connectTo, forward, tunnel } from './egress-relay.ts';
import { parsePlain, parseTunnel, unreachable } from './egress-target.ts';
import { ProxyDoor } from './proxy-door.ts';

export interface EgressProxyOptions {
  readonly scope: RunScope;
  readonly handle: LeaseHandle;
  readonly resolver: Resolver;
  /** Where a browser has been told to find it; opened here where absent. */
  readonly door?: ProxyDoor;
  readonly log: (level: 'debug' | 'warn', message: string) => void;
}

/** Marks an answer as the proxy's own. The value is random, so that no page can pretend to be the proxy. */
export const egressHeader = 'x-ia-egress';

/**
 * The only way out of a throwaway browser: a forward proxy of the run's own on 127.0.0.1. It decides on each connection by host, port and scheme,
 * resolves the name itself and connects to exactly that address, so that a second DNS answer cannot lead elsewhere.
 *
 * Written here because nothing may outlive its run: the proxy library that was tried leaves the sockets to the far side open after it is closed,
 * and cannot stop a transfer in the middle when the run's budget is used up.
 */
export class EgressProxy implements Leasable {
  readonly #options: EgressProxyOptions;
  readonly #server: Server;
  readonly #record: EgressRecord;
  readonly #sockets = new Set<Duplex>();
  readonly #approved = new Set<string>();
  /** Open connections to places, so that those whose grant is used up end while others go on. */
  readonly #upstream = new Map<Socket, NetAction>();
  readonly #exhausted = new AbortController();
  readonly #nonce = crypto.randomUUID();
  readonly #door: ProxyDoor;
  readonly #port: number;
  #requests = 0;
  #received = 0;
  #sent = 0;
  #destruction: Promise<Destruction> | undefined;

  static async listen(options: EgressProxyOptions): Promise<EgressProxy> {
    const proxy = new EgressProxy(options, options.door ?? (await ProxyDoor.open()));
    options.handle.identify({ port: proxy.#port });
    proxy.#door.lead((socket) => proxy.#server.emit('connection', socket));
    return proxy;
  }

  private constructor(options: EgressProxyOptions, door: ProxyDoor) {
    this.#options = options;
    this.#door = door;
    this.#port = door.port;
    this.#record = new EgressRecord(options.scope, (message) => options.log('debug', message));
    this.#server = createServer({ keepAliveTimeout: 60_000 });
    this.#server.on('connection', (socket) => this.#track(socket));
    this.#server.on('clientError', (_error, socket) => socket.destroy());
    this.#server.on('request', (request, response) => void this.#plain(request, response).catch((error: unknown) => this.#broken(error, response)));
    this.#server.on('connect', (request, socket, head) => void this.#tunnel(request, socket, head).catch((error: unknown) => this.#broken(error, socket)));
  }

  get port(): number {
    return this.#port;
  }

  /** Aborts with `budget-exceeded` once the run has used up its bytes, or with whatever keeps the proxy from recording what it does. */
  get exhausted(): AbortSignal {
    return this.#exhausted.signal;
  }

  /** Lets through exactly this action from now on: a person was asked and said yes, which the proxy cannot do in the middle of a connection. */
  approve(action: Action): void {
    this.#approved.add(describeAction(action));
  }

  /** Whether an answer with this header came from the proxy and not from the site. */
  isOwnAnswer(header: string | undefined): boolean {
    return header === this.#nonce;
  }

  /** Why a page of this URL could not be had, as far as the proxy knows. */
  failureOf(url: URL): AssassinError | undefined {
    return this.#record.failureOf(netAction(url));
  }

  destroy(): Promise<Destruction> {
    return (this.#destruction ??= this.#destroy());
  }

  #allows = (action: Action): boolean => this.#options.scope.gate.allows(action) || this.#approved.has(describeAction(action));

  async #plain(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = parsePlain(request.url ?? '');
    if (!url) return void response.writeHead(400).end('This is the egress proxy of a run. It takes requests of that run\'s browser only.');
    const refuse = (status: number, error: AssassinError) =>
      void response.writeHead(status, { [egressHeader]: this.#nonce, 'content-type': 'text/plain; charset=utf-8', connection: 'close' }).end(error.message);
    const server = await this.#open(url, request, refuse);
    if (server) await forward(request, response, url, server, this.#counting(url, server));
  }

  async #tunnel(request: IncomingMessage, client: Duplex, head: Buffer): Promise<void> {
    client.on('error', () => client.destroy());
    const url = parseTunnel(request.url ?? '', { allows: this.#allows });
    if (!url) return void client.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    const refuse = (status: number) => void client.end(`HTTP/1.1 ${status} ${status === 403 ? 'Forbidden' : 'Bad Gateway'}\r\nConnection: close\r\n\r\n`);
    const server = await this.#open(url, request, refuse);
    if (server) tunnel(client, server, head, this.#counting(url, server));
  }

  /** The connection to the far side, or the refusal. */
  async #open(url: URL, request: IncomingMessage, refuse: (status: number, error: AssassinError) => void): Promise<Socket | undefined> {
    const { budget } = this.#options.scope;
    if (budget.left('egressBytes') <= 0) {
      const over = budget.refusal('egressBytes');
      this.#stop(over);
      refuse(403, over);
      return undefined;
    }
    let target: PinnedTarget;
    try {
      if (isSelf(netAction(url), this.#port)) throw new AssassinError('egress-denied', 'A page may not talk to the proxy of its own run.');
      target = await pinTarget(url, { allows: this.#allows }, this.#options.resolver);
    } catch (error) {
      if (!AssassinError.isInstance(error)) throw error;
      const why = this.#record.usedUp(netAction(url)) ?? error;
      this.#record.refused({ action: netAction(url), error: why, initiator: originOf(request) });
      refuse(403, why);
      return undefined;
    }
    try {
      const server = await connectTo(target.addresses, target.action.port, (socket) => this.#track(socket));
      this.#record.succeeded(target.action);
      this.#requests += 1;
      return server;
    } catch (cause) {
      const error = unreachable(target.action, cause instanceof Error ? cause : new Error(String(cause)));
      this.#record.failed(target.action, error);
      refuse(502, error);
      return undefined;
    }
  }

  /** Counts what passes to and from one place: for the run, and for the grant that lets it pass. */
  #counting(url: URL, server: Socket): (received: number, sent: number) => void {
    const action = netAction(url);
    this.#upstream.set(server, action);
    server.once('close', () => this.#upstream.delete(server));
    return (received, sent) => this.#count(action, server, received, sent);
  }

  #count(action: NetAction, server: Socket, received: number, sent: number): void {
    this.#record.passed(action, received, sent);
    this.#received += received;
    this.#sent += sent;
    try {
      this.#options.scope.budget.spend('egressBytes', received + sent);
      this.#options.scope.gate.spend(action, { bytes: received + sent });
    } catch (error) {
      if (isGrantUsedUp(error)) this.#cut(action, server, error);
      else this.#stop(error);
    }
  }

  /** Ends the connections to places whose grant is used up; the others go on. */
  #cut(action: NetAction, server: Socket, error: AssassinError): void {
    this.#record.cut(action, error);
    server.destroy();
    for (const [socket, other] of this.#upstream) if (!this.#allows(other)) socket.destroy();
  }

  #broken(error: unknown, stream: Duplex | ServerResponse): void {
    stream.destroy();
    const ordinary = error instanceof Error && 'code' in error && !AssassinError.isInstance(error);
    // A reset connection is the network's everyday life; a journal that cannot be written ends the browser's use.
    if (ordinary) this.#options.log('debug', `A connection of the browser broke: ${error.message}`);
    else this.#stop(error);
  }

  #stop(reason: unknown): void {
    this.#exhausted.abort(reason);
    for (const socket of this.#sockets) socket.destroy();
  }

  #track(socket: Duplex): void {
    if (this.#destruction || this.#exhausted.signal.aborted) return void socket.destroy();
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  async #destroy(): Promise<Destruction> {
    const { scope, handle } = this.#options;
    const closed = this.#door.close();
    const open = [...this.#sockets];
    const ended = open.map((socket) => new Promise<void>((resolve) => (socket.closed ? resolve() : socket.once('close', () => resolve()))));
    for (const socket of open) socket.destroy();
    await Promise.all([closed, ...ended]);
    const refused = await refusesConnections(this.#port);
    const of = { lease: handle.id };
    scope.meter('browser.requests', this.#requests, 'measured', 'connections and plain requests that the egress proxy let through; all requests inside one TLS connection count as one', of);
    scope.meter('browser.blocked_requests', this.#record.blocked, 'measured', `connections and plain requests that the egress proxy refused; ${this.#record.background} of the browser's own are not counted`, of);
    const { hosts, refused: refusals } = this.#record.summary;
    if (hosts.length + refusals.length > 0) scope.journal.append({ type: 'egress.used', ...of, hosts, refused: refusals });
    scope.meter('egress.bytes_in', this.#received, 'measured', 'bytes that the egress proxy received from servers', of);
    scope.meter('egress.bytes_out', this.#sent, 'measured', 'bytes that the egress proxy sent to servers', of);
    return {
      verified: refused && this.#sockets.size === 0 && !this.#door.listening,
      how: `${refused ? `a connection to 127.0.0.1:${this.#port} is refused` : `127.0.0.1:${this.#port} still answers`}, ${this.#sockets.size} of its sockets are open`,
    };
  }
}

function isSelf({ host, port }: NetAction, own: number): boolean {
  return port === own && (host === 'localhost' || host.endsWith('.localhost') || host.startsWith('127.') || host === '0.0.0.0');
}

function originOf({ headers }: IncomingMessage): string | undefined {
  const said = headers.origin ?? headers.referer;
  return said !== undefined && URL.canParse(said) ? new URL(said).origin : undefined;
}

function refusesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.setTimeout(1000, () => socket.destroy(new Error('no answer')));
    socket.once('connect', () => resolve(false)).once('connect', () => socket.destroy());
    socket.once('error', () => resolve(true));
  });
}
