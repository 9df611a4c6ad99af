import * as l10n from '@vscode/l10n';
import { batch, computed, signal } from '@preact/signals';
import { toErrorInfo, type ErrorInfo, type SourceLocation } from '../../src/shared/errors.ts';
import type { PanelEvents, RunView } from '../../src/shared/protocol.ts';
import type { RpcClient } from '../../src/shared/rpc.ts';
import { isTerminal } from '../../src/shared/run-state.ts';
import { BillModel } from './bill-model.ts';
import { Clock } from './clock.ts';
import { freshView, type KeptState, type Tab } from './kept.ts';
import { LogModel } from './log-model.ts';
import { Refresher } from './refresher.ts';
import { RunList } from './run-list.ts';
import { TraceModel } from './trace-model.ts';

/** The models of the run that is shown; another run gets new ones, so that a late answer cannot land in the wrong run. */
export interface Shown {
  readonly id: string;
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
  readonly tab = signal<Tab>('result');
  readonly shown = signal<Shown | undefined>(undefined);
  readonly view = signal<RunView | undefined>(undefined);
  /** What went wrong with the newest reading; what is shown may be out of date. */
  readonly problem = signal<ErrorInfo | undefined>(undefined);
  /** An action that was refused. It stays until it is dismissed. */
  readonly refusal = signal<ErrorInfo | undefined>(undefined);
  readonly started = signal(false);
  readonly going = computed(() => this.view.value !== undefined && !isTerminal(this.view.value.run.state));
  readonly #refresher = new Refresher(() => this.#load());

  constructor(client: RpcClient, kept: KeptState) {
    this.client = client;
    this.kept = kept;
    this.list = new RunList(client);
    this.tab.value = kept.value.tab;
    client.on('changed', (change) => this.#note(change));
    client.on('open', ({ run }) => this.open(run));
    client.on('gone', ({ run }) => {
      if (this.shown.value?.id === run) void this.#leave();
    });
    window.setInterval(() => {
      if (this.going.value || this.problem.value) void this.refresh();
    }, pollMs);
  }

  /** Asks which run to show. Resolves also where the host does not answer: that is then shown. */
  async start(): Promise<void> {
    const { run } = this.kept.value;
    try {
      const hello = await this.client.request('panel.hello', run === undefined ? {} : { run });
      if (hello.strings) l10n.config({ contents: { ...hello.strings } });
      batch(() => {
        this.started.value = true;
        this.problem.value = undefined;
        if (hello.run !== undefined) this.open(hello.run);
      });
      void this.list.refresh();
    } catch (error) {
      this.problem.value = toErrorInfo(error);
    }
  }

  open(run: string): void {
    if (this.shown.value?.id === run) return void this.refresh();
    if (this.kept.value.run !== run) this.kept.update({ run, span: undefined, ...freshView });
    const { client, kept } = this;
    batch(() => {
      this.view.value = undefined;
      this.problem.value = undefined;
      this.refusal.value = undefined;
      this.shown.value = { id: run, log: new LogModel(client, run), trace: new TraceModel(client, run, kept), bill: new BillModel(client, run) };
    });
    void this.refresh();
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
    await this.#act(async (run) => void (await this.client.request('run.cancel', { run })));
    await this.refresh();
  }

  async again(): Promise<void> {
    await this.#act(async (run) => this.open((await this.client.request('run.again', { run })).run));
  }

  async export(): Promise<void> {
    await this.#act(async (run) => void (await this.client.request('run.export', { run })));
  }

  async openSource(location: SourceLocation): Promise<void> {
    await this.#act(async () => void (await this.client.request('source.open', { file: location.file, line: location.line, column: location.column })));
  }

  /** For what a component starts and nobody awaits. */
  attempt(work: Promise<void>): void {
    work.catch((error: unknown) => (this.problem.value = toErrorInfo(error)));
  }

  async #act(action: (run: string) => Promise<void>): Promise<void> {
    const run = this.shown.value?.id;
    if (run === undefined) return;
    try {
      this.refusal.value = undefined;
      await action(run);
    } catch (error) {
      this.refusal.value = toErrorInfo(error);
    }
  }

  #note(change: PanelEvents['changed']): void {
    this.list.note(change);
    if (this.shown.value === undefined) this.open(change.run);
    else if (change.run === this.shown.value.id) void this.refresh();
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
      await Promise.all([this.#loadView(shown), this.#model(shown).refresh()]);
      if (this.shown.value === shown) this.problem.value = undefined;
    } catch (error) {
      if (this.shown.value === shown) this.problem.value = toErrorInfo(error);
    }
  }

  async #loadView(shown: Shown): Promise<void> {
    const view = await this.client.request('run.detail', { run: shown.id });
    if (this.shown.value !== shown) return;
    batch(() => {
      this.clock.set(view.now);
      this.view.value = view;
    });
    this.clock.run(this.going.value);
  }

  #model(shown: Shown): { refresh(): Promise<void> } {
    switch (this.tab.value) {
      case 'result':
        return shown.log;
      case 'trace':
        return shown.trace;
      case 'bill':
        return shown.bill;
    }
  }
}
