import * as l10n from '@vscode/l10n';
import { batch, computed, signal } from '@preact/signals';
import { AssassinError, toErrorInfo, type ErrorInfo, type SourceLocation } from '../../src/shared/errors.ts';
import type { PanelEvents, PanelSettings, RunView } from '../../src/shared/protocol.ts';
import type { RunPair } from '../../src/shared/protocol-trace.ts';
import type { RpcClient } from '../../src/shared/rpc.ts';
import { isTerminal } from '../../src/shared/run-state.ts';
import { reasonOf } from './not-ready-reason.ts';
import { AsksModel } from './asks-model.ts';
import { BillModel } from './bill-model.ts';
import { ChatModel } from './chat-model.ts';
import { Clock } from './clock.ts';
import { ComposerModel } from './composer-model.ts';
import { HistoryModel } from './history-model.ts';
import { freshView, type KeptState, type Place, type Tab } from './kept.ts';
import { LogModel } from './log-model.ts';
import { Refresher } from './refresher.ts';
import { RunList } from './run-list.ts';
import { steered } from './steered.ts';
import { TraceModel } from './trace-model.ts';

/** The models of the run that is shown; another run gets new ones, so that a late answer cannot land in the wrong run. */
export interface Shown {
  readonly id: string;
  readonly chat: ChatModel;
  readonly log: LogModel;
  readonly trace: TraceModel;
  readonly bill: BillModel;
}

/** While a run goes on the page also asks by itself: a run of another window gives no notice, and a lost notice must not freeze the page. */
const pollMs = 2000;

/** What the page shows, read from the host when something has changed. The page holds no truth of its own. */
export class Session {
  readonly client: RpcClient;
  readonly kept: KeptState;
  readonly clock = new Clock();
  readonly list: RunList;
  readonly asks: AsksModel;
  readonly composer: ComposerModel;
  readonly history: HistoryModel;
  readonly place = signal<Place>('run');
  /** The runs that are compared. */
  readonly pair = signal<RunPair | undefined>(undefined);
  /** Set while the composer is to begin another task from a turn of this one. */
  readonly fork = signal<{ readonly run: string; readonly turn: number } | undefined>(undefined);
  readonly settings = signal<PanelSettings>({ sendWith: 'enter' });
  /** The tab that the person chose; `shownTab` is the one that this run has. */
  readonly tab = signal<Tab>('chat');
  readonly shown = signal<Shown | undefined>(undefined);
  readonly view = signal<RunView | undefined>(undefined);
  /** What went wrong with the newest reading; what is shown may be out of date. */
  readonly problem = signal<ErrorInfo | undefined>(undefined);
  /** An action that was refused. It stays until it is dismissed. */
  readonly refusal = signal<ErrorInfo | undefined>(undefined);
  readonly started = signal(false);
  /** Chains say nothing that could be answered: their first tab is the result. */
  readonly shownTab = computed<Tab>(() => (this.tab.value === 'chat' && this.view.value !== undefined && this.view.value.run.kind !== 'task' ? 'result' : this.tab.value));
  readonly going = computed(() => this.view.value !== undefined && !isTerminal(this.view.value.run.state));
  /** The run that is shown and all below it: what one of them asks is asked of who looks at it. */
  readonly family = computed<ReadonlySet<string>>(() => new Set(this.shown.value === undefined ? [] : [this.shown.value.id, ...this.shown.value.chat.team.value.keys()]));
  readonly #below = new Set<ChatModel>();
  readonly #refresher = new Refresher(() => this.#load());

