import type { Page } from 'puppeteer-core/internal/puppeteer-core-browser.js';
import type { PageSession } from './page-session.ts';

/** Gives ids to windows that pages open by themselves, and takes them. */
export interface WindowKeeper {
  /** `undefined` where there is no room for another one; otherwise `opened` or `lost` follows. */
  nextId(): string | undefined;
  opened(session: PageSession, opener: Page | undefined): void;
  /** The window with this id was gone before it could be taken. */
  lost(id: string): void;
}
