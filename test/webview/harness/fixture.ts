import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunStore } from '../../../src/store/run-store.ts';
import { OwnBrowser } from '../../helpers/own-browser.ts';
import { historyOf } from './history.ts';
import { PanelPage, type PanelPageOptions } from './panel-page.ts';
import { servePanel, type PageServer } from './page-server.ts';

/** One browser, one store and one server of the page for the tests of a file. */
export class PanelFixture implements AsyncDisposable {
  readonly store: RunStore;
  readonly workspace: string;
  readonly #browser: OwnBrowser;
  readonly #server: PageServer;
  readonly #directory: string;

  /** `whole`: in the whole browser of this machine, also where there is a smaller one. */
  static async create({ whole = false } = {}): Promise<PanelFixture> {
    await using cleanup = new AsyncDisposableStack();
    const server = cleanup.use(await servePanel());
    const browser = cleanup.use(await (whole ? OwnBrowser.launch() : OwnBrowser.launchForPages()));
    cleanup.move();
    return new PanelFixture(server, browser);
  }

  private constructor(server: PageServer, browser: OwnBrowser) {
    this.#server = server;
    this.#browser = browser;
    this.#directory = mkdtempSync(join(tmpdir(), 'test-panel-'));
    this.workspace = join(this.#directory, 'workspace');
    this.store = new RunStore(join(this.#directory, 'data'));
  }

  open(options: Partial<PanelPageOptions> = {}): Promise<PanelPage> {
    return PanelPage.open({ browser: this.#browser.browser, url: this.#server.url, history: historyOf(this.store), workspace: this.workspace, ...options });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser[Symbol.asyncDispose]();
    await this.#server[Symbol.asyncDispose]();
    this.store[Symbol.dispose]();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