  constructor(client: RpcClient, kept: KeptState) {
    this.client = client;
    this.kept = kept;
    this.list = new RunList(client);
    this.asks = new AsksModel(client);
    this.composer = new ComposerModel(client, kept);
    this.history = new HistoryModel(client, kept.value.runFilter);
    this.pair.value = kept.value.compare;
    this.tab.value = kept.value.tab;
    this.place.value = kept.value.place ?? 'run';
    client.on('changed', (change) => this.#note(change));
    client.on('open', ({ run }) => this.open(run));
    client.on('compose', ({ text }) => this.compose(text));
    client.on('place', ({ place }) => this.goTo(place));
    client.on('compare', (pair) => this.compare(pair));
    client.on('typing', (piece) => this.#listening(piece.run).forEach((chat) => chat.typed(piece)));
    client.on('typed', ({ run, kind }) => {
      if (kind === 'restart') this.#listening(run).forEach((chat) => chat.restarted());
    });
    client.on('gone', ({ run }) => {
      if (this.shown.value?.id === run) void this.#leave();
    });
    window.setInterval(() => {
      if (this.going.value || this.problem.value) void this.refresh();
      // Nothing tells the page that the setting has been mended.
      if (this.composer.model.value?.blocked === 'settings') this.attempt(this.composer.readModel(false));
    }, pollMs);
  }

  /** Asks which run to show. Resolves also where the host does not answer: that is then shown. */
  async start(): Promise<void> {
    const { run, at } = this.kept.value;
    try {
      const hello = await this.client.request('panel.hello', { ...(run === undefined ? {} : { run }), ...(at === undefined ? {} : { at }) });
      if (hello.strings) l10n.config({ contents: { ...hello.strings } });
      batch(() => {
        this.started.value = true;
        this.settings.value = hello.settings;
        if (hello.drafts) this.composer.takeOver(hello.drafts);
        this.problem.value = undefined;
        const { place } = this;
        const before = place.value;
        if (hello.run !== undefined) this.open(hello.run);
        // A run that was asked for is shown; the one that is only the newest stays behind what the person was doing.
        if (hello.compose !== undefined) this.compose(hello.compose);
        else if (hello.place !== undefined) this.#go(hello.place);
        else if (hello.compare !== undefined) this.compare(hello.compare);
        else if (hello.run === undefined) this.#go('new');
        else if (!hello.asked) this.#go(before);
      });
      void this.list.refresh();
      void this.asks.refresh();
      this.attempt(this.composer.readModel(false));
    } catch (error) {
      this.problem.value = toErrorInfo(error);
    }
  }

  /** Shows the place where a new task is written, with these words in it. */
  compose(text?: string): void {
    if (text !== undefined && text !== '') this.composer.fill('new', text);
    this.composer.call();
    this.#go('new');
  }

  /** Shows two runs side by side. */
  compare(pair: RunPair): void {
    this.kept.update({ compare: pair });
    this.pair.value = pair;
    this.#go('compare');
  }

  /** False where it was refused; what stands in the way is then shown. */
  async tag(add: readonly string[], remove: readonly string[]): Promise<boolean> {
    let done = false;
    await this.#actOnRun(async (run) => {
      await this.client.request('run.tag', { run, add, remove });
      done = true;
    });
    await this.refresh();
    return done;
  }

  goTo(place: Place): void {
    this.#go(place);
    if (place === 'run') void this.refresh();
  }

  open(run: string): void {
    this.#go('run');
    if (this.shown.value?.id === run) return void this.refresh();
    if (this.kept.value.run !== run) this.kept.update({ run, span: undefined, ...freshView });
    const { client, kept } = this;
    batch(() => {
      this.view.value = undefined;
      this.problem.value = undefined;
      this.refusal.value = undefined;
      this.shown.value = { id: run, chat: new ChatModel(client, run), log: new LogModel(client, run), trace: new TraceModel(client, run, kept), bill: new BillModel(client, run) };
    });
    void this.refresh();
  }

  /** Shows one step in the trace of its run, which may be another one than that on the screen. */
  showStep(step: string, run?: string): void {
    if (run !== undefined) this.open(run);
    this.kept.update({ span: step });
    this.show('trace');
    // Among the lines of the log, or behind a filter, it would not be seen.
    const trace = this.shown.value?.trace;
    if (trace && (trace.drawn.value === 'log' || trace.filter.value !== '')) this.attempt(trace.reveal(step));
  }

  show(tab: Tab): void {
    this.tab.value = tab;
    this.kept.update({ tab });
    void this.refresh();
  }

  refresh(): Promise<void> {
    return this.started.value ? this.#refresher.refresh() : this.start();
  }

  async stop(): Promise<void> {
    await this.#actOnRun(async (run) => void (await this.client.request('run.cancel', { run })));
    await this.refresh();
  }

  async again(): Promise<void> {
    await this.#actOnRun(async (run) => this.open((await this.client.request('run.again', { run })).run));
  }

  async export(): Promise<void> {
    await this.#actOnRun(async (run) => void (await this.client.request('run.export', { run })));
  }

  async openSource(location: SourceLocation): Promise<void> {
    await this.act(async () => void (await this.client.request('source.open', { file: location.file, line: location.line, column: location.column })));
  }

  async openLink(address: string): Promise<void> {
    await this.act(async () => void (await this.client.request('link.open', { address })));
  }

  startFork(turn: number): void {
    const run = this.shown.value?.id;
    if (run === undefined) return;
    this.fork.value = { run, turn };
    this.composer.revision.value += 1;
  }

