import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { connectFailure, connectOptions } from '../policy/pinned-socket.ts';

/** Longest wait for a connection, and longest silence on one. */
const connectMs = 10_000;
const idleMs = 5 * 60_000;

/** Meant for the next hop only, so a proxy must not pass them on. */
const hopByHop: ReadonlySet<string> = new Set([
  'connection', 'keep-alive', 'proxy-connection', 'proxy-authorization', 'proxy-authenticate', 'te', 'trailer', 'transfer-encoding', 'upgrade',
]);

/** Counts what goes over a socket; called with the bytes since the last call. */
export type CountBytes = (received: number, sent: number) => void;

/** Connects to the first of these addresses that answers. Throws the error of the first where none does. */
export async function connectTo(addresses: readonly string[], port: number, track: (socket: Socket) => void): Promise<Socket> {
  const socket = connect(connectOptions(addresses, port));
  track(socket);
  try {
    await connected(socket);
  } catch (error) {
    throw connectFailure(error);
  }
  return socket;
}

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(connectMs, () => socket.destroy(Object.assign(new Error(`it did not answer within ${connectMs} ms`), { code: 'ETIMEDOUT' })));
    socket.once('connect', () => {
      socket.setTimeout(idleMs, () => socket.destroy());
      resolve();
    });
    // Stays attached: what fails later closes the socket, and nobody else listens for the error.
    socket.on('error', reject);
    socket.once('close', () => reject(Object.assign(new Error('it closed the connection'), { code: 'ECONNRESET' })));
  });
}

/** Calls `count` with what a socket has moved since the last call, whenever data arrives on either side and once more at its end. */
function metered(socket: Socket, other: Readable, count: CountBytes): void {
  let received = 0;
  let sent = 0;
  const settle = () => {
    const { bytesRead, bytesWritten } = socket;
    count(bytesRead - received, bytesWritten - sent);
    received = bytesRead;
    sent = bytesWritten;
  };
  socket.on('data', settle);
  other.on('data', settle);
  socket.once('close', settle);
}

/** Joins two sockets until either of them closes; then both are closed. */
export function tunnel(client: Duplex, server: Socket, head: Buffer, count: CountBytes): void {
  client.once('close', () => server.destroy());
  server.once('close', () => client.destroy());
  metered(server, client, count);
  client.write('HTTP/1.1 200 Connection established\r\n\r\n');
  if (head.length > 0) server.write(head);
  client.pipe(server);
  server.pipe(client);
}

/**
 * Sends one plain request on over a connection of its own and its answer back. The Host header is made from `url`, which was decided on: a
 * client cannot name one host to the proxy and another to the server behind the same address.
 */
export async function forward(client: IncomingMessage, answer: ServerResponse, url: URL, server: Socket, count: CountBytes): Promise<void> {
  metered(server, client, count);
  const upstream = httpRequest({
    method: client.method, path: `${url.pathname}${url.search}`, headers: ['Host', url.host, ...passOn(client.rawHeaders, new Set(['host'])), 'Connection', 'close'],
    createConnection: () => server,
  });
  answer.once('close', () => server.destroy());
  const response = Promise.withResolvers<IncomingMessage>();
  upstream.once('response', response.resolve);
  upstream.on('error', response.reject);
  client.pipe(upstream);
  const received = await response.promise;
  answer.writeHead(received.statusCode ?? 502, received.statusMessage ?? '', passOn(received.rawHeaders));
  // A connection that breaks in the middle must look broken to the browser too, not complete.
  await pipeline(received, answer).catch(() => answer.destroy());
}

function passOn(raw: readonly string[], without: ReadonlySet<string> = new Set()): string[] {
  const named = new Set(without);
  for (let i = 0; i < raw.length; i += 2) {
    // A Connection header names further headers that are for this hop only.
    if (raw[i]!.toLowerCase() === 'connection') for (const name of raw[i + 1]!.toLowerCase().split(',')) named.add(name.trim());
  }
  const kept: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase();
    if (!hopByHop.has(name) && !named.has(name)) kept.push(raw[i]!, raw[i + 1]!);
  }
  return kept;
}
