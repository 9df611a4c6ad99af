import { setImmediate } from 'node:timers/promises';
import type { DatabaseSync } from 'node:sqlite';
import type { EventBody, JournalEvent } from '../shared/events.ts';
import type { RunFilter } from '../shared/run-filter.ts';
import { eventsAfter, seqOf } from './event-table.ts';
import { textOf } from './event-text.ts';
import { conditionsOf } from './run-filter.ts';
import { RunNames } from './run-names.ts';
import { inTransaction } from './transaction.ts';

export interface TextQuery {
  /** Words that must all occur in one event; the last one may be half typed. Without any, all runs that pass the filter are found. */
  readonly words: string;
  readonly filter?: RunFilter;
  /** Leaves out what other runs have started. */
  readonly topOnly?: boolean;
  readonly workspace?: string;
  /** Runs at most, 50 where absent. */
  readonly limit?: number;
  /** Only runs older than this one. */
  readonly after?: string;
}

/** A run that was found, with the event of it in which the words stand best. */
export interface TextHit {
  readonly run: string;
  readonly seq?: number;
  /** The words with what stands around them, one line, at most some 160 characters. */
  readonly snippet?: string;
}

/** Events that are read into the index at a time: a few milliseconds. */
const atOnce = 400;
const snippetLength = 160;

/**
 * Full text over all journals. Nothing is added to the cost of an event: the index takes in what is new when somebody searches, in pieces between
 * which the host goes on. It holds no text of its own, only where words occur, and what it finds was redacted when it was recorded.
 */
export class RunSearch {
  readonly names: RunNames;
  readonly #db: DatabaseSync;
  readonly #settle: () => void;

  /** `settle` brings the lines of runs up to date, which tell what is new and what a run has cost. */
  constructor(db: DatabaseSync, settle: () => void) {
    this.#db = db;
    this.#settle = settle;
    this.names = new RunNames(db);
  }

