import type { Cookie } from 'puppeteer-core/internal/puppeteer-core-browser.js';
import type { PageSession } from './page-session.ts';

/** Who is logged in where: cookies of the whole browser and the local storage of one origin. All of it is secret. */
export interface StorageState {
  readonly cookies: readonly Cookie[];
  readonly origin: string;
  readonly localStorage: readonly (readonly [string, string])[];
}

export async function saveState(session: PageSession): Promise<StorageState> {
  const cookies = await session.ask('its cookies', () => session.page.browserContext().cookies());
  const stored = await session.ask('its storage', (world) => world.call(() => {
    try {
      return { origin: location.origin, entries: Object.entries(localStorage) as [string, string][] };
    } catch {
      // Pages without an origin of their own have no storage.
      return { origin: location.origin, entries: [] };
    }
  }));
  return { cookies, origin: stored.origin, localStorage: stored.entries };
}

/** Puts it into the browser of a page. Local storage is set where the page is on its origin; `false` where it was not. */
export async function loadState(session: PageSession, { cookies, origin, localStorage: entries }: StorageState): Promise<boolean> {
  await session.ask('its cookies', () => session.page.browserContext().setCookie(...cookies));
  return session.ask('its storage', (world) => world.call((wanted: string, all: readonly (readonly [string, string])[]) => {
    if (location.origin !== wanted) return all.length === 0;
    for (const [key, value] of all) localStorage.setItem(key, value);
    return true;
  }, origin, entries));
}

/** The values that nobody is to read in records, logs and prompts. */
export function secretsOf({ cookies, localStorage: entries }: StorageState): readonly string[] {
  return [...cookies.map(({ value }) => value), ...entries.map(([, value]) => value)];
}
