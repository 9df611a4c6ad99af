import { batch, signal } from '@preact/signals';
import type { Span } from '../../src/shared/dto.ts';
import type { Fold } from '../../src/shared/fold.ts';
import type { SpanPage, SpanRow } from '../../src/shared/protocol.ts';
import type { RpcClient } from '../../src/shared/rpc.ts';
import type { SpanFacts } from '../../src/shared/protocol-trace.ts';
import { EventModel } from './event-model.ts';
import { freshView, type KeptState, type TraceView } from './kept.ts';

/** Small enough that one answer is a few dozen kilobytes, large enough that one or two of them fill a tall window. */
const pageSize = 100;

type Pages = ReadonlyMap<number, readonly SpanRow[]>;

/** The part of the run's time that a timeline shows, in milliseconds since 1970. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** The part of the trace that is on the screen: pages of visible rows around the viewport, and nothing else. */
export class TraceModel {
  readonly pages = signal<Pages>(new Map());
  /** Visible rows in all; `undefined` before the first answer. */
  readonly total = signal<number | undefined>(undefined);
  readonly spans = signal(0);
  /** The host still reads a long record: what is shown is its beginning. */
  readonly reading = signal(false);
  readonly fold = signal<Fold>(freshView.fold);
  readonly filter = signal('');
  /** Row of the cursor. */
  readonly cursor = signal(0);
  /** The span under the cursor, with its values. */
  readonly selected = signal<Span | undefined>(undefined);
  /** What is known of it beside its values; a moment later than the span itself. */
  readonly facts = signal<SpanFacts | undefined>(undefined);
  readonly drawn = signal<TraceView>('tree');
  /** The whole run where absent. */
  readonly zoom = signal<TimeWindow | undefined>(undefined);
  readonly events: EventModel;
  readonly #client: RpcClient;
  readonly #run: string;
  readonly #kept: KeptState;
  #first = 0;
  #last = pageSize;
  /** Answers to an older question, before a fold or a newer event, describe other rows under the same numbers. */
  #generation = 0;
  readonly #asked = new Set<number>();

  constructor(client: RpcClient, run: string, kept: KeptState) {
    this.#client = client;
    this.#run = run;
    this.#kept = kept;
    this.fold.value = kept.value.fold;
    this.filter.value = kept.value.filter;
    this.drawn.value = kept.value.traceView ?? 'tree';
    this.events = new EventModel(client, run, kept);
  }

  row(index: number): SpanRow | undefined {
    return this.pages.value.get(Math.floor(index / pageSize))?.[index % pageSize];
  }

  /** Tells which rows are on the screen; loads what is missing of them. */
  async view(first: number, last: number): Promise<void> {
    this.#first = first;
    this.#last = last;
    await this.#loadMissing();
  }

