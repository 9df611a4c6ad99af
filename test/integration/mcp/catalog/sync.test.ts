import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseRules } from '../../../../src/policy/rules.ts';
import { withCatalog } from '../../../helpers/mcp-catalog.ts';
import { entry, realServers, testRegistry } from '../../../helpers/mcp-registry.ts';

const many = (count: number) => Array.from({ length: count }, (_, i) => entry(`io.github.someone/server-${String(i).padStart(4, '0')}`, { description: i % 2 === 0 ? 'Reads calendars' : 'Writes invoices' }));

describe('the catalogue', () => {
  it('takes over all pages of a registry, and is looked through when the registry is gone', async () => {
    const registry = await testRegistry([...many(250), entry('com.example/weather', { title: 'Weather', description: 'Forecasts for any city' })]);
    await withCatalog({ local: registry.url }, async ({ catalog }) => {
      const said: string[] = [];
      expect(await catalog.sync({ progress: (message) => said.push(message) })).toMatchObject([{ registry: 'local', entries: 251, servers: 251, pages: 3, skipped: 0 }]);
      expect(said.at(-1)).toBe('local: 251 servers');
      await registry[Symbol.asyncDispose]();
      expect(catalog.search('forecast city')).toMatchObject([{ name: 'com.example/weather', title: 'Weather', publisher: 'example.com', version: '1.0.0', status: 'active', registry: 'local' }]);
      expect(catalog.search('invoice', { limit: 7 })).toHaveLength(7);
      expect(catalog.search('invoice', { limit: 7, registry: 'local' })).toHaveLength(7);
      expect(() => catalog.search('invoice', { registry: 'none' })).toThrow('There is no registry "none"');
      expect(catalog.find('weather').entry.server.name).toBe('com.example/weather');
      await expect(catalog.sync()).rejects.toMatchObject({ code: 'invalid-output', message: expect.stringContaining('could not be reached') as string });
      expect(catalog.syncs()).toMatchObject([{ registry: 'local', servers: 251 }]);
    });
  });

  it('asks the second time only for what has changed, and takes over what was deprecated and deleted', async () => {
    await using registry = await testRegistry([entry('a.b/one'), entry('a.b/two'), entry('a.b/three', { at: '2026-02-01T00:00:00Z' })]);
    await withCatalog({ local: registry.url }, async ({ catalog }) => {
      await catalog.sync();
      registry.entries.splice(0, 2, entry('a.b/one', { version: '2.0.0', at: '2026-03-01T00:00:00Z' }), entry('a.b/two', { status: 'deleted', at: '2026-03-02T00:00:00Z' }));
      expect(await catalog.sync()).toMatchObject([{ entries: 3, since: '2026-01-31T23:50:00.000Z' }]);
      expect(registry.lists[1]?.get('updated_since')).toBe('2026-01-31T23:50:00.000Z');
      expect(catalog.search('').map(({ name, version }) => `${name} ${version}`)).toEqual(['a.b/one 2.0.0', 'a.b/three 1.0.0']);
      const found = catalog.find('a.b/one');
      expect(catalog.versions(found).map(({ version, isLatest }) => [version, isLatest])).toEqual([['2.0.0', true], ['1.0.0', false]]);
      expect(catalog.find('a.b/one', '1.0.0').entry.server.version).toBe('1.0.0');
      await expect(catalog.add(catalog.find('a.b/two'), { id: 'http', label: '', of: { remote: { type: 'sse', url: 'https://x' } } }, { confirm: () => Promise.resolve(true) })).rejects.toMatchObject({ code: 'not-supported' });
    });
  });

  it('drops what a registry does not have any more when everything is fetched again, and what is not configured any more', async () => {
    await using registry = await testRegistry([entry('a.b/one'), entry('a.b/two')]);
    await using other = await testRegistry([entry('c.d/three')]);
    await withCatalog({ local: registry.url, other: other.url }, async ({ catalog, again }) => {
      await catalog.sync();
      registry.entries.pop();
      await catalog.sync({ registry: 'local', whole: true });
      expect(catalog.search('').map(({ name }) => name)).toEqual(['a.b/one', 'c.d/three']);
      const fewer = again({ other: other.url });
      await fewer.sync();
      expect(fewer.search('').map(({ name }) => name)).toEqual(['c.d/three']);
      await expect(fewer.sync({ registry: 'local' })).rejects.toMatchObject({ code: 'invalid-input', hint: expect.stringContaining('other') as string });
    });
  });

  it('asks for all versions of a server when a person wants them, and keeps them', async () => {
    await using registry = await testRegistry([entry('a.b/one', { version: '2.0.0', at: '2026-02-01T00:00:00Z' }), entry('a.b/one', { version: '1.0.0', isLatest: false })]);
    await withCatalog({ local: registry.url }, async ({ catalog }) => {
      await catalog.sync();
      expect(catalog.versions(catalog.find('a.b/one'))).toHaveLength(1);
      expect((await catalog.fetchVersions(catalog.find('a.b/one'))).map(({ version }) => version)).toEqual(['2.0.0', '1.0.0']);
      expect(registry.site.requests.at(-1)).toBe('GET /v0.1/servers/a.b%2Fone/versions');
      expect(catalog.find('a.b/one').entry.server.version).toBe('2.0.0');
    });
  });

  it('leaves out entries that are none, and says which was the first', async () => {
    await using registry = await testRegistry([entry('a.b/good'), entry('no slash'), entry('a.b/huge', { description: 'x'.repeat(5000) })]);
    await withCatalog({ local: registry.url }, async ({ catalog }) => {
      expect(await catalog.sync()).toMatchObject([{ entries: 1, skipped: 2, firstSkipped: expect.stringContaining('no slash: server.name') as string }]);
    });
  });

  it.each([
    ['goes round in circles', (url: URL) => JSON.stringify({ servers: [], metadata: { nextCursor: url.searchParams.get('cursor') ?? 'again' } }), 'goes round in circles'],
    ['answers with a page for people', () => '<html>', 'no list of servers'],
    ['answers with another list', () => '{"items":[]}', 'no list of servers'],
    ['sends a page without end', () => `{"servers":["${'x'.repeat(33 * 1024 * 1024)}"]}`, 'is larger than'],
  ])('ends with a word about it where a registry %s', async (_, body, what) => {
    await using registry = await testRegistry([], (url, response) => Boolean(response.end(body(url))));
    await withCatalog({ local: registry.url }, async ({ catalog }) => {
      await expect(catalog.sync()).rejects.toMatchObject({ code: 'invalid-output', message: expect.stringContaining(what) as string });
      expect(catalog.syncs()).toEqual([]);
    });
  });

  it('keeps what came before a failure, and begins at the same date the next time', async () => {
    let fails = true;
    await using registry = await testRegistry(many(150), (url, response) => fails && url.searchParams.has('cursor') && Boolean(response.writeHead(503).end()));
    await withCatalog({ local: registry.url }, async ({ catalog }) => {
      await expect(catalog.sync()).rejects.toMatchObject({ message: expect.stringContaining('answered 503') as string });
      expect(catalog.search('', { limit: 1000 })).toHaveLength(100);
      fails = false;
      expect(await catalog.sync()).toMatchObject([{ entries: 150 }]);
      expect(registry.lists.every((list) => !list.has('updated_since'))).toBe(true);
    });
  });

  it('is a run of its own that a rule of the person can deny, and that follows no redirect to another host', async () => {
    await using elsewhere = await testRegistry([entry('a.b/evil')]);
    await using registry = await testRegistry([], (url, response) => Boolean(response.writeHead(302, { location: `${elsewhere.url}${url.pathname}` }).end()));
    await withCatalog({ local: registry.url }, async ({ catalog, store, folder }) => {
      await expect(catalog.sync()).rejects.toMatchObject({ code: 'egress-denied' });
      expect(elsewhere.site.requests).toEqual([]);
      const [run] = store.runs({ workspace: folder, limit: 1 }).items;
      expect(run).toMatchObject({ source: 'mcp catalog sync', state: 'failed' });
    });
    await withCatalog({ local: registry.url }, async ({ catalog }) => {
      const before = registry.site.requests.length;
      await expect(catalog.sync()).rejects.toMatchObject({ code: 'denied' });
      expect(registry.site.requests).toHaveLength(before);
    }, { rules: parseRules([{ effect: 'deny', grant: 'net http://127.0.0.1:*', origin: 'test' }], '/') });
  });

  it('is cancelled in the middle of a page', async () => {
    const asked = Promise.withResolvers<void>();
    await using registry = await testRegistry([], () => {
      asked.resolve();
      return true;
    });
    await withCatalog({ local: registry.url }, async ({ catalog }) => {
      const stop = new AbortController();
      const syncing = catalog.sync({ signal: stop.signal });
      await asked.promise;
      stop.abort();
      await expect(syncing).rejects.toMatchObject({ code: 'cancelled' });
    });
  });

  it('sends the headers of a registry to it, with secrets by name, which nothing shows', async () => {
    await using registry = await testRegistry([entry('a.b/one')]);
    const settings = { company: { url: registry.url, headers: { Authorization: 'Bearer ${secret:REGISTRY}' } } };
    await withCatalog(settings, async ({ catalog, store, folder }) => {
      await catalog.sync();
      expect(registry.headers[0]?.authorization).toBe('Bearer plum-4711');
      const events = store.runs({ workspace: folder, limit: 5 }).items.flatMap(({ id }) => store.events(id, 0, 1000));
      expect(JSON.stringify(events)).not.toContain('plum-4711');
    }, { secrets: { REGISTRY: 'plum-4711' } });
    await withCatalog(settings, async ({ catalog }) => {
      await expect(catalog.sync()).rejects.toMatchObject({ code: 'invalid-config', message: expect.stringContaining('"REGISTRY"') as string });
    });
  });

  it('begins anew where its file is damaged', async () => {
    await using registry = await testRegistry([entry('a.b/one')]);
    await withCatalog({ local: registry.url }, async ({ catalog, folder }) => {
      writeFileSync(join(folder, 'mcp-catalog.db'), 'no database at all, but long enough to be taken for one'.repeat(100));
      expect(catalog.search('one')).toEqual([]);
      await catalog.sync();
      expect(catalog.search('one')).toHaveLength(1);
    });
  });

  it('holds a real catalogue, and finds what it is asked for', async ({ skip }) => {
    const servers = realServers();
    if (servers === undefined) return skip('the real catalogue is not beside the repository');
    await using registry = await testRegistry([...servers]);
    await withCatalog({ local: registry.url }, async ({ catalog }) => {
      expect(await catalog.sync()).toMatchObject([{ entries: servers.length, skipped: 0, servers: servers.length }]);
      const some = servers.filter((_, i) => i % 97 === 0);
      for (const { server } of some) expect(catalog.search(server.name, { limit: 1 })).toMatchObject([{ name: server.name }]);
      expect(some.length).toBeGreaterThan(5);
    });
  });
});
