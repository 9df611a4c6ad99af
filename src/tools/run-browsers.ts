import type { Page, Viewport } from 'puppeteer-core/internal/puppeteer-core-browser.js';
import type { BrowserFactory, Isolation } from '../browser/browser-factory.ts';
import type { BrowserSession } from '../browser/browser-session.ts';
import { maxPages, PageIds } from '../browser/page-ids.ts';
import type { PageSession } from '../browser/page-session.ts';
import type { Endpoint } from '../browser/remote-endpoint.ts';
import type { Lease } from '../run/lease.ts';
import type { RunScope } from '../run/run-scope.ts';
import { AssassinError } from '../shared/errors.ts';

/** Which browser a page is to be opened in. */
export interface WantedBrowser {
  /** As the settings say where absent. */
  readonly isolation?: Isolation;
  /** One that runs elsewhere. */
  readonly remote?: Endpoint;
}

interface Held {
  lease?: Promise<Lease<BrowserSession>>;
  launching?: Promise<Lease<BrowserSession>> | undefined;
}

/** The browsers of one run, each launched when the first page is opened in it: one, unless pages ask for different ones. */
export class RunBrowser {
  readonly #factory: BrowserFactory;
  readonly #scope: RunScope;
  readonly #pages = new Map<string, PageSession>();
  readonly #held = new Map<string, Held>();
  /** Of the whole run: an id from before a page was closed, or before the browser died, fails instead of meaning another page. */
  readonly #ids = new PageIds(() => this.pages().length);

  constructor(factory: BrowserFactory, scope: RunScope) {
    this.#factory = factory;
    this.#scope = scope;
  }

  /** The live browser of that kind; a new one where the last has died. */
  async session({ isolation = this.#factory.isolationOf(this.#scope), remote }: WantedBrowser = {}): Promise<BrowserSession> {
    const key = remote?.url.href ?? isolation;
    const held = this.#held.get(key) ?? {};
    this.#held.set(key, held);
    const previous = await held.lease?.catch(() => undefined);
    if (!previous || previous.resource.failure !== undefined) {
      await previous?.release();
      // Two calls at once must share one launch: whoever comes second finds the promise of the first.
      held.lease = held.launching ??= (remote === undefined ? this.#factory.lease(this.#scope, isolation) : this.#factory.leaseRemote(this.#scope, remote)).finally(() => (held.launching = undefined));
    }
    const session = (await held.lease!).resource;
    session.windows ??= { nextId: () => this.#ids.next(), opened: (page, opener) => this.#openedWindow(page, opener), lost: (id) => this.#ids.settled(id) };
    return session;
  }

  #openedWindow(page: PageSession, opener: Page | undefined): void {
    this.#pages.set(page.id, page);
    this.#ids.settled(page.id);
    for (const each of this.#pages.values()) if (each.page === opener) each.popups.push(page.id);
    this.#scope.log('info', `A page opened a window by itself: ${page.id} (${page.page.url().slice(0, 200) || 'about:blank'}).`);
  }

  /** All open pages, in the order in which they came. */
  pages(): readonly PageSession[] {
    return [...this.#pages.values()].filter(({ page }) => !page.isClosed());
  }

  async openPage(viewport: Viewport | undefined, wanted?: WantedBrowser): Promise<PageSession> {
    const id = this.#ids.next();
    if (id === undefined) throw new AssassinError('page-failed', `This run already has ${maxPages} pages open.`, { hint: 'Close pages that are no longer needed with page.close.' });
    try {
      const session = await this.session(wanted);
      const page = await session.openPage(id, viewport);
      this.#pages.set(id, page);
      return page;
    } finally {
      this.#ids.settled(id);
    }
  }

  page(id: string): PageSession {
    const page = this.#pages.get(id);
    if (page === undefined) {
      const open = [...this.#pages.keys()];
      throw new AssassinError('page-failed', `This run has no open page "${id}".`, { hint: open.length > 0 ? `Open pages: ${open.join(', ')}.` : 'Open one with browser.open.', data: { page: id } });
    }
    page.check();
    return page;
  }

  /** Where an open page is now. */
  address(id: string): string | undefined {
    return this.#pages.get(id)?.page.url();
  }

  async close(id: string): Promise<void> {
    const page = this.page(id);
    this.#pages.delete(id);
    await page.close();
  }
}

/** The browsers of all runs; a run that is gone takes its entry with it. */
export class RunBrowsers {
  readonly #factory: BrowserFactory;
  readonly #byRun = new WeakMap<RunScope, RunBrowser>();

  constructor(factory: BrowserFactory) {
    this.#factory = factory;
  }

  of(scope: RunScope): RunBrowser {
    let browser = this.#byRun.get(scope);
    if (!browser) this.#byRun.set(scope, (browser = new RunBrowser(this.#factory, scope)));
    return browser;
  }
}
