import type { DatabaseSync } from 'node:sqlite';
import { callKinds, type JournalEvent } from '../shared/events.ts';
import type { RunFacets } from '../shared/run-filter.ts';

/** A chain may name its steps as it likes; more different ones than these are not kept of one run. */
const namesOfRun = 500;
const nameLimit = 200;
/** More than anybody chooses from in a list. */
const facetLimit = 500;

/** Which models and tools each run used, for the filters of the search. Like the words of a run, they are taken in when somebody searches. */
export class RunNames {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** The caller's transaction is used. */
  takeIn(run: string, events: readonly JournalEvent[]): void {
    const names = new Map(events.flatMap((event) => {
      const named = nameOf(event);
      return named === undefined ? [] : [[`${named.kind} ${named.name}`, named] as const];
    }));
    if (names.size === 0) return;
    const { held } = this.#db.prepare('SELECT COUNT(*) AS held FROM run_names WHERE run = ?').get(run) as { held: number };
    const insert = this.#db.prepare('INSERT OR IGNORE INTO run_names (run, kind, name) VALUES (?, ?, ?)');
    for (const { kind, name } of [...names.values()].slice(0, Math.max(0, namesOfRun - held))) insert.run(run, kind, name);
  }

  /** The caller's transaction is used. */
  forget(run: string): void {
    this.#db.prepare('DELETE FROM run_names WHERE run = ?').run(run);
  }

  facets(workspace?: string): RunFacets {
    const place = workspace ?? null;
    const names = (kind: 'model' | 'tool') => (this.#db.prepare(
      'SELECT DISTINCT n.name AS name FROM run_names n JOIN runs r ON r.id = n.run WHERE n.kind = ?1 AND (?2 IS NULL OR r.workspace = ?2) ORDER BY n.name LIMIT ?3',
    ).all(kind, place, facetLimit) as { name: string }[]).map(({ name }) => name);
    const tags = this.#db.prepare('SELECT DISTINCT t.tag AS tag FROM run_tags t JOIN runs r ON r.id = t.run WHERE ?1 IS NULL OR r.workspace = ?1 ORDER BY t.tag LIMIT ?2').all(place, facetLimit) as { tag: string }[];
    return { models: names('model'), tools: names('tool'), tags: tags.map(({ tag }) => tag) };
  }
}

function nameOf(event: JournalEvent): { readonly kind: 'model' | 'tool'; readonly name: string } | undefined {
  if (event.type !== 'step.started' && event.type !== 'span.received') return undefined;
  const model = event.type === 'span.received' ? event.model : event.kind === 'model' ? event.name : undefined;
  if (model !== undefined) return { kind: 'model', name: model.slice(0, nameLimit) };
  return callKinds.has(event.kind) ? { kind: 'tool', name: event.name.slice(0, nameLimit) } : undefined;
}
