import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CatalogStore } from '../src/mcp/catalog/catalog-store.ts';
import { syncRegistry } from '../src/mcp/catalog/sync-registry.ts';
import { realServers, testRegistry, type RegistryEntry } from '../test/helpers/mcp-registry.ts';

const count = 25_000;
const searches = 600;
/** While one types, an answer that comes within this is felt as immediate, milliseconds. */
const immediateMs = 50;

/** A catalogue of 25,000 servers: the whole sync from a registry on this machine, the longest that a page holds up the editor, and searches while one types. */
export default async function mcpCatalog() {
  const real = realServers();
  if (real === undefined) throw new Error('The catalogue lies in "shared/data" beside the repository, and is not there.');
  const entries = Array.from({ length: count }, (_, i): RegistryEntry => {
    const { server, _meta } = real[i % real.length]!;
    const round = Math.floor(i / real.length);
    return { server: { ...server, name: round === 0 ? server.name : `${server.name}-${round}` }, _meta };
  });
  const folder = mkdtempSync(join(tmpdir(), 'bench-catalog-'));
  await using registry = await testRegistry(entries);
  try {
    const file = join(folder, 'catalog.db');
    using store = new CatalogStore(file);
    const pages: number[] = [];
    const put = store.put.bind(store);
    store.put = (...args) => void pages.push(timed(() => put(...args)));
    const began = performance.now();
    await syncRegistry({ registry: { name: 'local', url: registry.url, headers: {} }, store, fetch: (...args) => fetch(...args), signal: new AbortController().signal, whole: true, progress: () => undefined });
    const synced = performance.now() - began;
    const queries = real.filter((_, i) => i % Math.ceil(real.length / searches) === 0).flatMap(({ server }) => {
      const words = server.description.split(/\s+/).filter((word) => word.length > 3).slice(0, 3);
      // As it is typed: the beginning of a word, a word, two words.
      return [words[0]?.slice(0, 3) ?? 'a', words[0] ?? 'git', words.slice(0, 2).join(' '), server.name];
    });
    const opened: number[] = [];
    const found = queries.map((query) => {
      const start = performance.now();
      using again = new CatalogStore(file);
      opened.push(performance.now() - start);
      again.search(query, 50);
      return performance.now() - start;
    });
    const row = (bench: string, unit: string, ours: number, peer: number, peerName: string, n: number) => ({ bench, unit, ours, peer, peerName, ratio: ours / peer, n });
    const size = count.toLocaleString('en-US');
    return [
      row(`catalogue of ${size} servers, synced from this machine`, 'ms', synced, 60_000, 'limit: a minute', 1),
      row(`20 servers written at once, p99`, 'ms', at(pages, 0.99), immediateMs, 'limit: what is felt', pages.length),
      row(`search, opening the file included, p50`, 'ms', at(found, 0.5), immediateMs, 'limit: what is felt', found.length),
      row(`search, opening the file included, p95`, 'ms', at(found, 0.95), immediateMs, 'limit: what is felt', found.length),
      row(`file on disk`, 'MiB', statSync(file).size / 1024 ** 2, 200, 'limit', 1),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function timed(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

function at(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!;
}
