import { setTimeout as sleep } from 'node:timers/promises';
import type { KeyInput } from 'puppeteer-core/internal/puppeteer-core-browser.js';
import { AssassinError } from '../shared/errors.ts';
import { eventually, isShown, notFound, whenReady } from './page-elements.ts';
import { chooseOptions, focusField, hasText } from './page-scripts.ts';
import type { PageSession } from './page-session.ts';

/** Beyond this many characters text is put in at once: one key at a time takes about a millisecond each. */
const typedCharacters = 500;

export interface ActionResult {
  readonly url: string;
  /** True where the action led to another page, which has been waited for. */
  readonly navigated: boolean;
  /** HTTP status of that page. */
  readonly status: number | null;
}

async function acting(session: PageSession, timeoutMs: number, work: () => Promise<void>): Promise<ActionResult> {
  const navigated = await session.ask('the effect of the action', () => session.navigation.settle(work, timeoutMs), timeoutMs * 2 + 5000);
  return { url: session.page.url(), navigated, status: navigated ? (session.navigation.status ?? null) : null };
}

/** Clicks as a person does: the element must be visible, enabled, at rest and not covered. */
export function click(session: PageSession, selector: string, timeoutMs: number): Promise<ActionResult> {
  return acting(session, timeoutMs, () => whenReady(session, selector, timeoutMs, (_handle, { x, y }) => session.page.mouse.click(x, y)));
}

/** Types at the end of a field, or instead of what it holds. */
export function typeText(session: PageSession, selector: string, text: string, options: { readonly clear: boolean; readonly timeoutMs: number }): Promise<ActionResult> {
  const { clear, timeoutMs } = options;
  return acting(session, timeoutMs, () => whenReady(session, selector, timeoutMs, async (handle, { description }) => {
    const textual = await session.world.callOn(handle, focusField, clear);
    if (!textual) throw new AssassinError('page-failed', `"${selector}" on ${session.id} (${description}) takes no text.`, { hint: 'Name an input, a textarea or an editable element.', data: { selector } });
    const { keyboard } = session.page;
    if (clear) await keyboard.press('Backspace');
    if (text.length > typedCharacters) await keyboard.sendCharacter(text);
    else await keyboard.type(text);
  }));
}

/** Presses one key, or several held together: `Enter`, `Control+A`. */
export async function press(session: PageSession, keys: string, selector: string | undefined, timeoutMs: number): Promise<ActionResult> {
  const names = keys.split(/\+(?=.)/) as KeyInput[];
  const hold = async () => {
    const { keyboard } = session.page;
    const held: KeyInput[] = [];
    try {
      for (const name of names) {
        await keyboard.down(name);
        held.push(name);
      }
    } catch (error) {
      if (error instanceof Error && /Unknown key/.test(error.message)) throw new AssassinError('invalid-input', `"${keys}" is not a key.`, { hint: 'Write for example Enter, Escape, ArrowDown, a, or Control+A.', data: { key: keys } });
      throw error;
    } finally {
      for (const name of held.reverse()) await keyboard.up(name);
    }
  };
  if (selector === undefined) return acting(session, timeoutMs, hold);
  return acting(session, timeoutMs, () => whenReady(session, selector, timeoutMs, async (handle) => {
    await session.world.callOn(handle, function (this: Element) {
      if (this instanceof HTMLElement) this.focus();
    });
    await hold();
  }));
}

/** Chooses options of a `<select>` by value or label. Returns the values that are selected then. */
export async function choose(session: PageSession, selector: string, values: readonly string[], timeoutMs: number): Promise<ActionResult & { readonly selected: readonly string[] }> {
  let selected: readonly string[] = [];
  const result = await acting(session, timeoutMs, () => whenReady(session, selector, timeoutMs, async (handle, { description }) => {
    const chosen = await session.world.callOn(handle, chooseOptions, values);
    if (chosen === null) throw new AssassinError('page-failed', `"${selector}" on ${session.id} (${description}) is not a select element.`, { hint: 'Lists that are drawn by script are used with page.click.', data: { selector } });
    if ('missing' in chosen) {
      throw new AssassinError('page-failed', `"${selector}" on ${session.id} has no option "${chosen.missing}".`, { hint: `It has ${chosen.available.map((value) => `"${value}"`).join(', ')}.`, data: { selector, available: chosen.available } });
    }
    selected = chosen.selected;
  }));
  return { ...result, selected };
}

export type WaitTarget = { readonly selector: string } | { readonly text: string } | { readonly ms: number };

/** Waits for an element to be visible, for text to be on the page, or for a time. Throws `page-failed` where it does not come. */
export async function waitFor(session: PageSession, wanted: WaitTarget, timeoutMs: number): Promise<void> {
  if ('ms' in wanted) return void (await sleep(wanted.ms, undefined, { signal: session.signal }).catch(() => session.check()));
  if ('selector' in wanted) {
    if (!(await eventually(session, timeoutMs, () => isShown(session, wanted.selector)))) throw await notFound(session, wanted.selector, timeoutMs);
    return;
  }
  if (await eventually(session, timeoutMs, () => session.ask('text', (world) => world.call(hasText, wanted.text)))) return;
  throw new AssassinError('page-failed', `"${wanted.text}" did not appear on ${session.id} (${session.page.url()}) within ${timeoutMs} ms.`, { hint: 'See what is there with page.text.', data: { text: wanted.text } });
}
