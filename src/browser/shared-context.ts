import type { BrowserContext, Page } from 'puppeteer-core/internal/puppeteer-core-browser.js';
import type { Destruction } from '../run/lease.ts';
import type { AssassinError } from '../shared/errors.ts';
import type { BrowserPlace } from './browser-place.ts';
import type { DrivenBrowser } from './driven-browser.ts';
import type { PreparedContext } from './prepared-context.ts';

/** A context for one session in a process that others use too. */
export class SharedContext implements BrowserPlace {
  /** What the process uses is used by all of its sessions: nobody can say for whom. */
  readonly group = undefined;
  readonly #driven: DrivenBrowser;
  readonly #prepared: PreparedContext;
  readonly #returned: () => void;

  /** @param returned called once, when the context is gone and the process may serve another. */
  constructor(driven: DrivenBrowser, prepared: PreparedContext, returned: () => void) {
    this.#driven = driven;
    this.#prepared = prepared;
    this.#returned = returned;
  }

  get gone(): AbortSignal {
    return this.#driven.gone;
  }

  begin(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    return Promise.resolve();
  }

  context(): BrowserContext {
    return this.#prepared.context;
  }

  newPage(): Promise<Page> {
    return this.#prepared.newPage();
  }

  failed(what: string): AssassinError {
    return this.#driven.failed(what);
  }

  async destroy(): Promise<Destruction> {
    try {
      const ended = await this.#prepared.destroy().catch((error: unknown) => ({ verified: false, how: String(error) }));
      if (ended.verified) return ended;
      // Sharing ends where it would let something outlive its run: the others have to begin again.
      const death = await this.#driven.destroy();
      return { verified: death.verified, how: `${ended.how}, so the whole browser was ended: ${death.how}` };
    } finally {
      this.#returned();
    }
  }
}
