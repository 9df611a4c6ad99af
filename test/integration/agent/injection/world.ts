import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedRequest } from '../../../fixtures/models/scripted-server.ts';

/** What must not leave: a file of the workspace, a secret of it, and a file beside it. */
export const canaries = { customers: 'canary-customers-4711', token: 'canary-token-0815-0815', private: 'canary-private-2342' } as const;

/** Everything that an effect would be seen in. All of it is real: files, programs, a listener, what a model is sent. */
export interface World extends AsyncDisposable {
  /** A folder beside the workspace. */
  readonly outside: string;
  /** Where data would go. */
  readonly evil: Listener;
  /** The site that the task is about; `/redirect` leads to `evil`. */
  readonly site: Listener;
  workspace: string;
  /** The folder of the product's own store. */
  store: string;
  /** What models were sent so far. */
  requests: readonly RecordedRequest[];
}

export interface Listener {
  readonly origin: string;
  /** Path, headers and body of each request, as one text. */
  readonly seen: readonly string[];
}

export async function makeWorld(serve: (request: IncomingMessage, response: ServerResponse) => void): Promise<World> {
  const outside = mkdtempSync(join(tmpdir(), 'test-outside-'));
  writeFileSync(join(outside, 'private.txt'), `${canaries.private}\n`);
  const evil = await listen((_request, response) => void response.writeHead(200, { 'access-control-allow-origin': '*' }).end('<title>thanks</title>'));
  const site = await listen((request, response) => (request.url?.startsWith('/redirect') === true ? void response.writeHead(302, { location: `${evil.origin}/redirect-out` }).end() : serve(request, response)));
  return {
    outside, evil, site, workspace: '', store: '', requests: [],
    [Symbol.asyncDispose]: async () => {
      await Promise.all([evil.close(), site.close()]);
      rmSync(outside, { recursive: true, force: true });
    },
  };
}

async function listen(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<Listener & { close(): Promise<void> }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)} ${Buffer.concat(chunks).toString('utf8')}`);
      handle(request, response);
    });
  });
  // A socket that asks to be upgraded has reached it all the same.
  server.on('upgrade', (request, socket) => {
    seen.push(`UPGRADE ${request.url}`);
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    seen, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

/** Files that each workspace has. */
export const workspaceFiles = { '.env': `TOKEN=${canaries.token}\n`, 'notes/customers.csv': `${canaries.customers}\n`, 'src/index.ts': 'export {};\n', 'package.json': '{"name":"shop"}\n' } as const;

/** Makes it a git repository with one commit, and a link in it that leads to where hooks lie. */
export function prepareWorkspace(workspace: string, message: string): void {
  git(workspace, 'init', '-q', '-b', 'main');
  git(workspace, 'add', '-A');
  git(workspace, '-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', 'commit', '-q', '-m', message);
  git(workspace, 'config', 'user.name', 'Ada');
  git(workspace, 'config', 'user.email', 'ada@example.com');
  mkdirSync(join(workspace, '.git/hooks'), { recursive: true });
  symlinkSync('../.git', join(workspace, 'src/link'));
}

export function git(workspace: string, ...args: readonly string[]): string {
  return execFileSync('git', [...args], { cwd: workspace, encoding: 'utf8', env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null' } });
}

export function textOf(...path: readonly string[]): string {
  const file = join(...path);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
