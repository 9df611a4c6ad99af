import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page, Puppeteer, Target, Viewport } from 'puppeteer-core/internal/puppeteer-core-browser.js';
import { budgetExceeded } from '../run/budget.ts';
import type { Destruction, Leasable, Lease, LeaseHandle } from '../run/lease.ts';
import type { RunScope } from '../run/run-scope.ts';
import { removeTemporaryFolder } from '../run/temp-dir.ts';
import { AssassinError } from '../shared/errors.ts';
import { BrowserProcess, makeBrowserFolder } from './browser-process.ts';
import { UsageMeter } from './usage-meter.ts';
import type { FoundBrowser } from './discovery.ts';
import type { EgressProxy } from './egress-proxy.ts';
import { PageSession } from './page-session.ts';
import { within } from './within.ts';

export interface BrowserSessionOptions {
  readonly scope: RunScope;
  readonly handle: LeaseHandle;
  readonly browser: FoundBrowser;
  readonly folder: string;
  readonly proxy: Lease<EgressProxy>;
  readonly log: (level: 'debug' | 'info' | 'warn', message: string) => void;
}

/** Longest that the browser may take to answer for the first time, and to end when asked. */
const launchMs = 30_000;
const closeMs = 2000;
const newPageMs = 15_000;
/** Wait for the error output of a process that has ended. */
const lastWordsMs = 50;

export const defaultViewport: Viewport = { width: 1280, height: 800 };

/** A throwaway browser: one process group, one folder, one proxy, one run. */
export class BrowserSession implements Leasable {
  readonly #options: BrowserSessionOptions;
  readonly #end = new AbortController();
  readonly #signal: AbortSignal;
  readonly #usage: UsageMeter;
  #launching: Promise<void> | undefined;
  #process: BrowserProcess | undefined;
  #browser: Browser | undefined;
  #firstPage: Page | undefined;
  #pages = 0;
  #timer: NodeJS.Timeout | undefined;
  #destruction: Promise<Destruction> | undefined;

