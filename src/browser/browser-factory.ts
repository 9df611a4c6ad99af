import { systemResolver, type Resolver } from '../policy/egress.ts';
import type { Lease } from '../run/lease.ts';
import type { RunScope } from '../run/run-scope.ts';
import { newTemporaryPath } from '../run/temp-dir.ts';
import { BrowserSession } from './browser-session.ts';
import { findBrowser, type FoundBrowser } from './discovery.ts';
import { EgressProxy } from './egress-proxy.ts';

export interface BrowserFactoryOptions {
  /** The browser that the person named; discovered where absent. */
  readonly executablePath?: string;
  readonly log: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
  /** Injected so that a test can answer with a hostile DNS. */
  readonly resolver?: Resolver;
}

/** Makes throwaway browsers: each for one run, behind a proxy of its own, gone with the run at the latest. */
export class BrowserFactory {
  readonly #options: BrowserFactoryOptions;
  #found: FoundBrowser | undefined;

  constructor(options: BrowserFactoryOptions) {
    this.#options = options;
  }

  /** The browser that would be launched. Throws `browser-not-found`. A browser that was not there is looked for again next time. */
  find(): FoundBrowser {
    return (this.#found ??= findBrowser(this.#options.executablePath));
  }

  /**
   * Launches a browser for a run. Throws `denied` without the grant `browser`, `browser-not-found`, `browser-failed`, `budget-exceeded`, or the reason why
   * the run ended meanwhile; in each case nothing is left of the attempt.
   */
  async lease(scope: RunScope): Promise<Lease<BrowserSession>> {
    await scope.gate.check({ kind: 'browser' });
    const browser = this.find();
    const { log, resolver = systemResolver } = this.#options;
    const proxy = await scope.lease({ kind: 'proxy', label: 'Egress proxy' }, (handle) => EgressProxy.listen({ scope, handle, resolver, log }));
    const folder = newTemporaryPath('b');
    const lease = await scope.lease({ kind: 'browser', label: `Browser ${browser.path}`, identity: { path: folder } }, (handle) =>
      Promise.resolve(new BrowserSession({ scope, handle, browser, folder, proxy, log })));
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
