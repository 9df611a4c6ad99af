import type { Page, Target, Viewport } from 'puppeteer-core/internal/puppeteer-core-browser.js';
import type { Destruction, Leasable, Lease, LeaseHandle } from '../run/lease.ts';
import type { RunScope } from '../run/run-scope.ts';
import { TimeSlices } from '../run/time-slices.ts';
import { AssassinError } from '../shared/errors.ts';
import type { BrowserPlace } from './browser-place.ts';
import type { EgressProxy } from './egress-proxy.ts';
import { openEgress, type PageEgress } from './page-egress.ts';
import { PageSession } from './page-session.ts';
import { UsageMeter } from './usage-meter.ts';
import { defaultViewport } from './viewport.ts';
import type { WindowKeeper } from './window-keeper.ts';
import { within } from './within.ts';

export interface BrowserSessionOptions {
  readonly scope: RunScope;
  readonly handle: LeaseHandle;
  readonly place: BrowserPlace;
  /** Absent where the browser is not on this machine. */
  readonly proxy?: Lease<EgressProxy>;
  /** A person uses its pages, in a window that he sees. */
  readonly byPerson?: boolean;
  readonly log: (level: 'debug' | 'info' | 'warn', message: string) => void;
}

const newPageMs = 15_000;
/** Browser-seconds are taken from the budget in these, each before it begins: several browsers at once use no more than one after the other. */
const sliceMs = 1000;

/** The pages of one run in one browser, until the run ends or the browser does. */
export class BrowserSession implements Leasable {
  /** Who takes over windows that pages open by themselves. Without it, or where it has no id for one, they are closed: nobody would see them. */
  windows: WindowKeeper | undefined;
  readonly #options: BrowserSessionOptions;
  readonly #end = new AbortController();
  readonly #signal: AbortSignal;
  readonly #usage: UsageMeter;
  #launching: Promise<void> | undefined;
  #pages = 0;
  readonly #seconds: TimeSlices;
  #destruction: Promise<Destruction> | undefined;

  constructor(options: BrowserSessionOptions) {
    this.#options = options;
    const { handle, place, proxy } = options;
    this.#signal = AbortSignal.any([handle.signal, this.#end.signal, place.gone, ...(proxy === undefined ? [] : [proxy.resource.exhausted])]);
    this.#usage = new UsageMeter(options.scope, handle.id);
    this.#seconds = new TimeSlices({ from: options.scope.budget, kind: 'browserSeconds', unitMs: 1000, sliceMs, onOver: (error) => this.#end.abort(error) });
  }

  /** Why the browser can no longer be used, `undefined` while it can. */
  get failure(): unknown {
    return this.#signal.aborted ? this.#signal.reason : undefined;
  }

  /** Aborts when the browser can no longer be used. */
  get ended(): AbortSignal {
    return this.#signal;
  }

  get egress(): PageEgress {
    return this.#options.proxy?.resource ?? openEgress;
  }

  /** Starts the browser where it does not run yet. Throws `browser-failed`, or the reason why the run ended meanwhile; `destroy` cleans up in any case. */
  launch(): Promise<void> {
    return (this.#launching ??= this.#launch());
  }

  async openPage(id: string, viewport: Viewport = defaultViewport): Promise<PageSession> {
    const { place, byPerson = false } = this.#options;
    const work = place.newPage().then(async (page) => {
      const now = page.viewport();
      // A person's window has the size that he gives it.
      const sized = byPerson || (now?.width === viewport.width && now.height === viewport.height) ? undefined : page.setViewport(viewport);
      // Whoever sends the page somewhere hears of it.
      sized?.catch(() => undefined);
      return this.#attach(id, page, sized);
    });
    const session = await within(work, this.#signal, newPageMs, () => place.failed(`did not open a page within ${newPageMs} ms`));
    this.#pages += 1;
    return session;
  }

  destroy(): Promise<Destruction> {
    return (this.#destruction ??= this.#destroy());
  }

  async #launch(): Promise<void> {
    const { place } = this.#options;
    this.#signal.throwIfAborted();
    this.#seconds.start();
    this.#usage.begin();
    await place.begin(this.#signal);
    place.context().on('targetcreated', (target: Target) => void this.#onTarget(target));
  }

  async #onTarget(target: Target): Promise<void> {
    if (target.type() !== 'page' || target.opener() === undefined) return;
    const page = await target.page().catch(() => null);
    const opener = await target.opener()?.page().catch(() => null);
    const id = page && this.windows?.nextId();
    if (page && id !== undefined && id !== null && this.windows) {
      const session = await this.#attach(id, page).catch(() => undefined);
      if (session !== undefined) {
        this.#pages += 1;
        this.windows.opened(session, opener ?? undefined);
        return;
      }
      this.windows.lost(id);
    }
    this.#options.scope.log('warn', `A page opened a window by itself; it was closed (${target.url().slice(0, 200) || 'about:blank'}). Open its address with browser.open if it is wanted.`);
    await page?.close().catch(() => undefined);
  }

  #attach(id: string, page: Page, prepared?: Promise<void>): Promise<PageSession> {
    const { place, log, byPerson = false } = this.#options;
    return PageSession.attach({ id, page, byPerson, ...(prepared === undefined ? {} : { prepared }), egress: this.egress, signal: this.#signal, log: (level, message) => log(level, message), onClose: () => void this.#usage.sample(place.group) });
  }

  async #destroy(): Promise<Destruction> {
    const { place, proxy } = this.#options;
    // Whoever waits in a page hears of the run's end; without this a late launch would go on.
    this.#end.abort(new AssassinError('cancelled', 'The browser of this run has been destroyed.'));
    await this.#launching?.catch(() => undefined);
    await this.#usage.sample(place.group);
    const result = await place.destroy();
    this.#seconds.stop();
    this.#usage.report(this.#pages);
    await proxy?.release();
    return result;
  }
}