  /** Sends the words to whom they are for: the task that goes on, the one that has ended, or nobody yet. False where the person went back. */
  async send(text: string, target: 'new' | 'run'): Promise<boolean> {
    const { composer, view } = this;
    const run = target === 'run' ? view.value?.run.id : undefined;
    let sent = false;
    composer.sending.value = true;
    await this.act(async () => {
      if (run !== undefined && this.going.value && (await steered(this, run, text))) {
        sent = true;
        return;
      }
      const stopped = composer.model.value && reasonOf(composer.model.value);
      if (stopped) {
        // It may be there by now: what the notice says was true when it was last looked.
        await composer.readModel(true);
        const still = composer.model.value && reasonOf(composer.model.value);
        if (still) throw new AssassinError(still.ways.length > 1 ? 'no-model' : 'denied', still.text, still.ways.length > 1 ? {} : { data: { way: still.ways[0] } });
      }
      const fork = this.fork.value;
      if (fork !== undefined && fork.run === run) {
        const forked = await this.client.request('chat.fork', { ...fork, text });
        sent = true;
        this.fork.value = undefined;
        composer.sent = true;
        return this.open(forked.run);
      }
      const started = await this.client.request('chat.start', { text, mode: composer.mode.value, pictures: composer.pictures.value, ...(run === undefined ? {} : { after: run }) });
      sent = started.run !== undefined;
      if (started.run === undefined) return composer.readModel(false);
      composer.pictures.value = [];
      composer.sent = true;
      this.show('chat');
      this.open(started.run);
    });
    composer.sending.value = false;
    return sent;
  }

  /** Lets the conversation of an agent, shown inside the one on the screen, hear what its model says. Gives the end of it. */
  listen(chat: ChatModel): () => void {
    this.#below.add(chat);
    return () => void this.#below.delete(chat);
  }

  /** For what a component starts and nobody awaits. */
  attempt(work: Promise<void>): void {
    work.catch((error: unknown) => (this.problem.value = toErrorInfo(error)));
  }

  /** Does what the person asked for; a refusal is shown, and stays until it is dismissed. */
  async act(action: () => Promise<void>): Promise<void> {
    try {
      this.refusal.value = undefined;
      await action();
    } catch (error) {
      this.refusal.value = toErrorInfo(error);
    }
  }

  #actOnRun(action: (run: string) => Promise<void>): Promise<void> {
    const run = this.shown.value?.id;
    return run === undefined ? Promise.resolve() : this.act(() => action(run));
  }

  #go(place: Place): void {
    this.place.value = place;
    if (this.kept.value.place !== place) this.kept.update({ place });
  }

  #listening(run: string): readonly ChatModel[] {
    return [...(this.shown.value === undefined ? [] : [this.shown.value.chat]), ...this.#below].filter((chat) => chat.run === run);
  }

  #note(change: PanelEvents['changed']): void {
    this.list.note(change);
    if (this.shown.value === undefined && this.place.value === 'run') this.open(change.run);
    else if (change.run === this.shown.value?.id || this.shown.value?.chat.team.value.has(change.run) === true) void this.refresh();
  }

  /** The run that was shown is no more: on to what there is. */
  async #leave(): Promise<void> {
    this.kept.update({ run: undefined });
    batch(() => {
      this.shown.value = undefined;
      this.view.value = undefined;
    });
    await this.start();
  }

  async #load(): Promise<void> {
    const shown = this.shown.value;
    if (!shown) return;
    try {
      // Only the run itself tells whether it has a chat; of any other tab both are asked for at once.
      const unknown = this.view.value === undefined && this.tab.value === 'chat';
      if (unknown) await this.#loadView(shown);
      await Promise.all([...(unknown ? [] : [this.#loadView(shown)]), this.#model(shown).refresh()]);
      if (this.shown.value === shown) this.problem.value = undefined;
    } catch (error) {
      if (this.shown.value === shown) this.problem.value = toErrorInfo(error);
    }
  }

  async #loadView(shown: Shown): Promise<void> {
    const view = await this.client.request('run.detail', { run: shown.id });
    if (this.shown.value !== shown) return;
    const before = this.view.value?.run.state;
    if (view.run.kind === 'task' && before !== view.run.state) this.attempt(shown.chat.readSession());
    batch(() => {
      this.clock.set(view.now);
      this.view.value = view;
    });
    this.clock.run(this.going.value);
  }

  #model(shown: Shown): { refresh(): Promise<void> } {
    switch (this.shownTab.value) {
      case 'chat':
        return shown.chat;
      case 'result':
        return shown.log;
      case 'trace':
        return shown.trace;
      case 'bill':
        return shown.bill;
    }
  }
}
