import type { CDPSession, HTTPRequest, HTTPResponse, Page, PuppeteerLifeCycleEvent } from 'puppeteer-core/internal/puppeteer-core-browser.js';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AssassinError } from '../shared/errors.ts';
import { egressHeader } from './egress-proxy.ts';
import type { PageEgress } from './page-egress.ts';
import { documentStopped, navigationFailed, navigationTimedOut } from './page-errors.ts';

export const waitUntilNames = ['load', 'domcontentloaded', 'idle'] as const;
export type WaitUntil = (typeof waitUntilNames)[number];

const lifecycle: Readonly<Record<WaitUntil, PuppeteerLifeCycleEvent>> = { load: 'load', domcontentloaded: 'domcontentloaded', idle: 'networkidle2' };

/** How long after a click a navigation may take to begin and still count as its effect. */
const beginMs = 50;

/** Follows the main document of one page: where it went, with what status, and why it did not get there. */
export class PageNavigation {
  readonly #page: Page;
  readonly #egress: PageEgress;
  readonly #client: CDPSession;
  #url: string | undefined;
  /** The document that is on its way, or was last; `undefined` where it answers what was sent. */
  #next: string | undefined;
  #status: number | undefined;
  #failure: AssassinError | undefined;
  #begun = 0;
  #committed = 0;
  #arrived = 0;
  /** The document that is shown is still coming in. */
  #incomplete = false;

  constructor(page: Page, client: CDPSession, egress: PageEgress) {
    this.#page = page;
    this.#egress = egress;
    this.#client = client;
    page.on('request', (request: HTTPRequest) => this.#isMain(request) && this.#asked(request));
    page.on('response', (response: HTTPResponse) => this.#isMain(response.request()) && this.#answered(response));
    page.on('requestfailed', (request: HTTPRequest) => this.#isMain(request) && this.#failed(request));
    page.on('framenavigated', (frame) => {
      if (frame !== page.mainFrame()) return;
      this.#committed = this.#begun;
      this.#incomplete = true;
    });
    page.on('domcontentloaded', () => (this.#incomplete = false));
    // The document that is being left may become ready once more in between; only the new one counts.
    page.on('domcontentloaded', () => this.#committed === this.#begun && (this.#arrived = this.#begun));
    // A target's main frame has the target's id; frames of other sites report to sessions of their own.
    const frame = client.send('Page.enable').then(() => client.send('Page.getFrameTree')).then(({ frameTree }) => frameTree.frame.id).catch(() => '');
    client.on('Page.frameRequestedNavigation', ({ frameId }) => void frame.then((main) => main === frameId && this.#begun++));
    client.on('Page.frameStartedNavigating', ({ frameId, url, navigationType }) => {
      if (navigationType !== 'sameDocument' && navigationType !== 'historySameDocument') void frame.then((main) => main === frameId && (this.#next = url));
    });
    client.on('Page.frameStoppedLoading', ({ frameId }) => void frame.then((main) => main === frameId && (this.#arrived = this.#begun)));
  }

  /** HTTP status of the document that is shown; absent for one that did not come over HTTP. */
  get status(): number | undefined {
    return this.#status;
  }

  /** Throws `timeout`, `egress-denied` or `page-failed`. An HTTP status of 400 or 500 is an answer, not an error. */
  async goto(url: string, waitUntil: WaitUntil, timeoutMs: number): Promise<void> {
    this.#status = undefined;
    this.#failure = undefined;
    this.#incomplete = false;
    this.#url = url;
    try {
      await this.#page.goto(url, { waitUntil: lifecycle[waitUntil], timeout: timeoutMs });
    } catch (error) {
      throw this.#explain(url, error, waitUntil, timeoutMs);
    }
    if (this.#failure) throw this.#failure;
  }

  /** Asks once more for the document that is on its way, which ends a dialog that holds it up and that nobody can answer. Not where a form was sent: that would be sent twice. */
  again(): void {
    if (this.#next !== undefined) void this.#client.send('Page.navigate', { url: this.#next }).catch(() => undefined);
  }

  /** After something that may lead to another page: waits for that page where it does. True where it did. */
  async settle(work: () => Promise<void>, timeoutMs: number): Promise<boolean> {
    const before = this.#begun;
    this.#failure = undefined;
    await work();
    await sleep(beginMs);
    if (this.#begun === before) return false;
    const deadline = performance.now() + timeoutMs;
    while (this.#arrived < this.#begun) {
      if (performance.now() > deadline) throw navigationTimedOut(this.#url ?? this.#page.url(), timeoutMs, 'domcontentloaded');
      await sleep(10);
    }
    if (this.#failure) throw this.#failure;
    return true;
  }

  #isMain(request: HTTPRequest): boolean {
    return request.isNavigationRequest() && request.frame() === this.#page.mainFrame();
  }

  #asked(request: HTTPRequest): void {
    this.#url = request.url();
    if (request.method() !== 'GET') this.#next = undefined;
    this.#status = undefined;
    this.#failure = undefined;
  }

  #answered(response: HTTPResponse): void {
    this.#status = response.status();
    if (this.#egress.isOwnAnswer(response.headers()[egressHeader])) this.#failure = this.#proxyFailure(response.url());
  }

  #failed(request: HTTPRequest): void {
    // "No content" and "reset content" are answers that leave the page as it is; so do addresses of other programs, such as mailto:.
    if (this.#status === 204 || this.#status === 205 || !/^https?:/.test(request.url())) return;
    const message = request.failure()?.errorText ?? 'it failed';
    this.#failure = this.#proxyFailure(request.url()) ?? navigationFailed(request.url(), message);
  }

  #explain(url: string, error: unknown, waitUntil: WaitUntil, timeoutMs: number): unknown {
    if (!(error instanceof Error)) return error;
    if (error.name === 'TimeoutError') return this.#incomplete ? this.#stop(url, timeoutMs) : navigationTimedOut(url, timeoutMs, waitUntil);
    return this.#failure ?? this.#proxyFailure(this.#url ?? url) ?? navigationFailed(this.#url ?? url, error.message);
  }

  /** A document without end would keep its page laying out what still comes in, and every look at it waiting. */
  #stop(url: string, timeoutMs: number): AssassinError {
    // Not waited for: a page that is busy hears it when it is done with what it has, and the next look at it comes after that.
    void this.#client.send('Page.stopLoading').catch(() => undefined);
    return documentStopped(url, timeoutMs);
  }

  #proxyFailure(url: string): AssassinError | undefined {
    return URL.canParse(url) ? this.#egress.failureOf(new URL(url)) : undefined;
  }
}
