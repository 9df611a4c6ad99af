import { isAbsolute, relative, resolve } from 'node:path';
import type { RunSummary } from '../shared/dto.ts';
import { AssassinError, describeError } from '../shared/errors.ts';
import type { LogLine, PanelSettings, Params, Result } from '../shared/protocol.ts';
import type { FigurePlace } from '../shared/protocol-figures.ts';
import type { RunPair } from '../shared/protocol-trace.ts';
import { pageLimits } from '../shared/protocol-schema.ts';
import { isTerminal } from '../shared/run-state.ts';
import { RpcServer, type Handlers, type Wire } from '../shared/rpc.ts';
import { descendantsOf } from '../store/descendants.ts';
import { ForFirstAnswer } from './for-first-answer.ts';
import { PanelChat } from './panel-chat.ts';
import { headEvents } from './panel-head.ts';
import { logLinesOf, logPage } from './panel-log.ts';
import { FigureService } from './panel-figures.ts';
import type { PanelActions, PanelFigures, PanelHistory, PanelMcpViews, PanelMemory, PanelTasks } from './panel-ports.ts';
import { clip } from './panel-rows.ts';
import { PanelSteps } from './panel-steps.ts';
import { PanelTrace } from './panel-trace.ts';
import { PanelTyping } from './panel-typing.ts';
import { PanelViews } from './panel-views.ts';

export interface PanelServiceOptions {
  readonly wire: Wire;
  readonly history: PanelHistory;
  readonly actions: PanelActions;
  readonly tasks: PanelTasks;
  readonly figures: PanelFigures;
  /** Views of MCP servers; none are shown without it. */
  readonly views?: PanelMcpViews;
  readonly settings: () => PanelSettings;
  /** Absolute path of the workspace folder, where there is one: only its runs are listed. */
  readonly workspace: () => string | undefined;
  readonly log: (message: string) => void;
  /** Texts of the display language by their English. */
  readonly strings?: Readonly<Record<string, string>>;
  /** Keeps unsent words over a reload of the window. */
  readonly memory?: PanelMemory;
  /** The run to show first; without it, what the page showed before, else the newest. */
  readonly run?: string;
  readonly now?: () => number;
}

/** A tenth of a second between notices: what a person can follow, and few enough that the page keeps up with any run. */
const noticeMs = 100;

/** Longest that a page takes to load. */
const loadingMs = 5000;

const titleLimit = 500;

/** Answers one page of the panel from the store. Knows no editor, so that the same code answers a page in a plain browser. */
export class PanelService implements Disposable {
  readonly #options: PanelServiceOptions;
  readonly #server: RpcServer;
  readonly #subscriptions: readonly { dispose(): unknown }[];
  readonly #typing: PanelTyping;
  readonly #changed = new Set<string>();
  #anythingChanged = false;
  #timer: NodeJS.Timeout | undefined;
  #wanted: string | undefined;
  readonly #compose = new ForFirstAnswer<string>(loadingMs);
  readonly #figures: FigureService;
  readonly #views: PanelViews;
  readonly #place = new ForFirstAnswer<FigurePlace>(loadingMs);
  readonly #pair = new ForFirstAnswer<RunPair>(loadingMs);
  #viewed: string | undefined;
  #greeted = false;
  #loaded = false;
  #lines: { readonly key: string; readonly lines: readonly LogLine[] } | undefined;

