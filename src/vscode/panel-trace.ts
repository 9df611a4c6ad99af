import type { RunComparison } from '../shared/comparison.ts';
import { AssassinError } from '../shared/errors.ts';
import type { Params, Result } from '../shared/protocol.ts';
import type { TraceMethods } from '../shared/protocol-trace.ts';
import type { Handlers } from '../shared/rpc.ts';
import { descendantsOf } from '../store/descendants.ts';
import { wholeValue } from '../store/whole-value.ts';
import type { PanelHistory, PanelTasks } from './panel-ports.ts';
import { clip } from './panel-rows.ts';

type TraceHandlers = { readonly [M in Exclude<keyof TraceMethods, 'run.seek' | 'run.events'>]: Handlers[M] };

export interface PanelTraceOptions {
  readonly history: PanelHistory;
  readonly tasks: Pick<PanelTasks, 'tag'>;
  readonly workspace: () => string | undefined;
}

const nameLimit = 300;
/** What there is to choose from may be incomplete for a moment after much was recorded; a page that waits is worse. */
const indexMs = 2000;
/** Of a result that is compared; more is for an editor. */
const resultLimit = 400_000;

/** Answers what the page asks about one step, and about other runs. */
export class PanelTrace {
  readonly #options: PanelTraceOptions;
  #compared: { readonly key: string; readonly comparison: RunComparison } | undefined;

  constructor(options: PanelTraceOptions) {
    this.#options = options;
  }

  get handlers(): TraceHandlers {
    const { history, tasks, workspace } = this.#options;
    return {
      'run.facts': async ({ run, span: id }) => {
        const [{ spanFacts }, spans, events, summary] = await Promise.all([import('../telemetry/span-facts.ts'), history.spans(run), history.events(run), history.read((store) => store.run(run))]);
        const span = spans.find((candidate) => candidate.id === id);
        if (!span) throw new AssassinError('invalid-input', `The run ${run} has no step ${id}.`);
        return spanFacts(summary, span, events, (hash) => history.read((store) => store.blobs.read(hash)));
      },
      'run.tag': async ({ run, add, remove }) => ({ tags: await tasks.tag(run, { add, remove }) }),
      'history.facets': async () => {
        const place = workspace();
        if (place === undefined) return { models: [], tools: [], tags: [] };
        return history.read(async (store) => {
          await store.texts.catchUp(AbortSignal.timeout(indexMs));
          return store.texts.names.facets(place);
        });
      },
      'history.sessions': async ({ query, after, limit }) => {
        const place = workspace();
        if (place === undefined) return { items: [] };
        const page = await history.read((store) => store.sessions({ workspace: place, limit, ...(query.trim() === '' ? {} : { search: query.trim() }), ...(after === undefined ? {} : { after }) }));
        return { ...page, items: page.items.map((session) => ({ ...session, title: clip(session.title, nameLimit) })) };
      },
      'runs.compare': (query) => this.#compare(query),
      'runs.compareResults': async ({ a, b }) => {
        const [{ diffOf }, before, after] = await Promise.all([import('../workspace/review/file-diff.ts'), this.#result(a), this.#result(b)]);
        return diffOf('result', before, after);
      },
    };
  }

  /** The page asks for row after row of the same comparison: it is made once for each new event of either run. */
  async #compare({ a, b, offset, limit, onlyDifferent }: Params<'runs.compare'>): Promise<Result<'runs.compare'>> {
    const [one, other] = [await this.#toCompare(a), await this.#toCompare(b)];
    const key = JSON.stringify([one, other].map(({ summary, events, below }) => [summary.id, summary.state, events.length, below.map((each) => each.length)]));
    if (this.#compared?.key !== key) {
      const { compareRuns } = await import('../telemetry/compare-runs.ts');
      this.#compared = { key, comparison: compareRuns(one, other) };
    }
    const { steps, ...sides } = this.#compared.comparison;
    const different = steps.filter(({ differences }) => differences.length > 0);
    const shown = onlyDifferent ? different : steps;
    const short = (step: (typeof steps)[number]) => ({
      ...step, ...(step.a === undefined ? {} : { a: { ...step.a, name: clip(step.a.name, nameLimit) } }), ...(step.b === undefined ? {} : { b: { ...step.b, name: clip(step.b.name, nameLimit) } }),
    });
    return {
      ...sides, a: { ...sides.a, title: clip(sides.a.title, nameLimit) }, b: { ...sides.b, title: clip(sides.b.title, nameLimit) },
      offset, rows: shown.slice(offset, offset + limit).map(short), total: shown.length, different: different.length,
    };
  }

  async #toCompare(run: string) {
    const { history } = this.#options;
    const { summary, children } = await history.read((store) => ({ summary: store.run(run), children: descendantsOf(run, (id) => store.children(id)) }));
    const below = [];
    for (const { id } of children) below.push(await history.events(id));
    return { summary, events: await history.events(run), below };
  }

  /** Pretty-printed, so that it can be compared line by line; empty for a run that has none. */
  async #result(run: string): Promise<string> {
    const { history } = this.#options;
    const [{ resultOf }, events] = await Promise.all([import('../telemetry/compare-runs.ts'), history.events(run)]);
    const value = resultOf(events);
    if (value === undefined) return '';
    const json = await wholeValue(value, (hash) => history.read((store) => store.blobs.read(hash)));
    const text = typeof json === 'string' ? json : JSON.stringify(json, null, 2);
    if (text.length > resultLimit) throw new AssassinError('not-supported', 'The results are too large to be compared here.', { hint: 'Export both runs and compare the files.' });
    return text;
  }
}
