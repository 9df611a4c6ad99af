import { existsSync } from 'node:fs';
import { systemResolver, type Resolver } from '../policy/egress.ts';
import type { Lease } from '../run/lease.ts';
import type { RunScope } from '../run/run-scope.ts';
import { newTemporaryPath } from '../run/temp-dir.ts';
import { listDownloads } from './browser-downloads.ts';
import type { BrowserGuard } from './browser-guard.ts';
import { BrowserPool, type BrowserPoolOptions } from './browser-pool.ts';
import { BrowserSession } from './browser-session.ts';
import { findBrowser, findWindowedBrowser, thisMachine, type FoundBrowser } from './discovery.ts';
import { DrivenBrowser } from './driven-browser.ts';
import { EgressProxy } from './egress-proxy.ts';
import { OwnBrowser } from './own-browser.ts';
import type { ProxyDoor } from './proxy-door.ts';
import type { Endpoint } from './remote-endpoint.ts';
import { findScreen, type Screen } from './screen.ts';

/** Whether a run gets a process for itself, or a context in one that runs share: quicker and smaller, behind a thinner wall. */
export const isolations = ['process', 'context'] as const;
export type Isolation = (typeof isolations)[number];

export interface BrowserFactoryOptions {
  /** The browser that the person named; discovered where absent. */
  readonly executablePath?: string;
  /** Without it each browser is launched when it is asked for, and belongs to one run alone. */
  readonly pool?: BrowserPoolOptions;
  /** For who does not say. */
  readonly isolation?: Isolation;
  readonly log: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
  /** Looks whether the browser is held by its proxy before a run gets it. */
  readonly guard?: BrowserGuard;
  /** The folder of browsers that a person has had downloaded. */
  readonly downloads?: string;
  /** Where a person sees windows; that of this computer where absent. */
  readonly screen?: Screen;
  /** Injected so that a test can answer with a hostile DNS. */
  readonly resolver?: Resolver;
}

/** Makes throwaway browsers: each for one run, behind a proxy of its own, gone with the run at the latest. */
export class BrowserFactory implements AsyncDisposable {
  readonly pool: BrowserPool | undefined;
  readonly isolation: Isolation;
  readonly #options: BrowserFactoryOptions;
  readonly #wanted = new WeakMap<RunScope, Isolation>();
  #found: FoundBrowser | undefined;

  constructor(options: BrowserFactoryOptions) {
    this.#options = options;
    this.isolation = options.isolation ?? 'process';
    this.pool = options.pool && new BrowserPool(options.pool, () => this.find(), options.log);
  }

