import type { ConsoleMessage, HTTPRequest, HTTPResponse, Page } from 'puppeteer-core/internal/puppeteer-core-browser.js';

/** Entries that are kept of each kind; a page may log and load without end. */
const kept = 1000;

export interface ConsoleEntry {
  /** 'error' also for what a script threw and nobody caught. */
  readonly level: string;
  readonly text: string;
  readonly url: string;
  readonly line: number;
}

export interface NetworkEntry {
  readonly at: number;
  /** Milliseconds until the answer had been read, or it had failed; `null` while it is under way. */
  ms: number | null;
  readonly method: string;
  readonly url: string;
  readonly type: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  status: number | null;
  statusText: string;
  responseHeaders: Readonly<Record<string, string>>;
  mediaType: string;
  /** Why there is no answer. */
  failure: string | null;
}

/** What a page logged and asked for since it was opened, the last thousand of each. */
export class PageRecord {
  readonly #console: ConsoleEntry[] = [];
  readonly #network: NetworkEntry[] = [];
  readonly #byRequest = new WeakMap<HTTPRequest, NetworkEntry>();
  #pending = 0;
  #quietSince = performance.now();

  constructor(page: Page) {
    page.on('console', (message: ConsoleMessage) => {
      const { url = '', lineNumber = 0 } = message.location();
      this.#said({ level: message.type(), text: message.text().slice(0, 2000), url: url.slice(0, 2000), line: lineNumber + 1 });
    });
    page.on('pageerror', (error) => this.#said({ level: 'error', text: (error instanceof Error ? error.message : String(error)).slice(0, 2000), url: '', line: 0 }));
    page.on('request', (request: HTTPRequest) => this.#asked(request));
    page.on('response', (response: HTTPResponse) => this.#answered(response));
    page.on('requestfinished', (request: HTTPRequest) => this.#ended(request, null));
    page.on('requestfailed', (request: HTTPRequest) => this.#ended(request, request.failure()?.errorText ?? 'it failed'));
  }

  get console(): readonly ConsoleEntry[] {
    return this.#console;
  }

  get network(): readonly NetworkEntry[] {
    return this.#network;
  }

  /** Milliseconds for which nothing has been under way. */
  get quietMs(): number {
    return this.#pending > 0 ? 0 : performance.now() - this.#quietSince;
  }

  #said(entry: ConsoleEntry): void {
    this.#console.push(entry);
    if (this.#console.length > kept) this.#console.shift();
  }

  #asked(request: HTTPRequest): void {
    const entry: NetworkEntry = {
      at: Date.now(), ms: null, method: request.method(), url: request.url().slice(0, 4000), type: request.resourceType(), requestHeaders: request.headers(),
      status: null, statusText: '', responseHeaders: {}, mediaType: '', failure: null,
    };
    this.#byRequest.set(request, entry);
    this.#pending += 1;
    this.#network.push(entry);
    if (this.#network.length > kept) this.#network.shift();
  }

  #answered(response: HTTPResponse): void {
    const entry = this.#byRequest.get(response.request());
    if (!entry) return;
    const headers = response.headers();
    Object.assign(entry, { status: response.status(), statusText: response.statusText(), responseHeaders: headers, mediaType: headers['content-type'] ?? '' });
  }

  #ended(request: HTTPRequest, failure: string | null): void {
    const entry = this.#byRequest.get(request);
    if (!entry || entry.ms !== null) return;
    entry.ms = Date.now() - entry.at;
    entry.failure = failure;
    this.#pending -= 1;
    if (this.#pending === 0) this.#quietSince = performance.now();
  }
}
