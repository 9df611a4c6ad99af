import { setImmediate } from 'node:timers/promises';
import * as z from 'zod';
import type { Fetch } from '../../policy/egress-fetch.ts';
import { AssassinError, describeError } from '../../shared/errors.ts';
import { plainIssue } from '../../shared/plain-issue.ts';
import type { CatalogStore } from './catalog-store.ts';
import type { McpRegistry } from './registries.ts';
import { pageSchema, parseEntry, type CatalogEntry } from './server-json.ts';

export interface SyncOptions {
  readonly registry: McpRegistry;
  readonly store: CatalogStore;
  readonly fetch: Fetch;
  readonly signal: AbortSignal;
  /** Asks for everything again, and drops what is not there any more. */
  readonly whole: boolean;
  readonly progress: (entries: number) => void;
  /** One page takes this long at most, milliseconds. */
  readonly pageMs?: number;
}

export interface SyncResult {
  readonly registry: string;
  /** What came, and what of it was no entry. */
  readonly entries: number;
  readonly skipped: number;
  /** Why the first of those was none. */
  readonly firstSkipped?: string;
  readonly pages: number;
  /** All entries, or only what had changed since this date. */
  readonly since?: string;
  readonly servers: number;
}

const pageSize = 100;
/** So many are written at once: a whole page would hold up the event loop for longer than a person notices. */
const sliceSize = 20;
/** Twenty times what the official registry has. */
const maxPages = 5000;
const maxEntries = 500_000;
/** A change that is written while another is read may carry an earlier date, milliseconds. */
const overlapMs = 10 * 60_000;

/** Takes over what a registry has changed since the last time, page by page. What came before a failure is kept; the next sync begins at the same date. Throws `not-supported`, `timeout` and `invalid-output`. */
export async function syncRegistry({ registry, store, fetch, signal, whole, progress, pageMs = 60_000 }: SyncOptions): Promise<SyncResult> {
  const before = whole ? undefined : store.sync(registry.name)?.since;
  const since = before === undefined ? undefined : new Date(Date.parse(before) - overlapMs).toISOString();
  const generation = Date.now();
  const seen = new Set<string>();
  let [entries, skipped, pages] = [0, 0, 0];
  let newest = before;
  let firstSkipped: string | undefined;
  for (let cursor: string | undefined; ; ) {
    const page = await onePage(pageUrl(registry, cursor, since), registry, { fetch, signal, pageMs });
    const read = page.servers.map((raw) => tryEntry(raw));
    const good = read.flatMap((each) => (typeof each === 'string' ? [] : [each]));
    firstSkipped ??= read.find((each) => typeof each === 'string');
    skipped += read.length - good.length;
    entries += good.length;
    pages += 1;
    for (let at = 0; at < good.length; at += sliceSize) {
      store.put(registry.name, good.slice(at, at + sliceSize), generation);
      // An editor goes on between two of them.
      await setImmediate();
    }
    signal.throwIfAborted();
    for (const { updatedAt, publishedAt } of good) {
      const date = updatedAt ?? publishedAt;
      if (date !== undefined && (newest === undefined || date > newest)) newest = date;
    }
    progress(entries);
    const next = page.metadata?.nextCursor;
    if (next === undefined || next === null || next === '') break;
    if (seen.has(next)) throw wrong(registry, 'goes round in circles: it gave the same place in its list twice');
    if (pages >= maxPages || entries + skipped >= maxEntries) throw wrong(registry, `does not end: ${entries} entries came`);
    seen.add(next);
    cursor = next;
  }
  // A date of the future would keep all later changes away.
  const until = newest === undefined || newest <= new Date(generation).toISOString() ? newest : new Date(generation).toISOString();
  store.finish({ registry: registry.name, url: registry.url, since: until, generation, whole: since === undefined });
  const { servers = 0 } = store.sync(registry.name) ?? {};
  return { registry: registry.name, entries, skipped, pages, servers, ...(firstSkipped === undefined ? {} : { firstSkipped }), ...(since === undefined ? {} : { since }) };
}

/** All versions of one server, in the order of the registry. */
export async function versionsOf(registry: McpRegistry, name: string, options: Pick<SyncOptions, 'fetch' | 'signal'>): Promise<readonly CatalogEntry[]> {
  const url = new URL(`${registry.url}/v0.1/servers/${encodeURIComponent(name)}/versions`);
  const { servers } = await onePage(url, registry, { ...options, pageMs: 60_000 });
  return servers.map((raw) => tryEntry(raw)).flatMap((each) => (typeof each === 'string' ? [] : [each])).filter(({ server }) => server.name === name);
}

function pageUrl(registry: McpRegistry, cursor: string | undefined, since: string | undefined): URL {
  const url = new URL(`${registry.url}/v0.1/servers`);
  url.searchParams.set('limit', String(pageSize));
  url.searchParams.set('version', 'latest');
  if (since !== undefined) {
    url.searchParams.set('updated_since', since);
    url.searchParams.set('include_deleted', 'true');
  }
  if (cursor !== undefined) url.searchParams.set('cursor', cursor);
  return url;
}

async function onePage(url: URL, registry: McpRegistry, { fetch, signal, pageMs }: { readonly fetch: Fetch; readonly signal: AbortSignal; readonly pageMs: number }): Promise<z.infer<typeof pageSchema>> {
  const late = AbortSignal.timeout(pageMs);
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, late]), headers: { accept: 'application/json', ...registry.headers } });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw wrong(registry, `answered ${response.status}`, response.status === 404 ? 'Check its address: this program asks for /v0.1/servers below it.' : response.status === 401 || response.status === 403 ? 'Give it the "headers" that it wants in the setting.' : 'Try again later.');
    }
    return pageSchema.parse(await response.json());
  } catch (error) {
    signal.throwIfAborted();
    if (late.aborted) throw new AssassinError('timeout', `The registry ${registry.name} did not answer within ${pageMs / 1000} seconds.`, { hint: 'Try again later. What came is kept.', cause: error });
    if (AssassinError.isInstance(error)) throw error;
    if (error instanceof z.ZodError || error instanceof SyntaxError) throw wrong(registry, 'answered something that is no list of servers', 'Check its address.', error);
    throw wrong(registry, `could not be reached: ${describeError(error)}`, 'Check the network connection and its address.', error);
  }
}

/** An entry, or why it is none. */
function tryEntry(raw: unknown): CatalogEntry | string {
  try {
    return parseEntry(raw);
  } catch (error) {
    const name = typeof raw === 'object' && raw !== null && 'server' in raw && typeof raw.server === 'object' && raw.server !== null && 'name' in raw.server ? String(raw.server.name).slice(0, 200) : 'an entry without a name';
    return `${name}: ${error instanceof z.ZodError ? error.issues.slice(0, 2).map(plainIssue).join('; ') : describeError(error)}`;
  }
}

function wrong(registry: McpRegistry, what: string, hint = 'Tell its operator. What came is kept.', cause?: unknown): AssassinError {
  return new AssassinError('invalid-output', `The registry ${registry.name} (${registry.url}) ${what}.`, { hint, data: { registry: registry.name }, ...(cause === undefined ? {} : { cause }) });
}
