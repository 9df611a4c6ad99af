import { AssassinError } from '../shared/errors.ts';
import type { Span } from '../shared/dto.ts';
import type { Fold } from '../shared/fold.ts';
import type { SpanPage } from '../shared/protocol.ts';
import type { EventPage } from '../shared/protocol-trace.ts';
import type { Handlers } from '../shared/rpc.ts';
import { parseTraceFilter } from '../shared/trace-filter.ts';
import { costByStep } from '../telemetry/cost-by-step.ts';
import { eventLine } from '../telemetry/event-line.ts';
import { PanelEvents } from './panel-events.ts';
import type { PanelHistory } from './panel-ports.ts';
import { PanelRows } from './panel-rows.ts';
import type { Beginning } from './run-beginning.ts';

type StepHandlers = Pick<Handlers, 'run.spans' | 'run.span' | 'run.seek' | 'run.events'>;

export interface PanelStepsOptions {
  readonly history: PanelHistory;
  /** Lets the page ask anew: all of a long record was read. */
  readonly onRead: (run: string) => void;
}

const allOpen: Fold = { rest: 'open', except: [] };

/** Answers which steps and events of a run are on the screen. Of a long record what it begins with is shown while the rest is being read; whatever needs all of it waits. */
export class PanelSteps {
  readonly #options: PanelStepsOptions;
  #rows: { readonly key: string; readonly rows: PanelRows } | undefined;
  #events: PanelEvents | undefined;
  readonly #awaited = new Set<string>();

  constructor(options: PanelStepsOptions) {
    this.#options = options;
  }

  get handlers(): StepHandlers {
    return {
      'run.spans': async ({ run, offset, limit, fold, filter = '', find }) => {
        const early = filter.trim() === '' && fold.rest === 'open' && fold.except.length === 0 ? await this.#beginning(run) : undefined;
        if (early !== undefined && offset + limit <= early.spans.length) return this.#firstRows(run, early, offset, limit, find);
        return (await this.#rowsOf(run, fold, filter.trim())).page(offset, limit, find);
      },
      'run.span': async ({ run, span: id }) => {
        const ofId = (span: Span) => span.id === id;
        // What has ended does not change any more.
        const early = (await this.#beginning(run))?.spans.find((span) => ofId(span) && span.endedAt !== undefined);
        const span = early ?? (await this.#options.history.spans(run)).find(ofId);
        if (!span) throw new AssassinError('invalid-input', `The run ${run} has no step ${id}.`);
        return span;
      },
      'run.seek': async ({ run, fold, filter, from, text }) => {
        const row = (await this.#rowsOf(run, fold, filter?.trim() ?? '')).seek(text, from);
        return row === undefined ? {} : { row };
      },
      'run.events': async ({ run, offset, limit, filter = '' }) => {
        const early = filter.trim() === '' ? await this.#beginning(run) : undefined;
        if (early !== undefined) return this.#anyLines(run, early, offset, limit);
        return (await this.#linesOf(run, filter.trim())).page(offset, limit);
      },
    };
  }

  #beginning(run: string): Promise<Beginning | undefined> {
    return this.#options.history.beginning(run);
  }

  #firstRows(run: string, { spans, unread, total }: Beginning, offset: number, limit: number, find: string | undefined): SpanPage {
    this.#awaitRest(run);
    const page = new PanelRows(spans, allOpen, '').page(offset, limit, find);
    return { ...page, rows: page.rows.map((row) => (unread.has(row.id) ? { ...row, unread: true } : row)), total: total.steps, spans: total.steps, reading: true };
  }

  /** Any lines can be had without the rest; only the name of a step that began far before is not known. */
  async #anyLines(run: string, { events, total }: Beginning, offset: number, limit: number): Promise<EventPage> {
    this.#awaitRest(run);
    const shown = offset + limit <= events.length ? events.slice(offset, offset + limit) : await this.#options.history.read((store) => store.events(run, offset, limit));
    const names = new Map([...events, ...shown].flatMap((event) => (event.type === 'step.started' ? [[event.step, event.name] as const] : [])));
    return { offset, lines: shown.map((event) => eventLine(event, (step) => names.get(step))), total: total.events, events: total.events, reading: true };
  }

  #awaitRest(run: string): void {
    if (this.#awaited.has(run)) return;
    this.#awaited.add(run);
    // A record that cannot be read is told to whoever asks for it next.
    const told = () => this.#options.onRead(run);
    void this.#options.history.events(run).then(told, told).finally(() => this.#awaited.delete(run));
  }

  /** The page asks for row after row of the same trace: the tree is laid out once for each new event, fold and filter. */
  async #rowsOf(run: string, fold: Fold, filter: string): Promise<PanelRows> {
    const { history } = this.#options;
    const spans = await history.spans(run);
    const events = await history.events(run);
    const key = JSON.stringify([run, events.length, fold, filter]);
    if (this.#rows?.key !== key) {
      const costs = parseTraceFilter(filter).minCostUsd === undefined ? undefined : costByStep(events);
      this.#rows = { key, rows: new PanelRows(spans, fold, filter, (step) => costs?.get(step)) };
    }
    return this.#rows.rows;
  }

  async #linesOf(run: string, filter: string): Promise<PanelEvents> {
    const events = await this.#options.history.events(run);
    const known = this.#events;
    if (known?.run === run && known.filter === filter && (await known.grow(events))) return known;
    const fresh = new PanelEvents(run, filter);
    this.#events = fresh;
    await fresh.grow(events);
    return fresh;
  }
}
