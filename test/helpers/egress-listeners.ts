import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import { attempts, sitePage, type AttemptPlaces } from '../fixtures/browser/egress-attempts.ts';

export interface EgressListeners extends AsyncDisposable {
  readonly places: AttemptPlaces;
  /** Names of the attempts that arrived where they must not. */
  readonly reached: ReadonlySet<string>;
}

/** A hostile site, and a listener for everything that its pages try to reach. */
export async function egressListeners(): Promise<EgressListeners> {
  const reached = new Set<string>();
  const sockets = new Set<Socket>();
  const ends: (() => Promise<unknown>)[] = [];
  const listen = async (server: TcpServer | Server, host = '127.0.0.1', port = 0) => {
    server.on('connection', (socket: Socket) => {
      sockets.add(socket.on('error', () => undefined));
      socket.once('close', () => sockets.delete(socket));
    });
    server.listen(port, host);
    await once(server, 'listening');
    ends.push(() => new Promise((resolve) => server.close(resolve)));
    return (server.address() as AddressInfo).port;
  };
  const trap = () => createServer((request, response) => {
    reached.add(/^\/([\w-]+)/.exec(request.url ?? '')?.[1] ?? 'unnamed');
    response.writeHead(200, { 'access-control-allow-origin': '*', connection: 'close' }).end();
  }).on('upgrade', (request, socket) => {
    reached.add(/^\/([\w-]+)/.exec(request.url ?? '')?.[1] ?? 'unnamed');
    socket.destroy();
  });
  const port = await listen(trap());
  await listen(trap(), '::1', port);
  const ports: Record<string, number> = {};
  for (const { name, listens } of attempts) {
    if (listens === 'tcp') ports[name] = await listen(createTcpServer(() => reached.add(name)));
    if (listens === 'udp') {
      const socket = createSocket('udp4').on('message', () => reached.add(name));
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
      ports[name] = socket.address().port;
      ends.push(() => new Promise<void>((resolve) => socket.close(() => resolve())));
    }
  }
  const site = createServer((request, response) => {
    const page = sitePage(request.url ?? '/', { own: '', port, ports });
    if (page === undefined) response.writeHead(404).end();
    else response.writeHead(page.status, page.headers).end(page.body);
  });
  const own = `http://127.0.0.1:${await listen(site)}`;
  return {
    reached, places: { own, port, ports },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all(ends.map((end) => end()));
    },
  };
}
