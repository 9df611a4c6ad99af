import * as z from 'zod';
import type { CookieData } from 'puppeteer-core/internal/puppeteer-core-browser.js';
import type { PageSession } from './page-session.ts';

/** Who is logged in where: cookies of the whole browser and the local storage of one origin. All of it is secret. */
export interface StorageState {
  readonly cookies: readonly CookieData[];
  readonly origin: string;
  readonly localStorage: readonly (readonly [string, string])[];
}

export async function saveState(session: PageSession): Promise<StorageState> {
  const found = await session.ask('its cookies', () => session.page.browserContext().cookies());
  // What a browser only reports of a cookie, such as its size, it does not take back.
  const cookies = found.map(({ size: _size, session: _session, partitionKeyOpaque: _opaque, ...cookie }) => cookie);
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

/** Says that a secret was made here: nothing else is to be taken for one, nor replaced by one. */
const kind = 'browser-state';
const stored = z.object({
  kind: z.literal(kind), origin: z.string(), localStorage: z.array(z.tuple([z.string(), z.string()])),
  cookies: z.array(z.custom<CookieData>((value) => z.looseObject({ name: z.string(), value: z.string(), domain: z.string() }).safeParse(value).success)),
});

/** As it is kept beyond a run. */
export const stateText = (state: StorageState): string => JSON.stringify({ kind, ...state });

/** `undefined` for any text that `stateText` did not make. */
export function parseState(text: string): StorageState | undefined {
  try {
    return stored.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
