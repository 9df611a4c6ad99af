import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { BrowserFactory, type BrowserFactoryOptions } from '../../src/browser/browser-factory.ts';
import { processesNaming } from '../../src/browser/process-search.ts';
import { ToolRegistry } from '../../src/tools/registry.ts';
import { browserTools } from '../../src/tools/browser-tools.ts';
import type { RunScope } from '../../src/run/run-scope.ts';
import type { Json } from '../../src/shared/json.ts';

export type Handler = string | ((request: IncomingMessage, response: ServerResponse) => void);

export interface Site extends AsyncDisposable {
  readonly port: number;
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  /** Method and path of each request, in order. */
  readonly requests: readonly string[];
}

/** Serves pages on loopback; a path that is not there is 404. */
export async function serve(pages: Readonly<Record<string, Handler>>): Promise<Site> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const handler = pages[new URL(request.url ?? '/', 'http://site').pathname];
    if (handler === undefined) response.writeHead(404, { 'content-type': 'text/html' }).end('<title>Nothing here</title>');
    else if (typeof handler === 'string') response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(handler);
    else handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port, requests, origin: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

/** A listener that must not be reached: counts whoever connects, whatever they speak. */
export async function trap(): Promise<AsyncDisposable & { readonly port: number; readonly reached: readonly string[] }> {
  const reached: string[] = [];
  const server = createTcpServer((socket) => {
    const entry = reached.push('connected') - 1;
    socket.on('data', (chunk: Buffer) => {
      reached[entry] = chunk.toString('latin1').split('\r\n')[0]!;
      socket.end();
    });
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, reached, [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())) };
}

export const browsers = ['/usr/lib/chromium/chromium-headless-shell', '/usr/lib/chromium/chromium'].filter((path) => existsSync(path));

export interface ToolCaller {
  (name: string, input: Json): Promise<Json>;
}

/** The browser tools on a real factory, called through the registry as chains and agents call them. */
export function browserToolbox(options: Partial<BrowserFactoryOptions> = {}): { readonly factory: BrowserFactory; readonly log: string[]; readonly tools: (scope: RunScope) => ToolCaller } {
  const log: string[] = [];
  const factory = new BrowserFactory({ log: (level, message) => void log.push(`${level}: ${message}`), ...options });
  const registry = new ToolRegistry();
  registry.register(...browserTools(factory));
  return { factory, log, tools: (scope) => (name, input) => registry.call(name, input, scope) };
}

/**
 * Gives each test a temporary folder of its own and asserts afterwards that no process names it and nothing of a browser lies in it: looked for in
 * the process list and the file system, not asked of the product. Its own, so that tests of other files may have browsers open meanwhile.
 */
export function leavesNothing(): void {
  let before: string | undefined;
  let folder: string;
  beforeEach(() => {
    before = process.env['TMPDIR'];
    folder = mkdtempSync(join(tmpdir(), 'test-browser-'));
    process.env['TMPDIR'] = folder;
  });
  afterEach(async () => {
    const left = readdirSync(folder).filter((name) => name.startsWith('ia-') || name.includes('hromium'));
    const processes = await processesNaming(folder);
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    rmSync(folder, { recursive: true, force: true });
    expect({ left, processes }).toEqual({ left: [], processes: [] });
  });
}
