import type { BrowserContext, Page } from 'puppeteer-core/internal/puppeteer-core-browser.js';
import type { Destruction } from '../run/lease.ts';
import type { AssassinError } from '../shared/errors.ts';
import type { BrowserPlace } from './browser-place.ts';
import type { DrivenBrowser } from './driven-browser.ts';
import type { PreparedContext } from './prepared-context.ts';

/** A process for one session: it dies with it. Launched for it, or ahead with a context prepared. */
export class OwnBrowser implements BrowserPlace {
  readonly #driven: DrivenBrowser;
  readonly #prepared: PreparedContext | undefined;

  constructor(driven: DrivenBrowser, prepared?: PreparedContext) {
    this.#driven = driven;
    this.#prepared = prepared;
  }

  get group(): number | undefined {
    return this.#driven.pid;
  }

  get gone(): AbortSignal {
    return this.#driven.gone;
  }

  async begin(signal: AbortSignal): Promise<void> {
    await this.#driven.launch(signal);
  }

  context(): BrowserContext {
    return this.#prepared?.context ?? this.#driven.browser.defaultBrowserContext();
  }

  newPage(): Promise<Page> {
    return (this.#prepared ?? this.#driven).newPage();
  }

  failed(what: string): AssassinError {
    return this.#driven.failed(what);
  }

  async destroy(): Promise<Destruction> {
    // With the process goes every context.
    const result = await this.#driven.destroy();
    // Whoever was handed its connections ends them.
    void this.#prepared?.door?.close();
    return result;
  }
}
