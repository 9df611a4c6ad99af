import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import puppeteer, { type Browser, type LaunchOptions } from 'puppeteer-core';
import { findBrowser } from '../../scripts/lib/chromium.mjs';
import { killTree } from '../../scripts/lib/run.mjs';
import { findBrowser as findProductBrowser } from '../../src/browser/discovery.ts';

/**
 * Without these, Chromium asks for hosts outside at every start, which a closed network refuses and a test must not depend on, and starts two
 * processes that wait for crashes to report.
 */
const quietFlags = [
  '--disable-gpu', '--disable-quic', '--no-first-run', '--no-default-browser-check', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage', '--disable-crash-reporter', '--lang=en-US',
];

const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** Longest that a browser may take to close when it is asked to. */
const closeMs = 10_000;

/** A folder for one browser: its profile, and what it keeps in temporary folders, which one that is killed leaves behind. */
export class BrowserFolder implements Disposable {
  // Short, because Chromium makes a socket some 45 characters further down, and a socket's path may have about 100.
  readonly #folder = mkdtempSync(join(tmpdir(), 'browser-'));
  readonly profile = join(this.#folder, 'profile');

  get env(): NodeJS.ProcessEnv {
    return { ...process.env, TMPDIR: this.#folder, TEMP: this.#folder, TMP: this.#folder };
  }

  /** To be called when the browser has ended; its helpers may still be at it. */
  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 15, retryDelay: 100 });
  }
}

/** As puppeteer takes them. */
export type Options = Omit<LaunchOptions, 'env' | 'pipe' | 'userDataDir'>;

/** A browser that a test drives by itself, without the product. Every test starts it here: what it leaves goes with its folder, also when it is killed. */
export class OwnBrowser implements AsyncDisposable {
  readonly browser: Browser;
  readonly #folder: BrowserFolder;

  private constructor(browser: Browser, folder: BrowserFolder) {
    this.browser = browser;
    this.#folder = folder;
  }

  /** The whole browser of this machine, quiet. */
  static async launch(options: Options = {}): Promise<OwnBrowser> {
    const executablePath = findBrowser();
    if (executablePath === undefined) throw new Error('No Chrome, Edge or Chromium was found. Run "npm run setup".');
    return await this.launchAs({ executablePath, args: [...quietFlags, ...asRoot], ...options });
  }

  /** The one that the product would take: where there is a headless shell, pages cost a fifth less in it, and are drawn by the same engine. */
  static async launchForPages(): Promise<OwnBrowser> {
    return await this.launch({ executablePath: findProductBrowser(undefined).path });
  }

  /** With these options and no others. */
  static async launchAs({ args = [], ...options }: Options): Promise<OwnBrowser> {
    using cleanup = new DisposableStack();
    const folder = cleanup.use(new BrowserFolder());
    const browser = await puppeteer.launch({ timeout: 90_000, protocolTimeout: 120_000, ...options, pipe: true, args: [...args, `--user-data-dir=${folder.profile}`], env: folder.env });
    cleanup.move();
    return new OwnBrowser(browser, folder);
  }

  /** Ends the browser, asked or killed: one that no longer answers must not keep the next file from its own. */
  async [Symbol.asyncDispose](): Promise<void> {
    const pid = this.browser.process()?.pid;
    await Promise.race([this.browser.close().catch(() => undefined), sleep(closeMs, undefined, { ref: false })]);
    if (pid !== undefined) killTree(pid);
    this.#folder[Symbol.dispose]();
  }
}
