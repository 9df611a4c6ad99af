import { DatabaseSync } from 'node:sqlite';
import MiniSearch from 'minisearch';
import { partsOf } from '../../src/tools/search/tool-text.ts';
import type { BenchTool } from './data.ts';

export interface Searcher {
  search(query: string, limit: number): readonly BenchTool[];
}

interface Texts {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly parameters: string;
}

/** What all peers get: the name with its words apart, the description, names and explanations of the arguments. */
export function textsOf(tool: BenchTool, id: number): Texts {
  const properties = tool.inputSchema['properties'];
  const entries = typeof properties === 'object' && properties !== null ? Object.entries(properties as Readonly<Record<string, { readonly description?: unknown } | null>>) : [];
  const { server, short } = partsOf(tool.name);
  return {
    id, name: spaced(`${short} ${server}`), description: tool.description,
    parameters: spaced(entries.map(([name, property]) => `${name} ${typeof property?.description === 'string' ? property.description : ''}`).join(' ')),
  };
}

function spaced(text: string): string {
  return text.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replaceAll(/[_.-]/g, ' ');
}

/** MiniSearch with the name counting twice; everything else as it comes. */
export function miniSearch(tools: readonly BenchTool[]): Searcher {
  const index = new MiniSearch<Texts>({ fields: ['name', 'description', 'parameters'], searchOptions: { boost: { name: 2 } } });
  index.addAll(tools.map(textsOf));
  return { search: (query, limit) => index.search(query).slice(0, limit).map(({ id }) => tools[id as number]!) };
}

/** SQLite's full text search with its own BM25 and the Porter stemmer. */
export function fts5(tools: readonly BenchTool[]): Searcher & Disposable {
  const db = new DatabaseSync(':memory:');
  db.exec("CREATE VIRTUAL TABLE t USING fts5(name, description, parameters, tokenize='porter unicode61')");
  const insert = db.prepare('INSERT INTO t (rowid, name, description, parameters) VALUES (?, ?, ?, ?)');
  db.exec('BEGIN');
  for (const [i, tool] of tools.entries()) {
    const { name, description, parameters } = textsOf(tool, i);
    insert.run(i + 1, name, description, parameters);
  }
  db.exec('COMMIT');
  const select = db.prepare('SELECT rowid FROM t WHERE t MATCH ? ORDER BY bm25(t, 2, 1, 1) LIMIT ?');
  return {
    search(query, limit) {
      const words = query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
      if (words.length === 0) return [];
      return select.all(words.map((word) => `"${word}"`).join(' OR '), limit).map((row) => tools[Number(row['rowid']) - 1]!);
    },
    [Symbol.dispose]: () => db.close(),
  };
}

/** BM25 from the textbook: the name twice, one text, plurals cut, no list of fillers. */
export function plainBm25(tools: readonly BenchTool[]): Searcher {
  const words = (text: string) => (spaced(text).toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => (word.length > 3 ? word.replace(/ies$/, 'y').replace(/(?<!s)s$/, '') : word));
  const documents = tools.map((tool, i) => {
    const { name, description, parameters } = textsOf(tool, i);
    const counts = new Map<string, number>();
    const all = words(`${name} ${name} ${description} ${parameters}`);
    for (const word of all) counts.set(word, (counts.get(word) ?? 0) + 1);
    return { counts, length: all.length };
  });
  const average = documents.reduce((sum, { length }) => sum + length, 0) / documents.length;
  const found = new Map<string, number>();
  for (const { counts } of documents) for (const word of counts.keys()) found.set(word, (found.get(word) ?? 0) + 1);
  return {
    search(query, limit) {
      const wanted = [...new Set(words(query))].filter((word) => found.has(word));
      return documents
        .map(({ counts, length }, i) => ({ i, score: wanted.reduce((sum, word) => {
          const count = counts.get(word) ?? 0;
          const n = found.get(word) ?? 0;
          return sum + (Math.log(1 + (documents.length - n + 0.5) / (n + 0.5)) * count * 2.2) / (count + 1.2 * (0.25 + (0.75 * length) / average));
        }, 0) }))
        .filter(({ score }) => score > 0).sort((x, y) => y.score - x.score).slice(0, limit).map(({ i }) => tools[i]!);
    },
  };
}
