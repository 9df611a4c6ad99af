import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { isCorrupt, storeError } from '../../store/database.ts';
import { inTransaction } from '../../store/transaction.ts';
import { indexTexts, searchCatalog, searchSchema, unindexTexts, type CatalogHit } from './catalog-search.ts';
import type { CatalogEntry } from './server-json.ts';

/** What is known of a registry's last sync. */
export interface SyncState {
  readonly registry: string;
  readonly url: string;
  /** When the last sync ended, milliseconds. */
  readonly at: number;
  /** The newest date of a change that it brought: the next one asks from there on. */
  readonly since?: string;
  readonly servers: number;
}

export interface KnownVersion {
  readonly version: string;
  readonly status: CatalogEntry['status'];
  readonly isLatest: boolean;
  readonly publishedAt?: string;
}

interface Row {
  readonly registry: string; readonly name: string; readonly title: string | null; readonly description: string; readonly version: string; readonly status: CatalogEntry['status'];
  readonly published_at: string | null; readonly latest: number; readonly entry: string;
}

/** Raised with each change of the tables: the catalogue is a copy, which is fetched again rather than migrated. */
const schemaVersion = 2;

const schema = `
  CREATE TABLE registries (registry TEXT PRIMARY KEY, url TEXT NOT NULL, at INTEGER NOT NULL, since TEXT, generation INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE servers (
    id INTEGER PRIMARY KEY, registry TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL, title TEXT, description TEXT NOT NULL, status TEXT NOT NULL,
    published_at TEXT, latest INTEGER NOT NULL, generation INTEGER NOT NULL, entry TEXT NOT NULL, UNIQUE (registry, name, version)
  ) STRICT;
  ${searchSchema}
  PRAGMA user_version = ${schemaVersion};
`;

