import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, BrowserContext, Page } from 'puppeteer-core/internal/puppeteer-core-browser.js';
import type { Destruction, Leasable } from '../run/lease.ts';
import { ProxyDoor } from './proxy-door.ts';
import { defaultViewport } from './viewport.ts';
import { within } from './within.ts';

/** Longest that a context may take to be gone after it was told to. */
const goneMs = 2000;

/** A context with an empty page, its own cookies, caches and storage, and its own way out: nothing that another context of the browser could use. */
export class PreparedContext implements Leasable {
  readonly context: BrowserContext;
  /** Through which everything of this context goes; whoever gets the context gets the port. Absent where the browser is not on this machine. */
  readonly door: ProxyDoor | undefined;
  #page: Page | undefined;
  #destruction: Promise<Destruction> | undefined;

  /** Behind a door of its own. Throws the reason of `gone` where the browser ends meanwhile: the library waits half a minute for the page of one that is no more. */
  static async make(browser: Pick<Browser, 'createBrowserContext'>, gone: AbortSignal): Promise<PreparedContext> {
    const door = await ProxyDoor.open();
    try {
      const make = async () => {
        // Chromium by itself bypasses any proxy for loopback and link-local addresses.
        const context = await browser.createBrowserContext({ proxyServer: `http://127.0.0.1:${door.port}`, proxyBypassList: ['<-loopback>'], downloadBehavior: { policy: 'deny' } });
        return new PreparedContext(context, await firstPage(context), door);
      };
      return await within(make(), gone, Number.POSITIVE_INFINITY, () => new Error('never late'));
    } catch (error) {
      await door.close();
      throw error;
    }
  }

  /** In a browser that goes its own ways. */
  static async makeOpen(browser: Browser): Promise<PreparedContext> {
    const context = await browser.createBrowserContext({ downloadBehavior: { policy: 'deny' } });
    return new PreparedContext(context, await firstPage(context), undefined);
  }

  private constructor(context: BrowserContext, page: Page, door: ProxyDoor | undefined) {
    this.context = context;
    this.door = door;
    this.#page = page;
  }

  async newPage(): Promise<Page> {
    const first = this.#page;
    this.#page = undefined;
    return first && !first.isClosed() ? first : this.context.newPage();
  }

  /** The context goes with its pages, workers and storage, and the browser is asked what is left of it. */
  destroy(): Promise<Destruction> {
    return (this.#destruction ??= this.#destroy());
  }

  async #destroy(): Promise<Destruction> {
    const { context } = this;
    // Whoever was handed its connections ends them.
    void this.door?.close();
    const browser = context.browser();
    if (!browser.connected) return { verified: true, how: 'the browser that held the context has ended' };
    const client = await browser.target().createCDPSession();
    try {
      // Not awaited alone: a browser that is stuck answers nothing.
      const closed = context.close().catch(() => undefined);
      await Promise.race([closed, sleep(goneMs, undefined, { ref: false })]);
      const left = async () => {
        const { browserContextIds } = await client.send('Target.getBrowserContexts');
        const { targetInfos } = await client.send('Target.getTargets');
        return { known: browserContextIds.includes(context.id ?? ''), targets: targetInfos.filter(({ browserContextId }) => browserContextId === context.id).length };
      };
      const end = performance.now() + goneMs;
      for (;;) {
        const { known, targets } = await Promise.race([left(), sleep(goneMs, { known: true, targets: -1 }, { ref: false })]);
        if (!known && targets === 0) return { verified: true, how: `the browser knows neither the context ${context.id} nor any page or worker of it` };
        if (performance.now() > end) return { verified: false, how: `the browser still has the context ${context.id} with ${targets < 0 ? 'it does not say what' : `${targets} targets`}` };
        await sleep(10);
      }
    } catch (error) {
      if (!browser.connected) return { verified: true, how: 'the browser that held the context has ended' };
      throw error;
    } finally {
      await client.detach().catch(() => undefined);
    }
  }
}

async function firstPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.setViewport(defaultViewport);
  return page;
}
