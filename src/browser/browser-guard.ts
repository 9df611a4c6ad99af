import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import type { HostLeases } from '../run/host-leases.ts';
import { AssassinError } from '../shared/errors.ts';
import type { BrowserCheck, BrowserChecks } from '../store/browser-checks.ts';
import type { FoundBrowser } from './discovery.ts';
import { launchFlags } from './launch-flags.ts';
import type { Screen } from './screen.ts';

export const allowLeaksSetting = 'infrastructureAssassin.browser.allowLeaks';
export const allowLeaksVariable = 'ASSASSIN_BROWSER_ALLOW_LEAKS';

export interface BrowserGuardOptions {
  readonly leases: HostLeases;
  readonly checks: BrowserChecks;
  /** The person has said that a browser which leaks may be used all the same. */
  readonly allowLeaks?: boolean;
  readonly log: (level: 'debug' | 'info' | 'warn', message: string) => void;
  /** See LaunchPlan; only to show that leaks are found and refused. */
  readonly without?: readonly string[];
}

/**
 * Lets a browser be used only where its pages were seen to be held by the proxy. Flags mean different things to different browsers and versions, so each
 * program is tested once with the flags that runs give it, and again when it, the flags or the platform have changed.
 */
export class BrowserGuard {
  readonly #options: BrowserGuardOptions;
  readonly #testing = new Map<string, Promise<BrowserCheck>>();

  constructor(options: BrowserGuardOptions) {
    this.#options = options;
  }

  /** The last result for this program as it is now, `undefined` where it was not tested yet. */
  known(browser: FoundBrowser, screen?: Screen): BrowserCheck | undefined {
    return this.#options.checks.find(this.#keyOf(browser, screen));
  }

  /** Tests again, whatever is known. Throws `browser-failed` where the test could not be carried out; then nothing is kept. */
  async test(browser: FoundBrowser, screen?: Screen): Promise<BrowserCheck> {
    const { leases, checks, log, without = [] } = this.#options;
    const key = this.#keyOf(browser, screen);
    const { testForLeaks } = await import('./browser-leak-test.ts');
    const attempt = () => testForLeaks({ browser, leases, log, without, ...(screen === undefined ? {} : { screen }) });
    // A machine that is busy may not let the browser finish once. That it does not finish twice says something of the browser.
    const result = await attempt().catch((error: unknown) => {
      if (!AssassinError.isInstance(error) || error.code !== 'browser-failed') throw error;
      log('info', `${error.message} It is tested once more.`);
      return attempt();
    });
    const check = { key, path: browser.path, at: Date.now(), ...result };
    checks.keep(check);
    return check;
  }

  /** Throws `denied` where the browser leaks and nobody has allowed that, and what `test` throws. Gives the warning where it was allowed. */
  async check(browser: FoundBrowser, screen?: Screen): Promise<string | undefined> {
    const { leaks } = this.known(browser, screen) ?? (await this.#testOnce(browser, screen));
    if (leaks.length === 0) return undefined;
    const what = `The browser ${browser.path} gets past the egress proxy: ${leaks.join(', ')}`;
    if (this.#options.allowLeaks === true) return `${what}. It is used because the settings allow it; its pages can reach what was not granted.`;
    throw new AssassinError('denied', `${what}. No run may have it.`, {
      hint: `Name another browser, or update it and run "infrastructure-assassin browser check". To use it all the same, set ${allowLeaksSetting} to true (${allowLeaksVariable}=1 on the command line).`,
      data: { action: 'browser', path: browser.path, leaks },
    });
  }

  /** Runs that start at the same time share one test. */
  #testOnce(browser: FoundBrowser, screen: Screen | undefined): Promise<BrowserCheck> {
    const key = this.#keyOf(browser, screen);
    let testing = this.#testing.get(key);
    if (testing === undefined) {
      this.#testing.set(key, (testing = this.test(browser, screen)));
      void testing.catch(() => undefined).finally(() => this.#testing.delete(key));
    }
    return testing;
  }

  /** Everything that the result depends on. The file stands for the version: asking the program for it would start a process for each run. */
  #keyOf(browser: FoundBrowser, screen: Screen | undefined): string {
    const { size = 0, mtimeMs = 0 } = statSync(browser.path, { throwIfNoEntry: false }) ?? {};
    const { platform, arch } = process;
    const root = platform === 'linux' && process.getuid?.() === 0;
    const flags = launchFlags({ browser, folder: '', lease: '', proxyPort: 0, platform, root, ...(screen === undefined ? {} : { screen }), ...(this.#options.without === undefined ? {} : { without: this.#options.without }) });
    return createHash('sha256').update(JSON.stringify([browser.path, size, mtimeMs, platform, arch, flags])).digest('hex');
  }
}
