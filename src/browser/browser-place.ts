import type { BrowserContext, Page } from 'puppeteer-core/internal/puppeteer-core-browser.js';
import type { Destruction } from '../run/lease.ts';
import type { AssassinError } from '../shared/errors.ts';

/** Where a session has its pages: a browser of its own, or a context in one that others use too. */
export interface BrowserPlace {
  /** The group of processes that is this session's alone; `undefined` where there is none, or it cannot be measured. */
  readonly group: number | undefined;
  /** Aborts with the reason when it can be used no longer. */
  readonly gone: AbortSignal;
  /** Throws `browser-failed`, or the reason of `signal`. */
  begin(signal: AbortSignal): Promise<void>;
  /** Of this session; there once it has begun. */
  context(): BrowserContext;
  newPage(): Promise<Page>;
  failed(what: string): AssassinError;
  destroy(): Promise<Destruction>;
}
