import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { httpSite, type HttpSite } from './http-site.ts';

/** An entry as a registry serves it. */
export interface RegistryEntry {
  readonly server: { readonly name: string; readonly version: string; readonly description: string; readonly [field: string]: unknown };
  readonly _meta: { readonly 'io.modelcontextprotocol.registry/official': { readonly status: string; readonly publishedAt: string; readonly updatedAt: string; readonly isLatest: boolean } };
}

export interface TestRegistry extends AsyncDisposable {
  readonly url: string;
  readonly site: HttpSite;
  /** What it has; may be changed while it serves. */
  readonly entries: RegistryEntry[];
  /** The queries of all lists that were asked for. */
  readonly lists: readonly URLSearchParams[];
  readonly headers: readonly IncomingMessage['headers'][];
}

export function entry(name: string, fields: { readonly version?: string; readonly description?: string; readonly status?: string; readonly at?: string; readonly isLatest?: boolean; readonly [field: string]: unknown } = {}): RegistryEntry {
  const { version = '1.0.0', description = `The server ${name}`, status = 'active', at = '2026-01-01T00:00:00Z', isLatest = true, ...rest } = fields;
  return { server: { name, version, description, ...rest }, _meta: { 'io.modelcontextprotocol.registry/official': { status, publishedAt: at, updatedAt: at, isLatest } } };
}

/** A registry with the API of the official one on a free port. `instead` may answer before it does. */
export async function testRegistry(entries: RegistryEntry[], instead: (url: URL, response: ServerResponse) => boolean = () => false): Promise<TestRegistry> {
  const lists: URLSearchParams[] = [];
  const headers: IncomingMessage['headers'][] = [];
  const site = await httpSite((request, response) => {
    const url = new URL(request.url ?? '/', 'http://registry');
    headers.push(request.headers);
    if (url.pathname === '/v0.1/servers') lists.push(url.searchParams);
    if (instead(url, response)) return;
    const send = (body: unknown, status = 200) => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const versions = /^\/v0\.1\/servers\/([^/]+)\/versions$/.exec(url.pathname)?.[1];
    if (versions !== undefined) return send({ servers: entries.filter(({ server }) => server.name === decodeURIComponent(versions)), metadata: {} });
    if (url.pathname !== '/v0.1/servers') return send({ error: 'not found' }, 404);
    const metaOf = (each: RegistryEntry) => each._meta['io.modelcontextprotocol.registry/official'];
    const since = url.searchParams.get('updated_since');
    const wanted = entries.filter((each) => (url.searchParams.get('version') !== 'latest' || metaOf(each).isLatest)
      && (since === null ? metaOf(each).status !== 'deleted' : Date.parse(metaOf(each).updatedAt) >= Date.parse(since)));
    const from = Number(url.searchParams.get('cursor')?.replace('after:', '') ?? 0);
    const to = from + Number(url.searchParams.get('limit') ?? 30);
    send({ servers: wanted.slice(from, to), metadata: { count: wanted.slice(from, to).length, ...(to < wanted.length ? { nextCursor: `after:${to}` } : {}) } });
  });
  return { url: site.origin, site, entries, lists, headers, [Symbol.asyncDispose]: () => site[Symbol.asyncDispose]() };
}

const dataFile = new URL('../../../shared/data/mcp-tools.jsonl.gz', import.meta.url);

/** Real servers in the format of registries, one for each that a public catalogue names, with what their tools do as the description; `undefined` where the catalogue is not there. */
export function realServers(): readonly RegistryEntry[] | undefined {
  if (!existsSync(dataFile)) return undefined;
  const byName = new Map<string, string[]>();
  for (const line of gunzipSync(readFileSync(dataFile)).toString('utf8').trim().split('\n')) {
    const { server, description } = JSON.parse(line) as { readonly server: string; readonly description: string | null };
    const parts = server.split(/[/\s]+/).map((part) => part.replaceAll(/[^A-Za-z0-9._-]/g, '')).filter((part) => part !== '');
    const name = `io.github.${(parts.length > 1 ? parts[0]! : 'someone').replaceAll(/[^A-Za-z0-9.-]/g, '-')}/${parts.at(-1) ?? 'server'}`;
    byName.set(name, [...(byName.get(name) ?? []), description ?? '']);
  }
  return [...byName].map(([name, descriptions], i) => entry(name, {
    description: descriptions.join('. ').slice(0, 1000), at: new Date(Date.UTC(2026, 0, 1) + i * 60_000).toISOString(),
    packages: [{ registryType: 'npm', identifier: name.slice(name.indexOf('/') + 1).toLowerCase(), version: '1.0.0', transport: { type: 'stdio' } }],
  }));
}
