import { setTimeout as sleep } from 'node:timers/promises';
import type { HostLeases, HostLease } from '../run/host-leases.ts';
import { newTemporaryPath } from '../run/temp-dir.ts';
import { AssassinError, describeError } from '../shared/errors.ts';
import type { FoundBrowser } from './discovery.ts';
import { DrivenBrowser } from './driven-browser.ts';
import { PreparedContext } from './prepared-context.ts';
import { SharedContext } from './shared-context.ts';

export const keepReadyWords = ['never', 'auto', 'always'] as const;
export type KeepReady = (typeof keepReadyWords)[number];

export interface BrowserPoolOptions {
  readonly leases: HostLeases;
  /** When browsers wait for runs: never; for a while after a run had one; as long as the program lives. */
  readonly keepReady: KeepReady;
  /** Browsers that wait at a time. */
  readonly ceiling: number;
  /** Milliseconds after which a browser that nobody wanted ends, with `auto`. */
  readonly idleMs: number;
  /** Milliseconds after which a process serves nobody new. */
  readonly maxAgeMs: number;
  /** Contexts that a shared process has had when it serves nobody new. */
  readonly maxUses: number;
  /** Contexts in one shared process at a time; whoever comes next gets another process. */
  readonly maxContexts: number;
}

export const defaultPool: Omit<BrowserPoolOptions, 'leases'> = { keepReady: 'never', ceiling: 1, idleMs: 2 * 60_000, maxAgeMs: 15 * 60_000, maxUses: 100, maxContexts: 20 };

/** Longest that the end of the program waits for contexts that are being made. */
const madeMs = 1000;

/** A launch just after another one was taken would slow the page that was asked for. */
const refillMs = 500;

/** A browser that waits, with a context whose page is open already. */
export interface ReadyBrowser {
  readonly driven: DrivenBrowser;
  readonly prepared: PreparedContext;
  /** Once the run has the browser on record as its own. */
  readonly handOver: () => void;
  readonly discard: () => Promise<unknown>;
}

interface Kept {
  readonly lease: HostLease<DrivenBrowser>;
  readonly since: number;
}

interface Waiting extends Kept {
  readonly prepared: PreparedContext;
}

interface Shared extends Kept {
  uses: number;
  users: number;
  idle: NodeJS.Timeout | undefined;
}

export interface PoolState {
  readonly ready: number;
  readonly shared: number;
  readonly contexts: number;
  readonly keepReady: KeepReady;
  readonly ceiling: number;
}

