import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CatalogStore } from '../../../../src/mcp/catalog/catalog-store.ts';
import type { CatalogEntry } from '../../../../src/mcp/catalog/server-json.ts';

let folder: string;
let store: CatalogStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'test-catalog-'));
  store = new CatalogStore(join(folder, 'catalog.db'));
});
afterEach(() => {
  store[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

const server = (name: string, description: string, rest: Partial<CatalogEntry> = {}): CatalogEntry => ({ server: { name, version: '1.0.0', description, packages: [], remotes: [] }, status: 'active', isLatest: true, ...rest });
const put = (...entries: readonly CatalogEntry[]) => store.put('local', entries, 1);
const found = (text: string, limit = 50) => store.search(text, limit).map(({ name }) => name);

it('gives a server of just this name first, then those named so, then those that only tell of it', () => {
  put(server('a.b/other', 'Works with git'), server('a.b/git-extra', 'Versions'), server('c.d/git', 'Versions'), server('a.b/none', 'Weather'));
  expect(found('git')).toEqual(['c.d/git', 'a.b/git-extra', 'a.b/other']);
  expect(found('git', 2)).toEqual(['c.d/git', 'a.b/git-extra']);
  expect(found('GIT', 1)).toEqual(['c.d/git']);
});

it('takes what has a slash for the beginning of a name, whatever letter case, and for words where no name begins so', () => {
  put(server('io.github.one/files', 'Reads'), server('io.github.one/files-more', 'Reads'), server('io.github.two/files', 'Reads one/file'));
  expect(found('IO.GitHub.one/fil')).toEqual(['io.github.one/files', 'io.github.one/files-more']);
  expect(found('one/file')).toEqual(['io.github.one/files', 'io.github.one/files-more', 'io.github.two/files']);
});

it('puts deprecated servers last, unless one has just this name, and deleted ones nowhere', () => {
  put(server('a.b/mail-old', 'Mail', { status: 'deprecated' }), server('a.b/post', 'Sends mail'), server('a.b/mail-gone', 'Mail', { status: 'deleted' }), server('c.d/mail', 'Old', { status: 'deprecated' }));
  expect(found('mail')).toEqual(['c.d/mail', 'a.b/post', 'a.b/mail-old']);
});

it('finds a server of a rare word among thousands that share the others', () => {
  put(...Array.from({ length: 3500 }, (_, i) => server(`a.b/server-${i}`, 'A common server')), server('a.b/server-last', 'A common server for zebras'));
  expect(found('common zebra')).toEqual(['a.b/server-last']);
  expect(found('server last')).toEqual(['a.b/server-last']);
  expect(found('server', 7)).toHaveLength(7);
});

it('takes "GitHub" for servers that work with it, not for everybody who has an account there', () => {
  put(server('io.github.one/weather', 'Weather'), server('io.github.two/issues', 'Issues of GitHub'), server('com.github-tools/issues', 'Issues'));
  expect(found('github')).toEqual(['com.github-tools/issues', 'io.github.two/issues']);
  expect(found('one weath')).toEqual(['io.github.one/weather']);
});

it('looks into the middle of names where no word begins so, and says no where none has it', () => {
  put(server('io.github.one/spreadsheets', 'Cells'), server('com.example/none', 'Weather'));
  expect(found('sheet')).toEqual(['io.github.one/spreadsheets']);
  expect(found('io.github sheet')).toEqual(['io.github.one/spreadsheets']);
  expect(found("sheet' OR 1=1 --")).toEqual([]);
});

it('finds the servers of one registry where another has thousands of the same word', () => {
  store.put('official', Array.from({ length: 1200 }, (_, i) => server(`a.b/billing-${i}`, 'Billing')), 1);
  store.put('company', [server('com.company/billing', 'Billing of the company')], 1);
  expect(store.search('billing', 5, 'company').map(({ registry, name }) => [registry, name])).toEqual([['company', 'com.company/billing']]);
});

it('follows what a registry changes: words of an entry that is deprecated, deleted, or published in a new version', () => {
  const of = (status: CatalogEntry['status'], version: string, description: string): CatalogEntry => ({ ...server('a.b/one', description, { status, publishedAt: `2026-01-0${version}T00:00:00.000Z` }), server: { name: 'a.b/one', version, description } });
  put(server('a.b/two', 'Sends mail'), of('active', '1', 'Sends mail'));
  put(of('deprecated', '1', 'Sends mail'));
  expect(found('mail')).toEqual(['a.b/two', 'a.b/one']);
  put(of('active', '2', 'Sends letters'));
  expect([found('mail'), found('letters')]).toEqual([['a.b/two'], ['a.b/one']]);
  put(of('deleted', '2', 'Sends letters'), of('deleted', '1', 'Sends mail'));
  expect([found('mail'), found('letters')]).toEqual([['a.b/two'], []]);
});
