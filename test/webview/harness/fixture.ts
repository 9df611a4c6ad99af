import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser } from 'puppeteer-core';
import { findBrowser } from '../../../scripts/lib/chromium.mjs';
import { RunStore } from '../../../src/store/run-store.ts';
import { historyOf } from './history.ts';
import { PanelPage, type PanelPageOptions } from './panel-page.ts';
import { servePanel, type PageServer } from './page-server.ts';

const quietFlags = ['--disable-gpu', '--disable-background-networking', '--disable-component-update', '--no-first-run', '--disable-dev-shm-usage', '--lang=en-US'];

/** One browser, one store and one server of the page for the tests of a file. */
export class PanelFixture implements AsyncDisposable {
  readonly store: RunStore;
  readonly workspace: string;
  readonly #browser: Browser;
  readonly #server: PageServer;
  readonly #directory: string;

  static async create(): Promise<PanelFixture> {
    const executablePath = findBrowser();
    if (executablePath === undefined) throw new Error('No Chrome, Edge or Chromium was found. Run "npm run setup".');
    const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const [server, browser] = await Promise.all([servePanel(), puppeteer.launch({ executablePath, pipe: true, args: [...quietFlags, ...asRoot] })]);
    return new PanelFixture(server, browser);
  }

  private constructor(server: PageServer, browser: Browser) {
    this.#server = server;
    this.#browser = browser;
    this.#directory = mkdtempSync(join(tmpdir(), 'test-panel-'));
    this.workspace = join(this.#directory, 'workspace');
    this.store = new RunStore(join(this.#directory, 'data'));
  }

  open(options: Partial<PanelPageOptions> = {}): Promise<PanelPage> {
    return PanelPage.open({ browser: this.#browser, url: this.#server.url, history: historyOf(this.store), workspace: this.workspace, ...options });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    await this.#server[Symbol.asyncDispose]();
    this.store[Symbol.dispose]();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
