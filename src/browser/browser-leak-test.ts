import { setTimeout as sleep } from 'node:timers/promises';
import type { HostLeases } from '../run/host-leases.ts';
import type { Destruction, Leasable, LeaseHandle } from '../run/lease.ts';
import { newTemporaryPath } from '../run/temp-dir.ts';
import { AssassinError } from '../shared/errors.ts';
import { leakChannels, triedTitle } from './browser-leak-page.ts';
import { LeakListeners } from './browser-leak-listeners.ts';
import type { FoundBrowser } from './discovery.ts';
import { DrivenBrowser } from './driven-browser.ts';
import type { Screen } from './screen.ts';
import { within } from './within.ts';

export interface LeakTestResult {
  /** What the browser says of itself, for example `HeadlessChrome/156.0.8078.79`. */
  readonly version: string;
  /** Ways past the proxy that were found, by name. */
  readonly leaks: readonly string[];
  /** Ways that were tried. */
  readonly tried: number;
  readonly ms: number;
}

export interface LeakTestOptions {
  readonly browser: FoundBrowser;
  readonly leases: HostLeases;
  /** Where its windows are seen, for one that has some. */
  readonly screen?: Screen;
  readonly log: (level: 'debug' | 'info' | 'warn', message: string) => void;
  /** Flags that are left out, by name. Only to show that the test notices. */
  readonly without?: readonly string[];
}

/** Longest wait for the page to have tried everything, and the attempts that must have been seen: a page that did not run proves nothing. */
const doneMs = 20_000;
const fewestAttempts = 12;
/** So long nothing new may have come when the page has tried everything, and so long that is waited for at most. */
const quietMs = 300;
const quietWithinMs = 5000;

/**
 * Starts the browser as runs do, shows it a page that tries to get past the proxy to listeners on loopback, and tells what arrived there. The browser and what
 * it needs are leased from the program: a start after a crash sweeps them. Throws `browser-failed` where the browser does not start or the page does not run.
 */
export async function testForLeaks({ leases, ...options }: LeakTestOptions): Promise<LeakTestResult> {
  const began = performance.now();
  const folder = newTemporaryPath('b');
  await using lease = await leases.lease({ kind: 'browser', label: 'Browser in the self-test for leaks', identity: { path: folder } }, (handle) => LeakTest.start(options, folder, handle));
  const { version, leaks } = await lease.resource.run();
  const { verified, how } = await lease.release();
  if (!verified) throw new AssassinError('leftover', `The browser of the self-test could not be verified as gone: ${how}.`, { hint: 'The next start tries again.' });
  return { version, leaks, tried: leakChannels.length, ms: performance.now() - began };
}

class LeakTest implements Leasable {
  readonly #driven: DrivenBrowser;
  readonly #listeners: LeakListeners;

  static async start({ browser, screen, log, without = [] }: Omit<LeakTestOptions, 'leases'>, folder: string, handle: LeaseHandle): Promise<LeakTest> {
    const listeners = await LeakListeners.open();
    const driven = new DrivenBrowser({ browser, folder, lease: handle.id, proxyPort: listeners.proxyPort, identify: (identity) => handle.identify(identity), log, without, ...(screen === undefined ? {} : { screen }) });
    const test = new LeakTest(driven, listeners);
    try {
      await driven.launch(handle.signal);
      return test;
    } catch (error) {
      await test.destroy();
      throw error;
    }
  }

  private constructor(driven: DrivenBrowser, listeners: LeakListeners) {
    this.#driven = driven;
    this.#listeners = listeners;
  }

  async run(): Promise<Pick<LeakTestResult, 'version' | 'leaks'>> {
    const { leaks, refused, url, done } = this.#listeners;
    const work = async () => {
      const version = await this.#driven.browser.version();
      const page = await this.#driven.newPage();
      const shown = page.goto(url, { waitUntil: 'domcontentloaded', timeout: doneMs }).then(() => page.waitForFunction(`document.title === '${triedTitle}'`, { polling: 100, timeout: doneMs }));
      // The page says it twice: on a busy machine its request, or the news that it was loaded, now and then never comes.
      await Promise.race([done, shown]);
      await this.#quiet();
      return version;
    };
    const failed = () => this.#driven.failed('did not finish the self-test for leaks');
    const version = await within(work(), this.#driven.gone, doneMs, failed).catch((error: unknown) => {
      throw AssassinError.isInstance(error) ? error : failed();
    });
    if (new Set([...leaks, ...refused]).size < fewestAttempts) throw failed();
    return { version, leaks: [...leaks].toSorted() };
  }

  /** What was tried last may arrive late on a busy machine: as long as more comes, it is waited for. */
  async #quiet(): Promise<void> {
    const { leaks, refused } = this.#listeners;
    const latest = performance.now() + quietWithinMs;
    for (let seen = -1; seen !== leaks.size + refused.size && performance.now() < latest;) {
      seen = leaks.size + refused.size;
      await sleep(quietMs);
    }
  }

  async destroy(): Promise<Destruction> {
    const death = await this.#driven.destroy();
    await this.#listeners.close();
    return { verified: death.verified && !this.#listeners.open, how: `${death.how}; its listeners are ${this.#listeners.open ? 'open' : 'closed'}` };
  }
}