  /** Reads anew what is on the screen, and finds where the cursor's span has moved to. */
  async refresh(): Promise<void> {
    if (this.drawn.value === 'log') return this.events.refresh();
    const generation = ++this.#generation;
    this.#asked.clear();
    const wanted = this.#wanted();
    const answers = await Promise.all(wanted.map((page) => this.#ask(page)));
    if (generation !== this.#generation) return;
    const newest = answers.at(-1);
    batch(() => {
      this.pages.value = new Map(wanted.map((page, i) => [page, answers[i]!.rows]));
      if (newest) {
        this.total.value = newest.total;
        this.spans.value = newest.spans;
        this.reading.value = newest.reading === true;
        this.cursor.value = newest.found ?? Math.max(0, Math.min(this.cursor.value, newest.total - 1));
      }
    });
    await this.#loadMissing();
    // Something is always selected: an empty pane beside a full tree would look broken.
    if (this.#kept.value.span === undefined) await this.moveTo(this.cursor.value);
    else await this.#loadSelected();
  }

  async moveTo(index: number): Promise<void> {
    const total = this.total.value ?? 0;
    if (total === 0) return;
    this.cursor.value = Math.max(0, Math.min(index, total - 1));
    const page = Math.floor(this.cursor.value / pageSize);
    if (!this.pages.value.has(page)) await this.#load(page);
    const row = this.row(this.cursor.value);
    if (!row) return;
    this.#kept.update({ span: row.id });
    await this.#loadSelected();
  }

  async draw(as: TraceView): Promise<void> {
    this.drawn.value = as;
    this.#kept.update({ traceView: as });
    await this.refresh();
  }

  /** Shows one step in the tree, wherever it stands, also where a filter or a closed row hides it. */
  async reveal(span: string): Promise<void> {
    this.#kept.update({ span, filter: '', fold: freshView.fold, traceView: 'tree' });
    batch(() => {
      this.filter.value = '';
      this.fold.value = freshView.fold;
      this.drawn.value = 'tree';
    });
    await this.refresh();
  }

  /** Moves to the next row whose name begins with what was typed. */
  async seek(text: string, from: number): Promise<number | undefined> {
    const { row } = await this.#client.request('run.seek', { run: this.#run, fold: this.fold.value, filter: this.filter.value, from, text });
    if (row !== undefined) await this.moveTo(row);
    return row;
  }

  async toggle(row: SpanRow): Promise<void> {
    const { rest, except } = this.fold.value;
    await this.#refold({ rest, except: except.includes(row.id) ? except.filter((id) => id !== row.id) : [...except, row.id] });
  }

  expandAll(): Promise<void> {
    return this.#refold({ rest: 'open', except: [] });
  }

  /** Closes all but the root, which alone would say nothing. */
  async collapseAll(): Promise<void> {
    const { rows } = await this.#client.request('run.spans', { run: this.#run, offset: 0, limit: 1, fold: { rest: 'closed', except: [] } });
    await this.#refold({ rest: 'closed', except: rows.map(({ id }) => id) });
  }

  async search(filter: string): Promise<void> {
    this.filter.value = filter;
    this.#kept.update({ filter });
    await this.refresh();
  }

  async #refold(fold: Fold): Promise<void> {
    this.fold.value = fold;
    this.#kept.update({ fold });
    await this.refresh();
  }

  #wanted(): readonly number[] {
    const first = Math.floor(this.#first / pageSize);
    const last = Math.floor(Math.max(this.#first, this.#last) / pageSize);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  }

  async #loadMissing(): Promise<void> {
    const total = this.total.value;
    if (total === undefined) return;
    const missing = this.#wanted().filter((page) => !this.pages.value.has(page) && page * pageSize < total && !this.#asked.has(page));
    await Promise.all(missing.map((page) => this.#load(page)));
  }

  async #load(page: number): Promise<void> {
    const generation = this.#generation;
    this.#asked.add(page);
    try {
      const answer = await this.#ask(page);
      if (generation !== this.#generation) return;
      // Only what is near the screen stays: scrolling through a long trace must not fill the memory.
      const near = new Set(this.#wanted().flatMap((at) => [at - 1, at, at + 1]));
      this.pages.value = new Map([...[...this.pages.value].filter(([at]) => near.has(at)), [page, answer.rows]]);
    } finally {
      this.#asked.delete(page);
    }
  }

  #ask(page: number): Promise<SpanPage> {
    const { span } = this.#kept.value;
    return this.#client.request('run.spans', {
      run: this.#run, offset: page * pageSize, limit: pageSize, fold: this.fold.value, filter: this.filter.value,
      ...(span === undefined ? {} : { find: span }),
    });
  }

  async #loadSelected(): Promise<void> {
    const { span } = this.#kept.value;
    if (span === undefined) return;
    const before = this.selected.value;
    // A step that has ended doesn't change any more.
    if (before?.id === span && before.status !== 'running' && this.facts.value !== undefined) return;
    // Facts need all of the record: while that is being read, the values of the step are not kept back for them.
    const [answer, facts] = await Promise.all([
      this.#client.request('run.span', { run: this.#run, span }), this.reading.value ? undefined : this.#client.request('run.facts', { run: this.#run, span }),
    ]);
    if (this.#kept.value.span !== span) return;
    batch(() => {
      this.selected.value = answer;
      this.facts.value = facts;
    });
  }
}
