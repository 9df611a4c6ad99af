import * as vscode from 'vscode';
import type { RunHandle } from '../run/run-manager.ts';
import type { Runtime } from '../runtime.ts';
import type { RuntimeOptions } from '../runtime-options.ts';
import { AssassinError, describeError } from '../shared/errors.ts';
import type { JournalEvent } from '../shared/events.ts';
import { withItsSetting } from './wrong-data-directory.ts';

interface Opened {
  readonly runtime: Promise<Runtime>;
  /** Calls that are at work in it; it is not closed under them. */
  users: number;
  idle: (() => void) | undefined;
}

/**
 * The one runtime of this window, opened when it is first needed. New settings count from the next run on: that one gets a new
 * runtime, while runs that go on end in the old one, which is then closed.
 */
export class RuntimeHolder implements AsyncDisposable {
  readonly #options: () => Promise<RuntimeOptions>;
  readonly #appended = new vscode.EventEmitter<readonly JournalEvent[]>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #added = new vscode.EventEmitter<Runtime>();
  readonly #serversChanged = new vscode.EventEmitter<void>();
  readonly #retiring = new Map<Opened, Promise<void>>();
  readonly #runtimes = new Set<Runtime>();
  #opened: Opened | undefined;
  /** MCP servers that a person had started when the settings changed: the next runtime starts them again. */
  #startAgain: readonly string[] = [];
  #closed = false;

  /** Events right after they are on disk, of every run of this window. */
  readonly onDidAppend = this.#appended.event;
  /** Another runtime was opened, or the one there was is about to be closed. */
  readonly onDidChange = this.#changed.event;
  /** An MCP server has another state, or other tools. */
  readonly onDidChangeServers = this.#serversChanged.event;

  constructor(options: () => Promise<RuntimeOptions>) {
    this.#options = options;
  }

  /** The runs that go on in this window. */
  get live(): readonly RunHandle[] {
    return [...this.#runtimes].flatMap((runtime) => runtime.runs.live);
  }

  /** All that are open: the current one, and those that only end their runs. */
  get runtimes(): readonly Runtime[] {
    return [...this.#runtimes];
  }

  /** Subscribes to each runtime that is open, and to those that are opened later. */
  eachRuntime(subscribe: (runtime: Runtime) => Disposable): vscode.Disposable {
    const subscriptions = new Map(this.runtimes.map((runtime) => [runtime, subscribe(runtime)] as const));
    const later = this.#added.event((runtime) => {
      // Those that were closed meanwhile are let go of: each change of a setting opens another one.
      for (const [old, subscription] of subscriptions) {
        if (this.#runtimes.has(old)) continue;
        subscription[Symbol.dispose]();
        subscriptions.delete(old);
      }
      subscriptions.set(runtime, subscribe(runtime));
    });
    return { dispose: () => { later.dispose(); for (const subscription of subscriptions.values()) subscription[Symbol.dispose](); } };
  }

  get isOpen(): boolean {
    return this.#opened !== undefined;
  }

  /** False where no run of this window has that id. */
  cancel(run: string, reason: string): boolean {
    return [...this.#runtimes].some((runtime) => runtime.runs.cancel(run, reason));
  }

  /** Does `work` with the current runtime, which stays open until it is done. Throws what opening throws. */
  async use<T>(work: (runtime: Runtime) => T | Promise<T>): Promise<T> {
    const opened = this.#open();
    opened.users += 1;
    try {
      return await work(await opened.runtime);
    } finally {
      opened.users -= 1;
      if (opened.users === 0) opened.idle?.();
    }
  }

  /** Call when settings have changed. */
  renew(): void {
    const opened = this.#opened;
    this.#opened = undefined;
    if (opened) this.#retiring.set(opened, this.#retire(opened).finally(() => this.#retiring.delete(opened)));
    // Also where none could be opened: the setting that was in its way may be the one that has changed.
    this.#changed.fire();
  }

  /** Ends all runs and leaves nothing of them. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const handle of this.live) handle.cancel('The window was closed or loaded again.');
    this.renew();
    await Promise.all(this.#retiring.values());
    this.#appended.dispose();
    this.#changed.dispose();
    this.#added.dispose();
    this.#serversChanged.dispose();
  }

  #open(): Opened {
    if (this.#opened) return this.#opened;
    if (this.#closed) throw new AssassinError('cancelled', 'The window is closing.');
    const opened: Opened = { runtime: this.#openRuntime(), users: 0, idle: undefined };
    this.#opened = opened;
    opened.runtime.then(
      () => this.#changed.fire(),
      () => {
        // The next need tries again: the cause may be a setting or a full disk that is in order by then.
        if (this.#opened === opened) this.#opened = undefined;
      },
    );
    return opened;
  }

  async #openRuntime(): Promise<Runtime> {
    const [{ Runtime }, options] = await Promise.all([import('../runtime.ts'), this.#options()]);
    const runtime = await Runtime.open(options).catch((error: unknown) => {
      throw withItsSetting(error, options.dataDirectory);
    });
    runtime.store.onAppend((events) => this.#appended.fire(events));
    runtime.mcp.onChange(() => this.#serversChanged.fire());
    runtime.mcpSignIns.onChange(() => this.#serversChanged.fire());
    for (const name of this.#startAgain) runtime.mcp.start(name).catch((error: unknown) => options.log('warn', `The MCP server ${name} was not started again: ${describeError(error)}`));
    this.#startAgain = [];
    this.#runtimes.add(runtime);
    this.#added.fire(runtime);
    return runtime;
  }

  async #retire(opened: Opened): Promise<void> {
    const runtime = await opened.runtime.catch(() => undefined);
    if (!runtime) return;
    if (!this.#closed) this.#startAgain = runtime.mcp.servers().filter(({ startedByHand }) => startedByHand).map(({ name }) => name);
    if (opened.users > 0) await new Promise<void>((resolve) => (opened.idle = resolve));
    await Promise.all(runtime.runs.live.map((handle) => handle.outcome));
    await runtime[Symbol.asyncDispose]();
    this.#runtimes.delete(runtime);
  }
}