/** Browsers of the program: some that wait for a run to make them its own, and processes in which runs share. All of them end with it. */
export class BrowserPool implements AsyncDisposable {
  readonly #options: BrowserPoolOptions;
  readonly #find: () => FoundBrowser;
  readonly #log: (level: 'debug' | 'info' | 'warn', message: string) => void;
  readonly #ready: Waiting[] = [];
  readonly #shared = new Set<Shared>();
  readonly #endings = new Set<Promise<unknown>>();
  readonly #contexts = new Set<Promise<PreparedContext>>();
  #filling: Promise<void> | undefined;
  #sharing: Promise<Shared> | undefined;
  #refill: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: BrowserPoolOptions, find: () => FoundBrowser, log: (level: 'debug' | 'info' | 'warn', message: string) => void) {
    this.#options = options;
    this.#find = find;
    this.#log = log;
    if (options.keepReady === 'always') this.#fillSoon(0);
  }

  get state(): PoolState {
    const { keepReady, ceiling } = this.#options;
    return { keepReady, ceiling, ready: this.#ready.length, shared: this.#shared.size, contexts: [...this.#shared].reduce((sum, { users }) => sum + users, 0) };
  }

  /** A browser for one run alone, `undefined` where none waits. */
  take(): ReadyBrowser | undefined {
    for (let kept = this.#ready.pop(); kept; kept = this.#ready.pop()) {
      if (!this.#usable(kept)) {
        this.#end(kept);
        continue;
      }
      const { lease, prepared } = kept;
      return { driven: lease.resource, prepared, handOver: () => lease.handOver(), discard: () => lease.release() };
    }
    return undefined;
  }

  /** A run had a browser: with `auto`, the next one is likely to want one too. */
  used(): void {
    if (this.#closed || this.#options.keepReady === 'never') return;
    this.#fillSoon(refillMs);
    this.#restartIdle();
  }

  /** A context in a process that others use too. Throws `browser-not-found` and `browser-failed`. */
  async share(): Promise<{ readonly place: SharedContext; readonly prepared: PreparedContext }> {
    const shared = await this.#join();
    try {
      const { browser, gone } = shared.lease.resource;
      const prepared = await this.#making(PreparedContext.make(browser, gone));
      return { prepared, place: new SharedContext(shared.lease.resource, prepared, () => this.#leave(shared)) };
    } catch (error) {
      this.#leave(shared);
      throw error;
    }
  }

  /** Resolves when as many browsers wait as may. Throws nothing: one that cannot be launched is told to whoever asks for it next. */
  async fill(): Promise<void> {
    this.#filling ??= this.#fill().finally(() => (this.#filling = undefined));
    await this.#filling;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    clearTimeout(this.#refill);
    await this.#filling;
    await this.#sharing?.catch(() => undefined);
    await Promise.race([Promise.allSettled(this.#contexts), sleep(madeMs, undefined, { ref: false })]);
    this.#drain();
    for (const shared of this.#shared) this.#retire(shared);
    await Promise.all(this.#endings);
  }

  #usable({ lease: { resource }, since }: Kept): boolean {
    return !resource.gone.aborted && performance.now() - since < this.#options.maxAgeMs && resource.path === this.#find().path;
  }

  /** Browsers that wait end when no run has wanted one for the idle time, which begins again here. */
  #restartIdle(): void {
    if (this.#options.keepReady === 'always') return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#drain(), this.#options.idleMs);
    this.#idle.unref();
  }

  #fillSoon(ms: number): void {
    clearTimeout(this.#refill);
    this.#refill = setTimeout(() => void this.fill(), ms);
    this.#refill.unref();
  }

  async #fill(): Promise<void> {
    for (const kept of this.#ready.splice(0)) {
      if (this.#usable(kept)) this.#ready.push(kept);
      else this.#end(kept);
    }
    while (!this.#closed && this.#ready.length < this.#options.ceiling) {
      try {
        const lease = await this.#launch('Browser that waits for a run');
        try {
          const prepared = await PreparedContext.make(lease.resource.browser, lease.resource.gone);
          this.#ready.push({ lease, since: performance.now(), prepared });
          // Also one that was asked for before the last time ran out must not wait for ever.
          this.#restartIdle();
          // One that dies while it waits is taken off the list and out of the record at once.
          lease.resource.gone.addEventListener('abort', () => this.#dropDead(lease), { once: true });
        } catch (error) {
          await lease.release();
          throw error;
        }
      } catch (error) {
        this.#log('debug', `No browser could be made ready: ${describeError(error)}`);
        return;
      }
    }
  }

  #dropDead(lease: HostLease<DrivenBrowser>): void {
    const at = this.#ready.findIndex((kept) => kept.lease === lease);
    if (at >= 0) this.#end(this.#ready.splice(at, 1)[0]!);
  }

  async #launch(label: string): Promise<HostLease<DrivenBrowser>> {
    const { leases } = this.#options;
    // What is launched after the program has begun to end would be ended by nobody.
    if (this.#closed) throw new AssassinError('cancelled', 'The program is ending; it starts no browser any more.');
    const browser = this.#find();
    const folder = newTemporaryPath('b');
    return leases.lease({ kind: 'browser', label, identity: { path: folder } }, async (handle) => {
      const driven = new DrivenBrowser({ browser, folder, lease: handle.id, identify: (identity) => handle.identify(identity), log: this.#log });
      try {
        await driven.launch(handle.signal);
        return driven;
      } catch (error) {
        await driven.destroy();
        throw error;
      }
    });
  }

  async #join(): Promise<Shared> {
    const { maxUses, maxContexts } = this.#options;
    const free = () => [...this.#shared].find((shared) => shared.users < maxContexts && shared.uses < maxUses && this.#usable(shared));
    let shared = free();
    // Many who come at once share one launch; those that it has no place for cause the next.
    while (shared === undefined) {
      await (this.#sharing ??= this.#newShared().finally(() => (this.#sharing = undefined)));
      shared = free();
    }
    shared.users += 1;
    shared.uses += 1;
    clearTimeout(shared.idle);
    return shared;
  }

  async #newShared(): Promise<Shared> {
    const shared: Shared = { lease: await this.#launch('Browser that runs share'), since: performance.now(), uses: 0, users: 0, idle: undefined };
    this.#shared.add(shared);
    shared.lease.resource.gone.addEventListener('abort', () => this.#retire(shared), { once: true });
    return shared;
  }

  #leave(shared: Shared): void {
    shared.users -= 1;
    if (shared.users > 0) return;
    if (this.#closed || shared.uses >= this.#options.maxUses || !this.#usable(shared)) return this.#retire(shared);
    shared.idle = setTimeout(() => this.#retire(shared), this.#options.keepReady === 'never' ? 0 : this.#options.idleMs);
    shared.idle.unref();
  }

  #retire(shared: Shared): void {
    clearTimeout(shared.idle);
    if (this.#shared.delete(shared)) this.#track(shared.lease.release());
  }

  /** A context on its way is waited for before its browser is ended: otherwise the library would wait half a minute for its page. */
  #making(work: Promise<PreparedContext>): Promise<PreparedContext> {
    this.#contexts.add(work);
    const made = () => void this.#contexts.delete(work);
    work.then(made, made);
    return work;
  }

  #drain(): void {
    clearTimeout(this.#refill);
    for (const kept of this.#ready.splice(0)) this.#end(kept);
  }

  #end({ lease, prepared }: Waiting): void {
    this.#track(lease.release().then(() => prepared.door?.close()));
  }

  #track(ending: Promise<unknown>): void {
    this.#endings.add(ending);
    void ending.finally(() => this.#endings.delete(ending));
  }
}
