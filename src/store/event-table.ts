import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { AssassinError } from '../shared/errors.ts';
import type { JournalEvent } from '../shared/events.ts';
import { rowOf, toEvents, type EventRow } from './event-row.ts';
import { RowInserts, rowsAtOnce } from './row-inserts.ts';

/**
 * An event's key is the number of its run times this, and its number in the run. A key of run and number in an index of its own was a second page to write for each
 * event, and most of what an event costs is pages.
 */
const ofOneRun = 2 ** 24;

/** The events `e` of run `?1` behind number `?2`, to stand after `SELECT`. */
export const eventsAfter = `FROM journals j CROSS JOIN events e ON e.id > j.no * ${ofOneRun} + ?2 AND e.id < (j.no + 1) * ${ofOneRun} WHERE j.run = ?1`;
/** The number of an event `e` in its run. */
export const seqOf = `e.id % ${ofOneRun}`;
/** Joins the journal `j` that an event `e` stands in. */
export const joinJournal = `JOIN journals j ON j.no = e.id / ${ofOneRun}`;

/** The table of all journals. Of the runs that begin here it remembers their numbers until they end: as long, nobody can delete them. */
export class EventTable {
  readonly #db: DatabaseSync;
  readonly #rows: RowInserts;
  readonly #numberOf: StatementSync;
  readonly #begin: StatementSync;
  readonly #page: StatementSync;
  readonly #ofTypes: StatementSync;
  readonly #last: StatementSync;
  readonly #numbers = new Map<string, number>();

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#rows = new RowInserts(db, 'events', ['id', 'at', 'type', 'body']);
    this.#numberOf = db.prepare('SELECT no FROM journals WHERE run = ?');
    this.#begin = db.prepare('INSERT INTO journals (run) VALUES (?)');
    this.#page = db.prepare(`SELECT ${seqOf} AS seq, e.at, e.type, e.body ${eventsAfter} ORDER BY e.id LIMIT ?3`);
    this.#ofTypes = db.prepare(`SELECT ${seqOf} AS seq, e.at, e.type, e.body ${eventsAfter} AND e.type IN (SELECT value FROM json_each(?3)) ORDER BY e.id`);
    this.#last = db.prepare(`SELECT ${seqOf} AS seq ${eventsAfter} ORDER BY e.id DESC LIMIT 1`);
  }

  /** Whether `insert` of so many events of this run is a single statement, and by that a transaction by itself. */
  inOne(run: string, count: number): boolean {
    return count <= rowsAtOnce && this.#numbers.has(run);
  }

  /** Of one run, in their order. Where the transaction that it is part of fails, `forgetNumbers` must be called. */
  insert(events: readonly JournalEvent[]): void {
    const { run } = events[0]!;
    const first = this.#number(run) * ofOneRun;
    for (let from = 0; from < events.length; from += rowsAtOnce) {
      const rows = events.slice(from, from + rowsAtOnce);
      const values: (string | number)[] = [];
      for (const event of rows) {
        const [seq, at, type, body] = rowOf(event);
        if (seq >= ofOneRun) throw new AssassinError('budget-exceeded', `The record of the run ${run} is full: it has ${seq} events.`, { hint: 'Split the work into several runs.' });
        values.push(first + seq, at, type, body);
      }
      this.#rows.insert(values);
    }
  }

  /** After a transaction that did not come to pass: a number that was given out in it goes to another run next time. */
  forgetNumbers(): void {
    this.#numbers.clear();
  }

  /** The run has ended: others may delete it from now on. */
  ended(run: string): void {
    this.#numbers.delete(run);
  }

  page(run: string, after: number, limit: number): readonly JournalEvent[] {
    return toEvents(run, this.#page.all(run, after, limit) as unknown as EventRow[]);
  }

  ofTypes(run: string, types: readonly JournalEvent['type'][]): readonly JournalEvent[] {
    return toEvents(run, this.#ofTypes.all(run, 0, JSON.stringify(types)) as unknown as EventRow[]);
  }

  /** The number of the last event; 0 where there is none. */
  last(run: string): number {
    return (this.#last.get(run, 0) as { seq: number } | undefined)?.seq ?? 0;
  }

  /** Within the caller's transaction. */
  remove(run: string): void {
    this.#db.prepare(`DELETE FROM events WHERE id IN (SELECT e.id ${eventsAfter})`).run(run, 0);
    this.#db.prepare('DELETE FROM journals WHERE run = ?').run(run);
    this.ended(run);
  }

  #number(run: string): number {
    const known = this.#numbers.get(run);
    if (known !== undefined) return known;
    const row = this.#numberOf.get(run) as { no: number } | undefined;
    if (row !== undefined) return row.no;
    const no = Number(this.#begin.run(run).lastInsertRowid);
    this.#numbers.set(run, no);
    return no;
  }
}