/** The catalogue of MCP servers on disk, as the registries had it at the last sync. A copy of what others publish: where it is damaged it is begun anew. */
export class CatalogStore implements Disposable {
  readonly #db: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  /** Throws `store-unwritable` where the file cannot be opened. */
  constructor(file: string) {
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      this.#db = openCatalog(file);
    } catch (error) {
      throw storeError(error, dirname(file));
    }
  }

  sync(registry: string): SyncState | undefined {
    const row = this.#prepare('SELECT url, at, since FROM registries WHERE registry = ?').get(registry) as { url: string; at: number; since: string | null } | undefined;
    if (row === undefined) return undefined;
    const { servers } = this.#prepare('SELECT count(*) AS servers FROM servers WHERE registry = ? AND latest = 1').get(registry) as { servers: number };
    return { registry, url: row.url, at: row.at, servers, ...(row.since === null ? {} : { since: row.since }) };
  }

  syncs(): readonly SyncState[] {
    const rows = this.#prepare('SELECT registry FROM registries ORDER BY registry').all() as { registry: string }[];
    return rows.flatMap(({ registry }) => this.sync(registry) ?? []);
  }

  /** Writes one page of a sync as a whole. Which version of a server is the latest follows from all that are known. */
  put(registry: string, entries: readonly CatalogEntry[], generation: number): void {
    inTransaction(this.#db, () => {
      for (const entry of entries) this.#put(registry, entry, generation);
      for (const name of new Set(entries.map(({ server }) => server.name))) this.#chooseLatest(registry, name);
    });
  }

  /** Ends a sync. Of a whole one, what did not come any more is dropped. */
  finish({ registry, url, since, generation, whole }: { readonly registry: string; readonly url: string; readonly since: string | undefined; readonly generation: number; readonly whole: boolean }, now: number = Date.now()): void {
    inTransaction(this.#db, () => {
      if (whole) this.#drop('registry = ? AND generation <> ?', registry, generation);
      this.#prepare('INSERT OR REPLACE INTO registries (registry, url, at, since, generation) VALUES (?, ?, ?, ?, ?)').run(registry, url, now, since ?? null, generation);
    });
  }

  /** Forgets registries that are not configured any more, and those whose address has changed. */
  keepOnly(registries: ReadonlyMap<string, string>): void {
    const gone = this.syncs().filter(({ registry, url }) => registries.get(registry) !== url);
    if (gone.length === 0) return;
    inTransaction(this.#db, () => {
      for (const { registry } of gone) {
        this.#drop('registry = ?', registry);
        this.#prepare('DELETE FROM registries WHERE registry = ?').run(registry);
      }
    });
  }

  /** The latest versions that match all words, an exact name first, deleted ones never. Without words: by name. */
  search(text: string, limit: number, registry?: string): readonly CatalogHit[] {
    return searchCatalog((sql) => this.#prepare(sql), { text, limit, registry });
  }

  /** One version, the latest where none is named; by its whole name, in any letter case. Registries before others in `order`. */
  find(name: string, order: readonly string[], version?: string): { readonly registry: string; readonly entry: CatalogEntry } | undefined {
    const rows = this.#prepare('SELECT * FROM servers WHERE name = ? COLLATE NOCASE AND (?2 IS NULL AND latest = 1 OR version = ?2)').all(name, version ?? null) as unknown as Row[];
    const [first] = rows.toSorted((a, b) => order.indexOf(a.registry) - order.indexOf(b.registry));
    return first === undefined ? undefined : { registry: first.registry, entry: entryOf(first) };
  }

  /** All versions that are known of a server, the newest first. */
  versions(registry: string, name: string): readonly KnownVersion[] {
    const rows = this.#prepare('SELECT * FROM servers WHERE registry = ? AND name = ? COLLATE NOCASE ORDER BY latest DESC, published_at DESC, version DESC').all(registry, name) as unknown as Row[];
    return rows.map(({ version, status, latest, published_at }) => ({ version, status, isLatest: latest === 1, ...(published_at === null ? {} : { publishedAt: published_at }) }));
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }

  #put(registry: string, entry: CatalogEntry, generation: number): void {
    const { server: { name, version, title, description }, status, publishedAt, isLatest } = entry;
    this.#drop('registry = ? AND name = ? AND version = ?', registry, name, version);
    this.#prepare('INSERT INTO servers (registry, name, version, title, description, status, published_at, latest, generation, entry) VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?)')
      .run(registry, name, version, title ?? null, description, status, publishedAt ?? null, generation, JSON.stringify({ ...entry, isLatest }));
  }

  /** The one that the registry calls the latest and has published last; deleted ones only where nothing else is left. */
  #chooseLatest(registry: string, name: string): void {
    const rows = this.#prepare("SELECT * FROM servers WHERE registry = ? AND name = ? ORDER BY (status <> 'deleted') DESC, entry ->> 'isLatest' DESC, published_at DESC, id DESC").all(registry, name) as unknown as (Row & { readonly id: number })[];
    for (const [i, row] of rows.entries()) {
      if ((row.latest === 1) === (i === 0)) continue;
      if (i > 0) this.#prepare(unindexTexts('id = ?')).run(row.id);
      this.#prepare('UPDATE servers SET latest = ? WHERE id = ?').run(i === 0 ? 1 : 0, row.id);
      if (i === 0) this.#prepare(indexTexts('id = ?')).run(row.id);
    }
  }

  #drop(where: string, ...values: readonly (string | number)[]): void {
    this.#prepare(unindexTexts(where)).run(...values);
    this.#prepare(`DELETE FROM servers WHERE ${where}`).run(...values);
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#prepared.get(sql);
    if (statement === undefined) this.#prepared.set(sql, (statement = this.#db.prepare(sql)));
    return statement;
  }
}

function openCatalog(file: string): DatabaseSync {
  try {
    return openAt(file);
  } catch (error) {
    if (!isCorrupt(error)) throw error;
    for (const suffix of ['', '-wal', '-shm']) if (existsSync(file + suffix)) rmSync(file + suffix, { force: true });
    return openAt(file);
  }
}

function openAt(file: string): DatabaseSync {
  const db = new DatabaseSync(file);
  try {
    db.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    inTransaction(db, () => {
      const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
      if (version !== schemaVersion) begin(db);
    });
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function begin(db: DatabaseSync): void {
  for (const table of ['server_texts', 'servers', 'registries']) db.exec(`DROP TABLE IF EXISTS ${table}`);
  db.exec(schema);
}

function entryOf({ entry }: Row): CatalogEntry {
  return JSON.parse(entry) as CatalogEntry;
}
