import type { StatementSync } from 'node:sqlite';
import { publisherOf, type CatalogEntry } from './server-json.ts';

export interface CatalogHit {
  readonly registry: string;
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly version: string;
  readonly status: CatalogEntry['status'];
  readonly publisher: string;
  readonly publishedAt?: string;
}

export interface CatalogQuery {
  readonly text: string;
  readonly limit: number;
  readonly registry: string | undefined;
}

/** The columns of one server that a search reads. */
interface HitRow {
  readonly registry: string; readonly name: string; readonly title: string | null; readonly description: string; readonly version: string; readonly status: CatalogEntry['status']; readonly published_at: string | null;
}

type Prepare = (sql: string) => StatementSync;

/** What stands behind the publisher. */
const lastPart = "substr(name, instr(name, '/') + 1)";
/** The number of a server in the index of words: with a mark of the deprecated, so that those are put last without a look at the table. */
const textId = "(id * 2 + (status = 'deprecated'))";

/** Servers that are put in order for one search: of words that stand in more than anybody reads, the one that is looked for needs another word. */
const weighed = 1000;

/** The index of words beside the table `servers`. */
export const searchSchema = `
  CREATE INDEX servers_by_name ON servers (name COLLATE NOCASE) WHERE latest = 1;
  CREATE INDEX servers_by_last_part ON servers (${lastPart} COLLATE NOCASE) WHERE latest = 1;
  CREATE INDEX servers_by_registry ON servers (registry, status) WHERE latest = 1;
  CREATE VIRTUAL TABLE server_texts USING fts5(name, title, description, publisher, content='', contentless_delete=1, prefix='1 2 3', tokenize='porter unicode61 remove_diacritics 2');
`;

/** The account, or the domain without its last part. The words that most names begin with are left out: who looks for GitHub wants servers that work with it, not everybody who has an account there. */
const publisherWords = "substr(name, begin, instr(name, '/') - begin)".replaceAll('begin', "CASE WHEN name LIKE 'io.github.%' OR name LIKE 'io.gitlab.%' THEN 11 ELSE instr(substr(name, 1, instr(name, '/')), '.') + 1 END");

/** Takes the latest versions that fit a condition on `servers` into the index, where they are not deleted. */
export const indexTexts = (where: string) => `INSERT INTO server_texts (rowid, name, title, description, publisher)
  SELECT ${textId}, ${lastPart}, coalesce(title, ''), description, ${publisherWords} FROM servers WHERE ${where} AND latest = 1 AND status <> 'deleted'`;

/** Takes them out. */
export const unindexTexts = (where: string) => `DELETE FROM server_texts WHERE rowid IN (SELECT ${textId} FROM servers WHERE ${where} AND latest = 1 AND status <> 'deleted')`;

/** The latest versions that match all words, an exact name first, deleted ones never. Without words: by name. */
export function searchCatalog(prepare: Prepare, { text, limit, registry }: CatalogQuery): readonly CatalogHit[] {
  const typed = text.trim();
  const words = typed.toLowerCase().match(/[\p{L}\p{N}]+/gu)?.slice(0, 12) ?? [];
  const only = registry ?? null;
  const read = (sql: string, ...values: readonly (string | number | null)[]) => prepare(sql).all(...values) as unknown as HitRow[];
  const named = (where: string, value = typed) => read(`${select} WHERE latest = 1 AND ${where} AND status <> 'deleted' AND (?2 IS NULL OR registry = ?2) ORDER BY (name = ?1 COLLATE NOCASE) DESC, status = 'deprecated', name COLLATE NOCASE LIMIT ?3`, value, only, limit);
  const matching = (query: string) => read(ranked, query, only, limit);
  if (words.length === 0) return read(`${select} WHERE latest = 1 AND status <> 'deleted' AND (?1 IS NULL OR registry = ?1) ORDER BY name COLLATE NOCASE LIMIT ?2`, only, limit).map(hitOf);
  // Whoever types a publisher and a slash types a name: its words are mostly those of all names, and would be weighed for nothing.
  const begun = typed.includes('/') ? named('name >= ?1 COLLATE NOCASE AND name < ?1 || char(1114111) COLLATE NOCASE') : [];
  if (begun.length > 0) return begun.map(hitOf);
  // Whoever types has not finished the last word.
  const query = words.map((word, i) => `"${word}"${i === words.length - 1 ? '*' : ''}`).join(' ');
  const exact = named(`id IN (SELECT id FROM servers WHERE latest = 1 AND name = ?1 COLLATE NOCASE UNION SELECT id FROM servers WHERE latest = 1 AND ${lastPart} = ?1 COLLATE NOCASE)`);
  // Words in names, titles and publishers weigh most: where these are enough, descriptions need not be looked at, and most of the time goes there.
  const titled = matching(`{name title publisher} : (${query})`);
  const others = [...titled, ...(titled.length < limit ? matching(query) : [])].toSorted((one, other) => Number(one.status === 'deprecated') - Number(other.status === 'deprecated'));
  const found = new Map([...exact, ...others].map((row) => [`${row.registry} ${row.name}`, row]));
  // Every name is read where nothing has these words: some hold them in the middle of one, or in the part that is left out of the index.
  const rows = found.size > 0 ? [...found.values()] : named('NOT EXISTS (SELECT 1 FROM json_each(?1) WHERE instr(lower(name), value) = 0)', JSON.stringify(words));
  return rows.slice(0, limit).map(hitOf);
}

const columns = ['registry', 'name', 'title', 'description', 'version', 'status', 'published_at'];
/** Without the entries, which are long. */
const select = `SELECT ${columns.join(', ')} FROM servers`;

/** Only those that are shown are looked up in the table, which is large. */
const ranked = `SELECT ${columns.join(', ')} FROM (
    SELECT id, rank FROM (
      SELECT rowid AS id, bm25(server_texts, 8, 6, 1, 3) AS rank FROM server_texts
      WHERE server_texts MATCH ?1 AND (?2 IS NULL OR rowid IN (SELECT ${textId} FROM servers WHERE registry = ?2 AND latest = 1)) LIMIT ${weighed}
    ) ORDER BY id & 1, rank LIMIT ?3
  ) t JOIN servers s ON s.id = t.id >> 1 ORDER BY t.id & 1, t.rank, s.name`;

function hitOf({ registry, name, title, description, version, status, published_at }: HitRow): CatalogHit {
  return { registry, name, description, version, status, publisher: publisherOf(name), ...(title === null ? {} : { title }), ...(published_at === null ? {} : { publishedAt: published_at }) };
}