  constructor(options: BrowserSessionOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([options.handle.signal, options.proxy.resource.exhausted, this.#end.signal]);
    this.#usage = new UsageMeter(options.scope, options.handle.id);
  }

  /** Why the browser can no longer be used, `undefined` while it can. */
  get failure(): unknown {
    return this.#signal.aborted ? this.#signal.reason : undefined;
  }

  get proxy(): EgressProxy {
    return this.#options.proxy.resource;
  }

  /** Starts the process and waits until it answers. Throws `browser-failed`, or the reason why the run ended meanwhile; `destroy` cleans up in any case. */
  launch(): Promise<void> {
    return (this.#launching ??= this.#launch());
  }

  async openPage(id: string, viewport: Viewport = defaultViewport): Promise<PageSession> {
    const work = this.#newPage().then(async (page) => {
      await page.setViewport(viewport);
      return PageSession.attach({
        id, page, proxy: this.proxy, signal: this.#signal,
        log: (level, message) => this.#options.log(level, message),
        onClose: () => void this.#usage.sample(this.#process?.pid),
      });
    });
    const session = await within(work, this.#signal, newPageMs, () => this.#failed(`did not open a page within ${newPageMs} ms`));
    this.#pages += 1;
    return session;
  }

  destroy(): Promise<Destruction> {
    return (this.#destruction ??= this.#destroy());
  }

  async #launch(): Promise<void> {
    const { scope, handle, browser, folder, proxy, log } = this.#options;
    const seconds = scope.budget.left('browserSeconds');
    if (seconds <= 0) throw budgetExceeded('browserSeconds', scope.budget.limits.browserSeconds ?? 0);
    const loading = import('puppeteer-core/internal/puppeteer-core-browser.js');
    loading.catch(() => undefined);
    await makeBrowserFolder(folder);
    this.#signal.throwIfAborted();
    const root = process.platform === 'linux' && process.getuid?.() === 0;
    if (root) log('info', 'Chromium runs without its own sandbox because this program runs as root.');
    const started = await BrowserProcess.launch({ browser, folder, lease: handle.id, proxyPort: proxy.resource.port, platform: process.platform, root });
    this.#process = started;
    handle.identify({ pid: started.pid, ...(started.start === undefined ? {} : { pidStart: started.start }), path: folder });
    this.#usage.begin();
    if (Number.isFinite(seconds)) this.#timer = setTimeout(() => this.#end.abort(budgetExceeded('browserSeconds', scope.budget.limits.browserSeconds ?? seconds)), seconds * 1000);
    void started.exited.then(async (how) => {
      // What it said last may still be on its way.
      await sleep(lastWordsMs);
      this.#end.abort(this.#failed(`ended by itself (${how})`));
    });
    try {
      await within(this.#connect(started, loading), this.#signal, launchMs, () => this.#failed(`did not answer within ${launchMs} ms`));
    } catch (error) {
      if (AssassinError.isInstance(error)) throw error;
      // A broken pipe is seen before the process that broke it is known to have ended, and that says more.
      await sleep(2 * lastWordsMs);
      throw this.failure ?? this.#failed(`could not be driven: ${error instanceof Error ? error.message : String(error)}`);
    }
    log('debug', `${browser.path} was started as process ${started.pid} for the lease ${handle.id}.`);
  }

  async #connect({ transport }: BrowserProcess, loading: Promise<{ readonly default: Pick<Puppeteer, 'connect'> }>): Promise<void> {
    const { default: puppeteer } = await loading;
    this.#browser = await puppeteer.connect({ transport, defaultViewport: null, downloadBehavior: { policy: 'deny' }, acceptInsecureCerts: false });
    this.#browser.on('targetcreated', (target: Target) => void this.#onTarget(target));
    this.#firstPage = (await this.#browser.pages())[0];
  }

  async #newPage(): Promise<Page> {
    const first = this.#firstPage;
    this.#firstPage = undefined;
    if (first && !first.isClosed()) return first;
    if (!this.#browser) throw this.#failed('was not started');
    return this.#browser.newPage();
  }

  /** Windows that pages open by themselves are closed: nobody would see them, and each would cost a process. */
  async #onTarget(target: Target): Promise<void> {
    if (target.type() !== 'page' || target.opener() === undefined) return;
    this.#options.scope.log('warn', `A page opened a window by itself; it was closed (${target.url().slice(0, 200) || 'about:blank'}). Open its address with browser.open if it is wanted.`);
    await (await target.page().catch(() => null))?.close().catch(() => undefined);
  }

  #failed(what: string): AssassinError {
    const { browser } = this.#options;
    const words = this.#process?.lastWords ?? [];
    const noSandbox = words.some((line) => line.includes('No usable sandbox'));
    return new AssassinError('browser-failed', `The browser ${browser.path} ${what}.`, {
      hint: noSandbox
        ? 'This Linux does not let the browser build its sandbox. Install Chrome or Chromium as a package of the system, which brings a profile for that.'
        : 'Run it again; if it fails each time, name another browser.',
      data: { path: browser.path, lastWords: words },
    });
  }

  async #destroy(): Promise<Destruction> {
    const { folder, proxy } = this.#options;
    clearTimeout(this.#timer);
    // Whoever waits in a page hears of the run's end; without this a late launch would go on.
    this.#end.abort(new AssassinError('cancelled', 'The browser of this run has been destroyed.'));
    await this.#launching?.catch(() => undefined);
    await this.#usage.sample(this.#process?.pid);
    await this.#close();
    const death = this.#process === undefined ? { verified: true, how: 'no process was started' } : await this.#process.end();
    this.#usage.report(this.#pages);
    const removed = await removeTemporaryFolder(folder);
    await proxy.release();
    return {
      verified: death.verified && removed,
      how: `${death.how}; ${folder} with profile and temporary files ${removed ? 'does not exist' : 'could not be removed'}`,
    };
  }

  /** Asks the browser to end: faster than a signal, because it then takes its helpers along by itself. */
  async #close(): Promise<void> {
    const [browser, process] = [this.#browser, this.#process];
    if (!browser?.connected || !process) return;
    const asked = browser.close().catch(() => undefined);
    await Promise.race([asked.then(() => process.exited), sleep(closeMs, undefined, { ref: false })]);
  }
}
