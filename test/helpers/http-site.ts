import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export interface HttpSite extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  readonly port: number;
  /** Method and path of every request so far, such as `GET /a`. */
  readonly requests: readonly string[];
  /** Bytes that came in over all sockets that have closed. */
  readonly bytesIn: () => number;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A real server on a free port of 127.0.0.1 or another loopback address. Disposing it cuts its connections. */
export async function httpSite(handler: Handler, tls?: { readonly key: string; readonly cert: string }, address = '127.0.0.1'): Promise<HttpSite> {
  const requests: string[] = [];
  const listener: Handler = (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    handler(request, response);
  };
  const server: Server = tls ? createTlsServer(tls, listener) : createServer(listener);
  let bytesIn = 0;
  server.on('connection', (socket) => socket.on('close', () => (bytesIn += socket.bytesRead)));
  server.listen(0, address);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${tls ? 'https' : 'http'}://${address.includes(':') ? `[${address}]` : address}:${port}`,
    port,
    requests,
    bytesIn: () => bytesIn,
    [Symbol.asyncDispose]: async () => {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
