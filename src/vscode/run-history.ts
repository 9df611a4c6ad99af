import * as vscode from 'vscode';
import type { Bill, Page, RunDetail, RunSummary, Span } from '../shared/dto.ts';
import { describeError } from '../shared/errors.ts';
import type { JournalEvent } from '../shared/events.ts';
import type { RunQuery, RunStore } from '../store/run-store.ts';
import { RecordedRuns } from './recorded-runs.ts';
import type { Beginning } from './run-beginning.ts';
import { RunTraces } from './run-traces.ts';
import type { RuntimeHolder } from './runtime-holder.ts';
import { StoreWatcher } from './store-watcher.ts';

/** What was recorded, with its projections; in an untrusted workspace and with wrong settings too. */
export class RunHistory implements vscode.Disposable {
  readonly #holder: RuntimeHolder;
  readonly #log: Pick<vscode.LogOutputChannel, 'warn'>;
  readonly #changed = new vscode.EventEmitter<readonly string[] | undefined>();
  readonly #recorded: RecordedRuns;
  readonly #traces = new RunTraces((work) => this.read(work));
  readonly #subscriptions: readonly vscode.Disposable[];
  #watcher: StoreWatcher | undefined;
  #seen = 0;

  /** Ids of the runs with new events; `undefined` where another program wrote and anything may have changed. */
  readonly onDidChange = this.#changed.event;

  /** `open`: the records on their own, where no runtime can be opened. */
  constructor(holder: RuntimeHolder, log: Pick<vscode.LogOutputChannel, 'warn'>, open: () => Promise<RunStore>) {
    this.#holder = holder;
    this.#log = log;
    this.#recorded = new RecordedRuns({ runtime: (work) => holder.use(work), open });
    this.#subscriptions = [
      holder.onDidAppend((events) => this.#changed.fire([...new Set(events.map((event) => event.run))])),
      // Another data directory may be set now: what was read from the old one is not true of the new one.
      holder.onDidChange(() => {
        void this.#recorded.close();
        this.#traces.forget();
        this.#changed.fire(undefined);
      }),
      // Who comes back from a terminal sees what was run there, even where files cannot be watched.
      vscode.window.onDidChangeWindowState(({ focused }) => focused && void this.#noticeOthers()),
    ];
  }

  /** Newest first. */
  runs(query: RunQuery): Promise<Page<RunSummary>> {
    return this.read((store) => store.runs(query));
  }

  /** The runs that a run has started, in the order of their start. */
  children(id: string): Promise<readonly RunSummary[]> {
    return this.read((store) => store.children(id));
  }

  run(id: string): Promise<RunSummary> {
    return this.read((store) => store.run(id));
  }

  async detail(id: string): Promise<RunDetail> {
    const [{ detailOf }, run, events, children] = await Promise.all([import('../telemetry/detail.ts'), this.run(id), this.events(id), this.children(id)]);
    return detailOf(run, events, children);
  }

  events(id: string): Promise<readonly JournalEvent[]> {
    return this.#traces.events(id);
  }

  spans(id: string): Promise<readonly Span[]> {
    return this.#traces.spans(id);
  }

  beginning(id: string): Promise<Beginning | undefined> {
    return this.#traces.beginning(id);
  }

  async bill(id: string): Promise<Bill> {
    const { billWithin } = await import('./panel-bill.ts');
    return billWithin(this, id);
  }

  async deleteRun(id: string): Promise<void> {
    await this.read((store) => store.deleteRun(id));
    this.#traces.forget(id);
    this.#changed.fire(undefined);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#watcher?.dispose();
    void this.#recorded.close();
    this.#changed.dispose();
  }

  /** Reads from a store whose opening sweeps: a run whose host was killed is not shown as one that goes on. */
  read<T>(work: (store: RunStore) => T | Promise<T>): Promise<T> {
    return this.#recorded.read((store) => {
      if (this.#watcher?.directory !== store.directory) {
        this.#watcher?.dispose();
        this.#seen = store.othersVersion;
        this.#watcher = new StoreWatcher(store.directory, () => void this.#noticeOthers(), (error) => this.#log.warn(`Runs of other windows show when this one is looked at again: ${describeError(error)}`));
      }
      return work(store);
    });
  }

  async #noticeOthers(): Promise<void> {
    // A runtime that is closed now is not opened for this: whoever needs it next reads everything anyway.
    if (!this.#holder.isOpen && !this.#recorded.isAlone) return;
    const seen = await this.read((store) => store.othersVersion).catch(() => this.#seen);
    if (seen === this.#seen) return;
    this.#seen = seen;
    this.#changed.fire(undefined);
  }
}
