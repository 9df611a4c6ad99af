import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page, Puppeteer } from 'puppeteer-core/internal/puppeteer-core-browser.js';
import type { Destruction, Leasable } from '../run/lease.ts';
import { removeTemporaryFolder } from '../run/temp-dir.ts';
import { AssassinError } from '../shared/errors.ts';
import type { LeaseIdentity } from '../shared/events.ts';
import { BrowserProcess, makeBrowserFolder } from './browser-process.ts';
import type { FoundBrowser } from './discovery.ts';
import type { Screen } from './screen.ts';
import { within } from './within.ts';

export interface DrivenBrowserOptions {
  readonly browser: FoundBrowser;
  readonly folder: string;
  readonly lease: string;
  /** The proxy of its first context; absent where each context is given one of its own. */
  readonly proxyPort?: number;
  /** Both: see LaunchPlan. */
  readonly screen?: Screen;
  readonly without?: readonly string[];
  readonly identify: (identity: LeaseIdentity) => void;
  readonly log: (level: 'debug' | 'info' | 'warn', message: string) => void;
}

/** Longest that the browser may take to answer for the first time, and to end when asked. */
const launchMs = 30_000;
const closeMs = 2000;
/** Wait for the error output of a process that has ended. */
const lastWordsMs = 50;

/** A browser process with its folder, and the connection that drives it. It knows nothing of runs: one of them may have it, or the pool. */
export class DrivenBrowser implements Leasable {
  readonly path: string;
  readonly #options: DrivenBrowserOptions;
  readonly #gone = new AbortController();
  #launching: Promise<void> | undefined;
  #process: BrowserProcess | undefined;
  #browser: Browser | undefined;
  #firstPage: Page | undefined;
  #destruction: Promise<Destruction> | undefined;

  constructor(options: DrivenBrowserOptions) {
    this.path = options.browser.path;
    this.#options = options;
  }

  /** Aborts with the reason when it has ended by itself, or is being destroyed. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** What a later start could find it by. */
  get identity(): LeaseIdentity {
    const { pid, start } = this.#process ?? {};
    return { path: this.#options.folder, ...(pid === undefined ? {} : { pid }), ...(start === undefined ? {} : { pidStart: start }) };
  }

  /** Throws `browser-failed` before it was launched. */
  get browser(): Browser {
    if (!this.#browser) throw this.failed('was not started');
    return this.#browser;
  }

  /** Starts the process and waits until it answers. Throws `browser-failed`, or the reason of `signal`; `destroy` cleans up in any case. */
  launch(signal: AbortSignal): Promise<void> {
    return (this.#launching ??= this.#launch(AbortSignal.any([signal, this.#gone.signal])));
  }

  /** A page of the first context: the one that it came with, then new ones. */
  async newPage(): Promise<Page> {
    const first = this.#firstPage;
    this.#firstPage = undefined;
    return first && !first.isClosed() ? first : this.browser.newPage();
  }

  failed(what: string): AssassinError {
    const words = this.#process?.lastWords ?? [];
    const noSandbox = words.some((line) => line.includes('No usable sandbox'));
    return new AssassinError('browser-failed', `The browser ${this.path} ${what}.`, {
      hint: noSandbox
        ? 'This Linux does not let the browser build its sandbox. Install Chrome or Chromium as a package of the system, which brings a profile for that.'
        : 'Run it again; if it fails each time, name another browser.',
      data: { path: this.path, lastWords: words },
    });
  }

  destroy(): Promise<Destruction> {
    return (this.#destruction ??= this.#destroy());
  }

  async #launch(signal: AbortSignal): Promise<void> {
    const { browser, folder, lease, proxyPort, screen, without = [], identify, log } = this.#options;
    // A run may end between the lease of its browser and the launch: what is made after the destruction would be removed by nobody.
    signal.throwIfAborted();
    const loading = import('puppeteer-core/internal/puppeteer-core-browser.js');
    loading.catch(() => undefined);
    await makeBrowserFolder(folder);
    signal.throwIfAborted();
    const root = process.platform === 'linux' && process.getuid?.() === 0;
    if (root) log('info', 'Chromium runs without its own sandbox because this program runs as root.');
    const started = await BrowserProcess.launch({ browser, folder, lease, platform: process.platform, root, without, ...(proxyPort === undefined ? {} : { proxyPort }), ...(screen === undefined ? {} : { screen }) });
    this.#process = started;
    identify(this.identity);
    void started.exited.then(async (how) => {
      // What it said last may still be on its way.
      await sleep(lastWordsMs);
      this.#gone.abort(this.failed(`ended by itself (${how})`));
    });
    try {
      await within(this.#connect(started, loading), signal, launchMs, () => this.failed(`did not answer within ${launchMs} ms`));
    } catch (error) {
      if (AssassinError.isInstance(error)) throw error;
      // A broken pipe is seen before the process that broke it is known to have ended, and that says more.
      await sleep(2 * lastWordsMs);
      signal.throwIfAborted();
      throw this.failed(`could not be driven: ${error instanceof Error ? error.message : String(error)}`);
    }
    log('debug', `${browser.path} was started as process ${started.pid} for the lease ${lease}.`);
  }

  async #connect({ transport }: BrowserProcess, loading: Promise<{ readonly default: Pick<Puppeteer, 'connect'> }>): Promise<void> {
    const { default: puppeteer } = await loading;
    this.#browser = await puppeteer.connect({ transport, defaultViewport: null, downloadBehavior: { policy: 'deny' }, acceptInsecureCerts: false });
    this.#firstPage = (await this.#browser.pages())[0];
  }

  async #destroy(): Promise<Destruction> {
    const { folder } = this.#options;
    // Whoever waits in a page hears of the end; without this a late launch would go on.
    this.#gone.abort(new AssassinError('cancelled', 'The browser has been destroyed.'));
    await this.#launching?.catch(() => undefined);
    await this.#close();
    const death = this.#process === undefined ? { verified: true, how: 'no process was started' } : await this.#process.end();
    const removed = await removeTemporaryFolder(folder);
    return {
      verified: death.verified && removed,
      how: `${death.how}; ${folder} with profile and temporary files ${removed ? 'does not exist' : 'could not be removed'}`,
    };
  }

  /**
   * Asks the browser to end, so that it takes along by itself what only it knows of. Not on Linux: there the group and the folder hold all that it has, and
   * the kernel is twice as quick as a browser that tidies a profile which is removed anyway.
   */
  async #close(): Promise<void> {
    if (process.platform === 'linux') return this.#browser?.disconnect();
    const [browser, started] = [this.#browser, this.#process];
    if (!browser?.connected || !started) return;
    const asked = browser.close().catch(() => undefined);
    await Promise.race([asked.then(() => started.exited), sleep(closeMs, undefined, { ref: false })]);
  }
}
