import { AssassinError } from '../shared/errors.ts';
import { compileEngine } from './engine-assets.ts';
import type { EngineModules, EngineName, GuestSpec } from './protocol.ts';
import { WorkerThread } from './worker-thread.ts';

export interface WorkerPoolOptions {
  readonly worker: URL;
  readonly assets: URL;
  readonly engine: EngineName;
  /** Modules that are there in every guest. */
  readonly prelude: GuestSpec['prelude'];
  /** Threads that are kept waiting, each with a guest made ahead. */
  readonly maxIdle: number;
  /** Milliseconds after which a waiting thread is ended. */
  readonly idleMs: number;
}

export interface GuestSize {
  readonly memoryBytes: number;
  readonly stackBytes: number;
}

/** Chains with memory limits of their own each need code of their own; so many are kept. */
const maxCompiled = 4;

/** Worker threads with guests of the sizes that were asked for. A thread that leaves clean comes back; any other is ended and replaced. */
export class WorkerPool implements AsyncDisposable {
  readonly #options: WorkerPoolOptions;
  /** Compiled code by its memory maximum. */
  readonly #compiled = new Map<number, Promise<EngineModules>>();
  readonly #threads = new Set<WorkerThread>();
  readonly #idle = new Map<WorkerThread, NodeJS.Timeout>();
  /** A thread that is being started for whoever comes next. */
  #coming: { readonly size: GuestSize; readonly thread: Promise<WorkerThread> } | undefined;
  #started = 0;
  #disposed = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  /** How many threads live, at work and waiting. */
  get size(): number {
    return this.#threads.size;
  }

  /** A thread in which a fresh guest waits. Rejects where the engine cannot be loaded. */
  async take(size: GuestSize): Promise<WorkerThread> {
    const thread = this.#takeIdle(size) ?? await (this.#takeComing(size) ?? this.#start(size));
    thread.hold();
    try {
      await thread.prepared;
      return thread;
    } catch (error) {
      await this.end(thread);
      throw error;
    }
  }

  /** Takes a thread back whose guest is gone. */
  giveBack(thread: WorkerThread): void {
    thread.detach();
    if (this.#disposed || thread.ended || this.#idle.size >= this.#options.maxIdle) {
      void this.end(thread);
      return;
    }
    this.#idle.set(thread, setTimeout(() => void this.end(thread), this.#options.idleMs).unref());
  }

  async end(thread: WorkerThread): Promise<void> {
    clearTimeout(this.#idle.get(thread));
    this.#idle.delete(thread);
    await thread.end();
    this.#threads.delete(thread);
  }

  /** Has a thread ready for whoever comes next: ahead of a run, or in place of a thread that had to be ended. */
  replace(size: GuestSize): void {
    if (this.#disposed || this.#idle.size > 0 || this.#coming !== undefined) return;
    const coming = { size, thread: this.#start(size) };
    this.#coming = coming;
    const arrived = (thread?: WorkerThread) => {
      if (this.#coming !== coming) return;
      this.#coming = undefined;
      if (thread !== undefined) this.giveBack(thread);
    };
    // Whoever needs one will meet the same failure, and report it.
    coming.thread.then(arrived, () => arrived());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    await Promise.all([...this.#threads].map((thread) => this.end(thread)));
  }

  #takeIdle(size: GuestSize): WorkerThread | undefined {
    for (const [thread, timer] of this.#idle) {
      if (thread.ended) void this.end(thread);
      else if (thread.spec.memoryBytes === size.memoryBytes && thread.spec.stackBytes === size.stackBytes) {
        clearTimeout(timer);
        this.#idle.delete(thread);
        return thread;
      }
    }
    return undefined;
  }

  #takeComing({ memoryBytes, stackBytes }: GuestSize): Promise<WorkerThread> | undefined {
    const coming = this.#coming;
    if (coming?.size.memoryBytes !== memoryBytes || coming.size.stackBytes !== stackBytes) return undefined;
    this.#coming = undefined;
    return coming.thread;
  }

  async #start({ memoryBytes, stackBytes }: GuestSize): Promise<WorkerThread> {
    const { worker, engine, prelude } = this.#options;
    const modules = await this.#compile(memoryBytes);
    if (this.#disposed) throw new AssassinError('cancelled', 'The program is closing; it makes no more sandboxes.');
    const thread = new WorkerThread(worker, { engine, modules, memoryBytes, stackBytes, prelude }, ++this.#started);
    this.#threads.add(thread);
    return thread;
  }

  #compile(memoryBytes: number): Promise<EngineModules> {
    let compiled = this.#compiled.get(memoryBytes);
    if (compiled === undefined) {
      compiled = compileEngine(this.#options.assets, this.#options.engine, memoryBytes);
      const oldest = this.#compiled.keys().next();
      if (this.#compiled.size >= maxCompiled && !oldest.done) this.#compiled.delete(oldest.value);
      this.#compiled.set(memoryBytes, compiled);
      // A file that is missing now may be there the next time.
      compiled.catch(() => this.#compiled.delete(memoryBytes));
    }
    return compiled;
  }
}