  /** Newest runs first. Gives what the index holds so far where `signal` aborts while it catches up. */
  async search({ words, filter = {}, topOnly = false, workspace, limit = 50, after }: TextQuery, signal?: AbortSignal): Promise<readonly TextHit[]> {
    const terms = termsOf(words);
    if (terms.length === 0 && words.trim() !== '') return [];
    this.#settle();
    if (terms.length > 0 || filter.models !== undefined || filter.tools !== undefined) await this.catchUp(signal);
    const { sql, values } = conditionsOf(filter, [['r.workspace = :workspace', 'workspace', workspace], ['r.id < :after', 'after', after]]);
    const where = topOnly ? `${sql} AND r.parent IS NULL` : sql;
    if (terms.length === 0) return this.#db.prepare(`SELECT r.id AS run FROM runs r WHERE ${where} ORDER BY r.id DESC LIMIT :limit`).all({ ...values, limit }) as { run: string }[];
    // Read by rank within each run: of many places the one that fits best is shown.
    const rows = this.#db.prepare(`
      SELECT run, seq FROM (
        SELECT p.run AS run, p.seq AS seq, ROW_NUMBER() OVER (PARTITION BY p.run ORDER BY t.rank) AS place
        FROM run_texts t JOIN run_text_places p ON p.id = t.rowid JOIN runs r ON r.id = p.run
        WHERE run_texts MATCH :match AND ${where}
      ) WHERE place = 1 ORDER BY run DESC LIMIT :limit`,
    ).all({ ...values, limit, match: terms.map((term, i) => `"${term}"${i === terms.length - 1 ? '*' : ''}`).join(' AND ') }) as { run: string; seq: number }[];
    return rows.map(({ run, seq }) => ({ run, seq, snippet: this.#snippet(run, seq, terms) }));
  }

  /** Takes a run out of the index; the caller's transaction is used. */
  forget(run: string): void {
    this.#db.prepare('DELETE FROM run_texts WHERE rowid IN (SELECT id FROM run_text_places WHERE run = ?)').run(run);
    this.#db.prepare('DELETE FROM run_text_places WHERE run = ?').run(run);
    this.#db.prepare('DELETE FROM run_text_progress WHERE run = ?').run(run);
    this.names.forget(run);
  }

  /** Takes in what is new, so that the next search need not. */
  async catchUp(signal?: AbortSignal): Promise<void> {
    this.#settle();
    for (;;) {
      if (signal?.aborted || !this.#takeIn()) return;
      await setImmediate();
    }
  }

  /** Takes in some events, of the newest runs first. False where nothing is left. */
  #takeIn(): boolean {
    if (this.#behind(1).length === 0) return false;
    inTransaction(this.#db, () => {
      let left = atOnce;
      // Read again now that nobody else writes: two windows would take in the same events twice.
      for (const { run, seq } of this.#behind(20)) {
        if (left <= 0) break;
        left -= this.#takeInRun(run, seq, left);
      }
    });
    return true;
  }

  #behind(limit: number): readonly { readonly run: string; readonly seq: number }[] {
    return this.#db.prepare(
      'SELECT r.id AS run, COALESCE(p.seq, 0) AS seq FROM runs r LEFT JOIN run_text_progress p ON p.run = r.id WHERE r.events > COALESCE(p.seq, 0) ORDER BY r.id DESC LIMIT ?',
    ).all(limit) as { run: string; seq: number }[];
  }

  #takeInRun(run: string, after: number, limit: number): number {
    const rows = this.#db.prepare(`SELECT ${seqOf} AS seq, e.type, e.body ${eventsAfter} ORDER BY e.id LIMIT ?3`).all(run, after, limit) as { seq: number; type: string; body: string }[];
    const place = this.#db.prepare('INSERT INTO run_text_places (run, seq) VALUES (?, ?)');
    const insert = this.#db.prepare('INSERT INTO run_texts (rowid, text) VALUES (?, ?)');
    const events = rows.map(({ seq, type, body }) => eventOf(run, seq, type, body));
    for (const event of events) {
      const text = textOf(event);
      if (text !== undefined) insert.run(place.run(run, event.seq).lastInsertRowid, text);
    }
    this.names.takeIn(run, events);
    // A run whose events were counted but are not there would be looked at for ever.
    const reached = rows.length < limit ? (this.#db.prepare('SELECT events FROM runs WHERE id = ?').get(run) as { events: number }).events : rows.at(-1)!.seq;
    this.#db.prepare('INSERT INTO run_text_progress (run, seq) VALUES (?1, ?2) ON CONFLICT (run) DO UPDATE SET seq = ?2').run(run, Math.max(reached, rows.at(-1)?.seq ?? 0));
    return Math.max(1, rows.length);
  }

  #snippet(run: string, seq: number, terms: readonly string[]): string {
    const row = this.#db.prepare(`SELECT e.type, e.body ${eventsAfter} ORDER BY e.id LIMIT 1`).get(run, seq - 1) as { type: string; body: string } | undefined;
    const text = (row === undefined ? '' : (textOf(eventOf(run, seq, row.type, row.body)) ?? '')).replaceAll(/\s+/g, ' ');
    const lower = text.toLowerCase();
    const at = Math.max(0, Math.min(...terms.map((term) => lower.indexOf(term)).filter((i) => i >= 0), text.length));
    const start = Math.max(0, Math.min(at === text.length ? 0 : at - snippetLength / 3, text.length - snippetLength));
    return `${start > 0 ? '…' : ''}${text.slice(start, start + snippetLength).trim()}${start + snippetLength < text.length ? '…' : ''}`;
  }
}

function eventOf(run: string, seq: number, type: string, body: string): JournalEvent {
  return { ...(JSON.parse(body) as EventBody), type, run, seq, at: 0 } as JournalEvent;
}

/** Letters and digits only: what a person types is never read as a query language. */
function termsOf(words: string): readonly string[] {
  return (words.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, 16);
}
