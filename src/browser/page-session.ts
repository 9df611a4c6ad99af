import { setTimeout as sleep } from 'node:timers/promises';
import type { CDPSession, Frame, Page } from 'puppeteer-core/internal/puppeteer-core-browser.js';
import type { Action } from '../policy/action.ts';
import { AssassinError } from '../shared/errors.ts';
import { IsolatedWorld } from './isolated-world.ts';
import type { PageEgress } from './page-egress.ts';
import { PageDialogs } from './page-dialogs.ts';
import { pageBusy, pageGone } from './page-errors.ts';
import { PageNavigation, type WaitUntil } from './page-navigation.ts';
import { PageRecord } from './page-record.ts';
import { within } from './within.ts';

export interface PageSessionOptions {
  readonly id: string;
  readonly page: Page;
  readonly egress: PageEgress;
  /** What it needs before it is first looked at, and that may still be on its way while it navigates: its size. */
  readonly prepared?: Promise<void>;
  /** A person sees the page, uses it and answers its dialogs. */
  readonly byPerson?: boolean;
  /** Aborts with the reason when the run ends, the budget is used up or the browser dies. */
  readonly signal: AbortSignal;
  readonly log: (level: 'debug' | 'warn', message: string) => void;
  readonly onClose: () => void;
}

export interface Location {
  readonly url: string;
  readonly title: string;
  readonly status: number | null;
}

/** Longest that one look into a page may take: reading, not waiting for something to appear. */
export const readLimitMs = 30_000;

/** The pipe of a browser that dies breaks before its end is known. */
const reasonMs = 1000;

/** One page of a throwaway browser. Every operation ends: with its result, its time limit, the page's end or the run's. */
export class PageSession {
  readonly id: string;
  readonly page: Page;
  readonly client: CDPSession;
  readonly world: IsolatedWorld;
  readonly navigation: PageNavigation;
  /** What it said, logged and asked for on the network. */
  readonly record: PageRecord;
  readonly dialogs: PageDialogs;
  /** Windows that this page has opened and nobody has asked for yet, by their ids. */
  readonly popups: string[] = [];
  /** What media queries are told, by name: the browser takes them all at once and forgets what is left out. */
  readonly media = new Map<string, string>();
  /** The lines of the last snapshot, to tell what has changed. */
  lastSnapshot: readonly string[] | undefined;
  /** Which frame each reference of a snapshot belongs to, by number. They hold until the page shows another document. */
  readonly #refs = new Map<number, readonly Frame[]>();
  #lastRef = 0;
  readonly #options: PageSessionOptions;
  readonly #gone = new AbortController();
  readonly #signal: AbortSignal;

  static async attach(options: PageSessionOptions): Promise<PageSession> {
    return new PageSession(options, await options.page.createCDPSession());
  }

  private constructor(options: PageSessionOptions, client: CDPSession) {
    const { id, page, egress, signal, log } = options;
    this.id = id;
    this.page = page;
    this.client = client;
    this.#options = options;
    this.#signal = AbortSignal.any([signal, this.#gone.signal]);
    this.world = new IsolatedWorld(client, () => page.mainFrame()._id);
    this.navigation = new PageNavigation(page, client, egress);
    // With a browser that dies every page closes too; then the death of the browser is what has to be told.
    page.once('close', () => page.browser().connected && this.#end('was closed'));
    page.once('error', () => this.#end('crashed'));
    page.on('framenavigated', (frame) => frame === page.mainFrame() && this.#refs.clear());
    this.record = new PageRecord(page);
    this.dialogs = new PageDialogs(page, { log: (text) => log('debug', `${id} showed a dialog: ${text}`), onHeld: () => this.navigation.again(), ...(options.byPerson === undefined ? {} : { byPerson: options.byPerson }) });
  }

  /** Never the same number twice: a reference to a document that is gone must not name an element of the next. */
  get nextRef(): number {
    return this.#lastRef + 1;
  }

  /** The references from `nextRef` to before `next` belong to the document that these frames lead to. */
  tookRefs(next: number, frames: readonly Frame[]): void {
    for (let reference = this.nextRef; reference < next; reference++) this.#refs.set(reference, frames);
    this.#lastRef = Math.max(this.#lastRef, next - 1);
  }

  framesOfRef(reference: number): readonly Frame[] | undefined {
    return this.#refs.get(reference);
  }

  /** Throws why the page can no longer be used. */
  check(): void {
    this.#signal.throwIfAborted();
  }

  get signal(): AbortSignal {
    return this.#signal;
  }

  /** Opens the proxy for an action that a person has said yes to; see `PageEgress.approve`. */
  approve(action: Action): void {
    this.#options.egress.approve(action);
  }

  async goto(url: string, waitUntil: WaitUntil, timeoutMs: number): Promise<Location> {
    // The browser's own limit comes first and explains better; ours is for a browser that does not even keep time.
    try {
      const work = Promise.all([this.navigation.goto(url, waitUntil, timeoutMs), this.#options.prepared]);
      await within(work, this.#signal, timeoutMs + 2000, () => pageBusy('navigation', timeoutMs));
    } catch (error) {
      throw await this.#explain(error, 'the page');
    }
    return this.location();
  }

  async location(): Promise<Location> {
    const title = await this.ask('its title', (world) => world.call(() => document.title.slice(0, 1000)));
    return { url: this.page.url(), title, status: this.navigation.status ?? null };
  }

  /** Looks into the page under the usual limits. A script that runs without end is terminated at the limit, so that the next look works again. */
  async ask<T>(what: string, work: (world: IsolatedWorld) => Promise<T>, timeoutMs: number = readLimitMs): Promise<T> {
    try {
      return await within(work(this.world), this.#signal, timeoutMs, () => {
        this.world.terminate();
        return pageBusy(what, timeoutMs);
      });
    } catch (error) {
      throw await this.#explain(error, what);
    }
  }

  async close(): Promise<void> {
    this.#end('was closed');
    await within(this.page.close(), this.#options.signal, 5000, () => pageBusy('closing', 5000)).catch((error: unknown) => {
      if (AssassinError.isInstance(error) && error.code !== 'timeout') throw error;
      // A page that does not close goes with its browser.
    });
  }

  #end(how: string): void {
    if (this.#gone.signal.aborted) return;
    this.#gone.abort(pageGone(this.id, how));
    this.#options.onClose();
  }

  async #explain(error: unknown, what: string): Promise<unknown> {
    // The protocol says "target closed" for whatever happened; the signal knows what it was, a moment later.
    const { page } = this;
    const until = performance.now() + reasonMs;
    while (!page.browser().connected && !this.#signal.aborted && performance.now() < until) await sleep(10);
    if (this.#signal.aborted) return this.#signal.reason;
    if (AssassinError.isInstance(error) || !(error instanceof Error)) return error;
    return new AssassinError('page-failed', `${this.id}: ${what} could not be had: ${error.message}`, { hint: 'See the page with page.screenshot or page.snapshot.', cause: error });
  }
}
