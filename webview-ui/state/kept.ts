import * as z from 'zod/mini';
import { figurePlaces } from '../../src/shared/protocol-figures.ts';
import { runFilter } from '../../src/shared/protocol-run-filter.ts';
import { runPair } from '../../src/shared/protocol-trace-schema.ts';

export const tabs = ['chat', 'result', 'trace', 'bill'] as const;
export type Tab = (typeof tabs)[number];

/** How a trace is drawn: its steps as a tree, along the time, or its events line by line. */
export const traceViews = ['tree', 'timeline', 'log'] as const;
export type TraceView = (typeof traceViews)[number];

export const places = ['run', 'new', 'history', 'compare', ...figurePlaces] as const;
/** What fills the page: a run, the place where a new task is written, the search through earlier ones, two runs side by side, figures over many runs, or what the program holds. */
export type Place = (typeof places)[number];

const keptSchema = z.object({
  run: z.optional(z.string()),
  tab: z.enum(tabs),
  place: z.optional(z.enum(places)),
  fold: z.object({ rest: z.enum(['open', 'closed']), except: z.readonly(z.array(z.string())) }),
  filter: z.string(),
  traceView: z.optional(z.enum(traceViews)),
  /** What is looked for in the log of the run. */
  eventFilter: z.optional(z.string()),
  /** The selected span of the trace. */
  span: z.optional(z.string()),
  scroll: z.object({ result: z.number(), trace: z.number(), bill: z.number() }),
  /** Words that were not sent yet, by the run that they are for; `new` for a new task. */
  drafts: z.optional(z.record(z.string(), z.string())),
  /** When one of them changed last. */
  draftsAt: z.optional(z.number()),
  mode: z.optional(z.enum(['act', 'plan'])),
  /** Which runs the figures are of. */
  usage: z.optional(z.object({ days: z.optional(z.number()), everywhere: z.boolean() })),
  /** What was last looked for in the history. */
  query: z.optional(z.string()),
  runFilter: z.optional(runFilter),
  /** The runs that are compared. */
  compare: z.optional(runPair),
  /** When this was kept, in milliseconds since 1970: the editor may write it down much later than it is told, or never. */
  at: z.optional(z.number()),
});

/** A word that may be a key. The editor writes what it keeps to its disk, and secrets are kept in one place only. */
const keyLike = /(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{24,}/;

/** What a person would miss if the page, which the editor throws away whenever it is hidden, came back without it. */
export type Kept = Readonly<z.infer<typeof keptSchema>>;

/** Of one run; another run starts from here. */
export const freshView: Pick<Kept, 'fold' | 'filter' | 'eventFilter' | 'scroll'> = { fold: { rest: 'open', except: [] }, filter: '', eventFilter: '', scroll: { result: 0, trace: 0, bill: 0 } };

/** The editor's memory for this page. It outlives the page's script, so an older version may have written it. */
export class KeptState {
  readonly #api: Pick<EditorApi, 'getState' | 'setState'>;
  #value: Kept;

  constructor(api: Pick<EditorApi, 'getState' | 'setState'>) {
    this.#api = api;
    const parsed = z.safeParse(keptSchema, api.getState());
    this.#value = parsed.success ? parsed.data : { tab: 'chat', ...freshView };
  }

  get value(): Kept {
    return this.#value;
  }

  /** Those that may be written to a disk. */
  harmlessDrafts(): Readonly<Record<string, string>> {
    return Object.fromEntries(Object.entries(this.#value.drafts ?? {}).filter(([, text]) => !keyLike.test(text)));
  }

  update(change: Partial<Kept>): void {
    this.#value = { ...this.#value, ...change, at: Date.now() };
    this.#api.setState({ ...this.#value, drafts: this.harmlessDrafts() });
  }
}
