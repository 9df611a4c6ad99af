import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { marks, type JournalEvent, type Mark } from '../shared/events.ts';
import { isTerminal } from '../shared/run-state.ts';
import { worstMark } from '../shared/worst-mark.ts';
import { eventsAfter } from './event-table.ts';

/** What the line of a run in lists counts. */
interface Count {
  readonly seq: number;
  readonly steps: number;
  readonly usd: number;
  readonly mark: Mark;
}

const none: Count = { seq: 0, steps: 0, usd: 0, mark: 'measured' };

/** Longest time that other programs see an older count, in milliseconds. */
const lateMs = 250;

const sum = (a: Count, b: Count): Count => ({ seq: Math.max(a.seq, b.seq), steps: a.steps + b.steps, usd: a.usd + b.usd, mark: worstMark([a.mark, b.mark]) });

function countOf(events: readonly JournalEvent[]): Count {
  let { steps, usd, mark } = none;
  for (const event of events) {
    if (event.type === 'step.started' || event.type === 'span.received') steps += 1;
    else if (event.type === 'meter' && event.meter === 'model.cost_usd') {
      usd += event.value;
      mark = worstMark([mark, event.mark]);
    }
  }
  return { seq: events.at(-1)!.seq, steps, usd, mark };
}

/**
 * Steps and money in the line of a run. They are another page to write for each transaction, so of a run that begins here they are written some time later, when its state
 * changes, and before anybody here reads them. What a killed host had not written yet is counted anew from the events when its run is marked as interrupted.
 */
export class RunTally {
  readonly #db: DatabaseSync;
  readonly #add: StatementSync;
  /** Runs that began here and go on, each with what is not in its line yet. */
  readonly #late = new Map<string, Count>();
  #timer: NodeJS.Timeout | undefined;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#add = db.prepare(
      'UPDATE runs SET events = max(events, ?1), steps = steps + ?2, cost_usd = cost_usd + ?3, cost_mark = CASE WHEN instr(?4, ?5) > instr(?4, cost_mark) THEN ?5 ELSE cost_mark END WHERE id = ?6',
    );
  }

  /** Whether these events must be counted in the transaction that records them, by `write`. */
  isDue(events: readonly JournalEvent[]): boolean {
    return !this.#late.has(events[0]!.run) || events.some(({ type }) => type === 'run.state');
  }

  /** Within the transaction that records these events of one run. */
  write(events: readonly JournalEvent[]): void {
    const { run } = events[0]!;
    if (events.some((event) => event.type === 'run.state' && event.to === 'interrupted')) return this.#recount(run, events.at(-1)!.seq);
    this.#put(run, sum(this.#late.get(run) ?? none, countOf(events)));
  }

  /** These events are on disk, counted where that was due. */
  recorded(events: readonly JournalEvent[], counted: boolean): void {
    const { run } = events[0]!;
    if (events.some((event) => event.type === 'run.state' && isTerminal(event.to))) this.#late.delete(run);
    else if (events.some(({ type }) => type === 'run.created')) this.#late.set(run, none);
    else if (this.#late.has(run)) this.#late.set(run, counted ? none : sum(this.#late.get(run)!, countOf(events)));
    if (!counted) this.#timer ??= setTimeout(() => this.settle(), lateMs).unref();
  }

  /** Writes what is late. To be called before lines of runs are read, and before the database is closed. */
  settle(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const [run, count] of this.#late) {
      if (count.seq === 0) continue;
      try {
        this.#put(run, count);
        this.#late.set(run, none);
      } catch {
        // A full or locked disk is told by the next event, and its transaction counts these too.
      }
    }
  }

  #put(run: string, { seq, steps, usd, mark }: Count): void {
    this.#add.run(seq, steps, usd, marks.join(' '), mark, run);
  }

  #recount(run: string, seq: number): void {
    const steps = this.#db.prepare(`SELECT count(*) AS steps ${eventsAfter} AND e.type IN ('step.started', 'span.received')`).get(run, 0) as { steps: number };
    const costs = this.#db.prepare(`SELECT e.body ->> 'value' AS usd, e.body ->> 'mark' AS mark ${eventsAfter} AND e.type = 'meter' AND e.body ->> 'meter' = 'model.cost_usd'`).all(run, 0) as { usd: number; mark: Mark }[];
    this.#db.prepare('UPDATE runs SET events = ?, steps = ?, cost_usd = ?, cost_mark = ? WHERE id = ?')
      .run(seq, steps.steps, costs.reduce((total, { usd }) => total + usd, 0), worstMark(costs.map(({ mark }) => mark)), run);
  }
}