  constructor(options: PanelServiceOptions) {
    this.#options = options;
    this.#wanted = options.run;
    this.#figures = new FigureService({ figures: options.figures, history: options.history, workspace: options.workspace, now: () => this.#now() });
    this.#views = new PanelViews({ ...(options.views === undefined ? {} : { views: options.views }), tell: (event, data) => this.#server.emit(event, data) });
    this.#server = new RpcServer({ wire: options.wire, log: options.log, handlers: this.#handlers() });
    const { history, tasks } = options;
    this.#typing = new PanelTyping(tasks, (event, data) => this.#server.emit(event, data));
    this.#subscriptions = [
      history.onDidChange((runs) => this.#note(runs)),
      tasks.onAsks(() => this.#server.emit('approvals', { pending: tasks.approvals().length + tasks.questions().length })),
    ];
  }

  /** Its page has been there: a view that was closed before it was made has none. */
  get isLoaded(): boolean {
    return this.#loaded;
  }

  /** Makes the page show that run, also where it has not finished loading yet. */
  open(run: string): void {
    this.#wanted = run;
    this.#server.emit('open', { run });
  }

  /** Makes the page show the place where a new task is written, with these words in it. */
  compose(text?: string): void {
    this.#compose.put(text ?? '');
    this.#server.emit('compose', text === undefined ? {} : { text });
  }

  /** Makes the page show figures over many runs, or what the program holds. */
  goTo(place: FigurePlace): void {
    this.#place.put(place);
    this.#server.emit('place', { place });
  }

  /** Makes the page show two runs side by side. */
  compare(pair: RunPair): void {
    this.#pair.put(pair);
    this.#server.emit('compare', pair);
  }

  [Symbol.dispose](): void {
    for (const part of [this.#figures, this.#views, this.#compose, this.#place, this.#pair]) part[Symbol.dispose]();
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#typing[Symbol.dispose]();
    this.#server[Symbol.dispose]();
  }

  #handlers(): Handlers {
    const { history, actions, tasks, workspace } = this.#options;
    const chat = new PanelChat({ history, tasks, workspace });
    return {
      ...chat.handlers,
      ...new PanelTrace({ history, tasks, workspace }).handlers,
      ...new PanelSteps({ history, onRead: (run) => this.#note([run]) }).handlers,
      ...this.#figures.handlers,
      ...this.#views.handlers,
      'chat.draft': (query) => {
        this.#typing.also(query.run);
        return chat.handlers['chat.draft'](query);
      },
      'panel.hello': (params) => this.#hello(params),
      'panel.keep': (kept) => {
        this.#options.memory?.keep(kept);
        return null;
      },
      'panel.reload': () => {
        actions.reload();
        return null;
      },
      'runs.list': async (query) => {
        const page = await this.#list(query);
        return { ...page, items: page.items.map(short) };
      },
      'run.detail': async ({ run }) => {
        this.#viewed = run;
        this.#typing.follow(run);
        if (run === this.#wanted) this.#wanted = undefined;
        const [{ detailOf }, events] = await Promise.all([import('../telemetry/detail.ts'), headEvents(history, run)]);
        const cost = await chat.costOf(run, events);
        const { summary, tags, below } = await history.read((store) => ({ summary: store.run(run), tags: store.traces.tags(run), below: descendantsOf(run, (id) => store.children(id)) }));
        const detail = detailOf(summary, events, below.filter(({ parent }) => parent === run).map(short));
        return { run: { ...detail, ...short(detail) }, cost: { ...cost, below: below.length }, tags, now: this.#now(), live: actions.isLive(run), repeatable: isTerminal(summary.state) };
      },
      'run.leases': async ({ run }) => {
        const [{ destructionOf }, events] = await Promise.all([import('../telemetry/destruction.ts'), history.events(run)]);
        return destructionOf(events);
      },
      'run.bill': async ({ run }) => {
        const { billWithin } = await import('./panel-bill.ts');
        return billWithin(history, run);
      },
      'run.network': async ({ run }) => {
        const [{ networkPage }, events] = await Promise.all([import('./panel-network.ts'), history.events(run)]);
        return networkPage(events);
      },
      'run.log': async ({ run, after, limit }) => logPage(await this.#linesOf(run), after, limit),
      'blob.read': ({ hash, offset, length }) => history.read(async (store) => ({ data: Buffer.from(await store.blobs.read(hash, offset, length)).toString('base64') })),
      'run.cancel': ({ run }) => ({ stopped: actions.cancel(run, 'Stopped in the panel.') }),
      'run.again': async ({ run }) => ({ run: await actions.again(run) }),
      'run.export': async ({ run }) => {
        await actions.exportRun(run);
        return null;
      },
      'source.open': async (location) => {
        await actions.openSource({ ...location, file: this.#insideWorkspace(location.file) });
        return null;
      },
    };
  }

  async #hello({ run, at }: Params<'panel.hello'>): Promise<Result<'panel.hello'>> {
    const { strings, settings, memory, workspace } = this.#options;
    this.#loaded = true;
    // A page that was made anew has none of the frames of the one before.
    this.#views.closeAll();
    const drafts = await memory?.read();
    const place = this.#place.take();
    const compare = this.#pair.take();
    const kept = { settings: settings(), ...(compare === undefined ? {} : { compare }), ...(place === undefined ? {} : { place }), ...(drafts === undefined ? {} : { drafts }), ...(strings ? { strings } : {}) };
    // Without a folder there are no records to be read, and the page says what to do.
    if (workspace() === undefined) return { ...kept, asked: false };
    const known = async (id: string | undefined) => (id === undefined ? undefined : (await this.#summary(id))?.id);
    const wanted = await known(this.#wanted);
    const compose = this.#compose.take();
    const [newest] = (await this.#list({ limit: 1 })).items;
    // After a reload of the window the editor may give the page an old memory: the run that was begun since is where the person was.
    const since = this.#greeted || at === undefined || newest === undefined || newest.createdAt <= at ? undefined : newest.id;
    this.#greeted = true;
    const shown = wanted ?? since ?? (await known(run)) ?? newest?.id;
    return { ...kept, asked: (wanted ?? since) !== undefined, ...(compose === undefined ? {} : { compose }), ...(shown ? { run: shown } : {}) };
  }

  #list(query: Params<'runs.list'>): Promise<Result<'runs.list'>> {
    const workspace = this.#options.workspace();
    if (workspace === undefined) return Promise.resolve({ items: [] });
    return this.#options.history.read((store) => store.runs({ ...query, parent: null, workspace }));
  }

  async #linesOf(run: string): Promise<readonly LogLine[]> {
    const events = await this.#options.history.events(run);
    const key = `${run} ${events.length}`;
    if (this.#lines?.key !== key) this.#lines = { key, lines: logLinesOf(events) };
    return this.#lines.lines;
  }

  #note(runs: readonly string[] | undefined): void {
    for (const run of runs ?? []) this.#changed.add(run);
    if (runs === undefined) this.#anythingChanged = true;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#tell().catch((error: unknown) => this.#options.log(`The panel could not be told of a change: ${describeError(error)}`));
    }, noticeMs);
  }

  async #tell(): Promise<void> {
    const runs = new Set(this.#changed);
    this.#changed.clear();
    if (this.#anythingChanged) {
      this.#anythingChanged = false;
      if (this.#viewed !== undefined) runs.add(this.#viewed);
      for (const { id } of (await this.#list({ limit: pageLimits.runs })).items.slice(0, 1)) runs.add(id);
    }
    for (const run of runs) {
      const summary = await this.#summary(run);
      if (summary) this.#server.emit('changed', { run, seq: summary.events, state: summary.state });
      else if (run === this.#viewed) this.#server.emit('gone', { run });
    }
  }

  /** None where it was deleted meanwhile. */
  async #summary(run: string): Promise<RunSummary | undefined> {
    try {
      return await this.#options.history.read((store) => store.run(run));
    } catch (error) {
      if (AssassinError.isInstance(error) && error.code === 'run-not-found') return undefined;
      throw error;
    }
  }

  /** Places come out of errors, which strangers' code may have made: only files of the workspace are opened, never a network path. */
  #insideWorkspace(file: string): string {
    const workspace = this.#options.workspace();
    const path = workspace === undefined ? undefined : resolve(workspace, file);
    const inside = path === undefined || workspace === undefined ? undefined : relative(workspace, path);
    if (path === undefined || inside === undefined || inside.startsWith('..') || isAbsolute(inside)) {
      throw new AssassinError('invalid-input', `${clip(file, titleLimit)} is not a file of this workspace.`, { hint: 'Open the folder that the run belongs to.' });
    }
    return path;
  }

  #now(): number {
    return this.#options.now?.() ?? Date.now();
  }
}

const short = <T extends RunSummary>(run: T): T => ({ ...run, title: clip(run.title, titleLimit), source: clip(run.source, titleLimit) });