  /** The browser that would be launched. Throws `browser-not-found`. A browser that was not there is looked for again next time. */
  find(): FoundBrowser {
    // One that was downloaded may have been removed meanwhile, by another window or on the command line.
    if (this.#found?.kept === false && !existsSync(this.#found.path)) this.#found = undefined;
    const { executablePath, downloads } = this.#options;
    return (this.#found ??= findBrowser(executablePath, thisMachine, downloads === undefined ? [] : listDownloads(downloads)));
  }

  /** The next one looks for a browser anew: one was downloaded or removed. */
  forget(): void {
    this.#found = undefined;
  }

  get guard(): BrowserGuard | undefined {
    return this.#options.guard;
  }

  /** What a run gets where its pages do not say themselves. */
  isolate(scope: RunScope, isolation: Isolation): void {
    this.#wanted.set(scope, isolation);
  }

  isolationOf(scope: RunScope): Isolation {
    return this.#wanted.get(scope) ?? this.isolation;
  }

  /**
   * A browser for a run, launched where none waits. Throws `denied` without the grant `browser`, `browser-not-found`, `browser-failed`, `budget-exceeded`, or
   * the reason why the run ended meanwhile; in each case nothing is left of the attempt.
   */
  async lease(scope: RunScope, isolation: Isolation = this.isolationOf(scope)): Promise<Lease<BrowserSession>> {
    await scope.gate.check({ kind: 'browser' });
    // Before anything is made for it; from its launch on, time is taken slice by slice.
    scope.budget.require('browserSeconds');
    const warning = await this.guard?.check(this.find());
    if (warning !== undefined) scope.log('warn', warning);
    const lease = await (isolation === 'context' && this.pool ? this.#share(scope, this.pool) : this.#own(scope));
    this.pool?.used();
    return this.#launched(lease);
  }

  /**
   * A context in a browser that runs elsewhere and is not ours to end. Throws `denied` without the grant `browser` of that place, and `browser-failed` where
   * nothing answers there.
   */
  async leaseRemote(scope: RunScope, endpoint: Endpoint): Promise<Lease<BrowserSession>> {
    await scope.gate.check({ kind: 'browser', endpoint: endpoint.origin });
    scope.budget.require('browserSeconds');
    const { RemoteContext } = await import('./remote-context.ts');
    const { log } = this.#options;
    scope.log('warn', `The pages open in the browser at ${endpoint.origin}. What they reach there, what it downloads and what it keeps cannot be seen or prevented from here.`);
    return this.#launched(await scope.lease({ kind: 'browser-context', label: `Context in the browser at ${endpoint.origin}` }, (handle) =>
      Promise.resolve(new BrowserSession({ scope, handle, place: new RemoteContext(endpoint), log }))));
  }

  /**
   * A browser with a window, for a person to use: a process of its own, as held as any other. Throws `browser-not-found`, `not-supported` where there is no
   * screen, and what `lease` throws.
   */
  async leaseVisible(scope: RunScope): Promise<Lease<BrowserSession>> {
    const { executablePath, downloads, log, screen = findScreen(thisMachine) } = this.#options;
    const browser = findWindowedBrowser(executablePath, thisMachine, downloads === undefined ? [] : listDownloads(downloads));
    await scope.gate.check({ kind: 'browser' });
    scope.budget.require('browserSeconds');
    const warning = await this.guard?.check(browser, screen);
    if (warning !== undefined) scope.log('warn', warning);
    const proxy = await this.#proxy(scope);
    const folder = newTemporaryPath('b');
    return this.#launched(await scope.lease({ kind: 'browser', label: `Browser ${browser.path} with a window`, identity: { path: folder } }, (handle) => {
      const driven = new DrivenBrowser({ browser, folder, lease: handle.id, proxyPort: proxy.resource.port, screen, identify: (identity) => handle.identify(identity), log });
      return Promise.resolve(new BrowserSession({ scope, handle, place: new OwnBrowser(driven), proxy, byPerson: true, log }));
    }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.pool?.[Symbol.asyncDispose]();
  }

  async #own(scope: RunScope): Promise<Lease<BrowserSession>> {
    const browser = this.find();
    const { log } = this.#options;
    const ready = this.pool?.take();
    if (ready) {
      try {
        const proxy = await this.#proxy(scope, ready.prepared.door);
        return await scope.lease({ kind: 'browser', label: `Browser ${browser.path}`, identity: ready.driven.identity }, (handle) => {
          ready.handOver();
          return Promise.resolve(new BrowserSession({ scope, handle, place: new OwnBrowser(ready.driven, ready.prepared), proxy, log }));
        });
      } catch (error) {
        // A run that ended in between never had it on record; the program still has.
        await ready.discard();
        throw error;
      }
    }
    const proxy = await this.#proxy(scope);
    const folder = newTemporaryPath('b');
    return scope.lease({ kind: 'browser', label: `Browser ${browser.path}`, identity: { path: folder } }, (handle) => {
      const driven = new DrivenBrowser({ browser, folder, lease: handle.id, proxyPort: proxy.resource.port, identify: (identity) => handle.identify(identity), log });
      return Promise.resolve(new BrowserSession({ scope, handle, place: new OwnBrowser(driven), proxy, log }));
    });
  }

  async #share(scope: RunScope, pool: BrowserPool): Promise<Lease<BrowserSession>> {
    const { log } = this.#options;
    const { place, prepared } = await pool.share();
    try {
      const proxy = await this.#proxy(scope, prepared.door);
      return await scope.lease({ kind: 'browser-context', label: `Context in the browser ${this.find().path}` }, (handle) =>
        Promise.resolve(new BrowserSession({ scope, handle, place, proxy, log })));
    } catch (error) {
      await place.destroy();
      throw error;
    }
  }

  #proxy(scope: RunScope, door?: ProxyDoor): Promise<Lease<EgressProxy>> {
    const { log, resolver = systemResolver } = this.#options;
    return scope.lease({ kind: 'proxy', label: 'Egress proxy' }, (handle) => EgressProxy.listen({ scope, handle, resolver, log, ...(door === undefined ? {} : { door }) }));
  }

  async #launched(lease: Lease<BrowserSession>): Promise<Lease<BrowserSession>> {
    try {
      // Launched as a resource that exists already: however far it gets, the lease destroys and verifies it.
      await lease.resource.launch();
      return lease;
    } catch (error) {
      await lease.release();
      throw error;
    }
  }
}
