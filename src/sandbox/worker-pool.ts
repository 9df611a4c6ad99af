import { randomBytes } from 'node:crypto';
import { AssassinError } from '../shared/errors.ts';
import { compileEngine } from './engine-assets.ts';
import { IdleThreads } from './idle-threads.ts';
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
  /** Threads at work beyond which guests that wait for calls make room for others, before more threads are made. */
  readonly maxAtOnce: number;
}

export interface GuestSize {
  readonly memoryBytes: number;
  readonly stackBytes: number;
}

/** Threads at work and waiting, and who waits for one. */
export interface WorkerPoolState {
  readonly threads: number;
  readonly waiting: number;
  readonly queued: number;
  readonly most: number;
  readonly mostWaiting: number;
}

interface Queued {
  readonly size: GuestSize;
  readonly served: (thread: WorkerThread | undefined) => void;
}

const patienceMs = 250;
/** Chains with memory limits of their own each need code of their own; so many are kept. */
const maxCompiled = 4;

/** Worker threads with guests of the sizes that were asked for. A thread that leaves clean comes back; any other is ended and replaced. */
export class WorkerPool implements AsyncDisposable {
  readonly #options: WorkerPoolOptions;
  readonly #prelude: ReadonlyMap<string, string>;
  /** Compiled code by its memory maximum. */
  readonly #compiled = new Map<number, Promise<EngineModules>>();
  readonly #threads = new Set<WorkerThread>();
  readonly #idle: IdleThreads;
  /** A thread that is being started for whoever comes next. */
  #coming: { readonly size: GuestSize; readonly thread: Promise<WorkerThread> } | undefined;
  /** Guests that can make room, the one that waits the longest first. */
  readonly #parkable = new Map<WorkerThread, () => Promise<boolean>>();
  readonly #queue = new Set<Queued>();
  #relief: NodeJS.Timeout | undefined;
  #served = false;
  readonly #seed = randomBytes(16);
  #starting = 0;
  #started = 0;
  #disposed = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#prelude = new Map(options.prelude);
    this.#idle = new IdleThreads(options.idleMs, (thread) => void this.end(thread));
  }

  get engine(): EngineName {
    return this.#options.engine;
  }

  /** By name. */
  get prelude(): ReadonlyMap<string, string> {
    return this.#prelude;
  }

  /** How many threads live, at work and waiting. */
  get size(): number {
    return this.#threads.size;
  }

  get state(): WorkerPoolState {
    return { threads: this.#threads.size, waiting: this.#idle.size, queued: this.#queue.size, most: this.#options.maxAtOnce, mostWaiting: this.#options.maxIdle };
  }

  /** A thread in which a fresh guest waits already, if there is one. */
  takeReady(size: GuestSize): WorkerThread | undefined {
    return this.#takeIdle(size, (thread) => thread.isPrepared);
  }

  /** A thread in which a fresh guest waits. Rejects where the engine cannot be loaded. */
  async take(size: GuestSize): Promise<WorkerThread> {
    const thread = this.#takeIdle(size) ?? await (this.#takeComing(size) ?? this.#takeRoom(size) ?? this.#start(size)) ?? await this.#start(size);
    thread.hold();
    try {
      await thread.prepared;
      return thread;
    } catch (error) {
      await this.end(thread);
      throw error;
    }
  }

  /** Takes a thread back whose guest is gone, and hands it to whoever waits for one. */
  giveBack(thread: WorkerThread): void {
    thread.detach();
    this.#parkable.delete(thread);
    if (this.#disposed || thread.ended) {
      void this.end(thread);
      return;
    }
    for (const queued of this.#queue) {
      if (!sameSize(queued.size, thread.spec)) continue;
      this.#serve(queued, thread);
      return;
    }
    if (this.#idle.size >= this.#options.maxIdle) void this.end(thread);
    else this.#idle.add(thread);
  }

  /** Says that the guest in a thread waits, and how to have it make room; or, without `park`, that it waits no more. */
  waits(thread: WorkerThread, park: (() => Promise<boolean>) | undefined): void {
    this.#parkable.delete(thread);
    if (park === undefined) return;
    this.#parkable.set(thread, park);
    for (const { size } of this.#queue) if (sameSize(size, thread.spec)) return this.#park(size);
  }

  /** Has the guest that waits the longest make room. */
  #park(size: GuestSize): void {
    for (const [thread, park] of this.#parkable) {
      if (!sameSize(size, thread.spec)) continue;
      this.#parkable.delete(thread);
      void park().then((parked) => {
        if (!parked && this.#queue.size > 0) this.#park(size);
      });
      return;
    }
  }

  /** Where there are threads enough: one that becomes free within a while. More are made only then, so that no one waits for ever for another that waits for it. */
  #takeRoom(size: GuestSize): Promise<WorkerThread | undefined> | undefined {
    if (this.#threads.size + this.#starting < this.#options.maxAtOnce) return undefined;
    const { promise, resolve } = Promise.withResolvers<WorkerThread | undefined>();
    const queued: Queued = { size, served: resolve };
    this.#queue.add(queued);
    this.#relief ??= setInterval(() => this.#relieve(), patienceMs);
    this.#park(size);
    return promise;
  }

  #serve(queued: Queued, thread?: WorkerThread): void {
    this.#queue.delete(queued);
    this.#served = true;
    queued.served(thread);
    if (this.#queue.size > 0) return;
    clearInterval(this.#relief);
    this.#relief = undefined;
  }

  /** Where nobody was served for a while, whoever waits the longest gets a new thread. */
  #relieve(): void {
    const [queued] = this.#queue;
    if (!this.#served && queued !== undefined) this.#serve(queued);
    this.#served = false;
  }

  async end(thread: WorkerThread): Promise<void> {
    this.#idle.delete(thread);
    this.#parkable.delete(thread);
    await thread.end();
    if (!this.#threads.delete(thread)) return;
    const [queued] = this.#queue;
    if (queued !== undefined) this.#serve(queued);
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
    this.#idle[Symbol.dispose]();
    for (const queued of this.#queue) this.#serve(queued);
    await Promise.all([...this.#threads].map((thread) => this.end(thread)));
  }

  #takeIdle(size: GuestSize, fits: (thread: WorkerThread) => boolean = () => true): WorkerThread | undefined {
    for (const thread of this.#idle) {
      if (thread.ended) void this.end(thread);
      else if (sameSize(thread.spec, size) && fits(thread)) {
        this.#idle.delete(thread);
        return thread;
      }
    }
    return undefined;
  }

  #takeComing(size: GuestSize): Promise<WorkerThread> | undefined {
    const coming = this.#coming;
    if (coming === undefined || !sameSize(coming.size, size)) return undefined;
    this.#coming = undefined;
    return coming.thread;
  }

  async #start({ memoryBytes, stackBytes }: GuestSize): Promise<WorkerThread> {
    const { worker, engine, prelude } = this.#options;
    this.#starting += 1;
    const modules = await this.#compile(memoryBytes).finally(() => (this.#starting -= 1));
    if (this.#disposed) throw new AssassinError('cancelled', 'The program is closing; it makes no more sandboxes.');
    const thread = new WorkerThread(worker, { engine, modules, memoryBytes, stackBytes, prelude, seed: this.#seed }, ++this.#started, () => this.#threads.size - this.#idle.size <= 1);
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

function sameSize(a: GuestSize, b: GuestSize): boolean {
  return a.memoryBytes === b.memoryBytes && a.stackBytes === b.stackBytes;
}
