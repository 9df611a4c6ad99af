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
