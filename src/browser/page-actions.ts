import type { KeyInput, Mouse, MouseButton } from 'puppeteer-core/internal/puppeteer-core-browser.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { AssassinError } from '../shared/errors.ts';
import { selectorOf } from './element-name.ts';
import { eventually, isShown, referenceOf, whenReady } from './page-elements.ts';
import type { Found } from './page-frames.ts';
import { focusField, focusIt, heldText, lostBeginning, scrollBy } from './page-scripts.ts';
import { maskField } from './page-mask.ts';
import type { PageSession } from './page-session.ts';

/** Beyond this many characters text is put in at once: one key at a time takes about a millisecond each. */
const typedCharacters = 500;
/** Steps of the mouse in a drag: pages look at where it passes. */
const dragSteps = 8;
/** Time in which a page that listens for a drag may take note of its beginning. */
const dragMs = 30;

export interface ActionResult {
  readonly url: string;
  /** True where the action led to another page, which has been waited for. */
  readonly navigated: boolean;
  /** HTTP status of that page. */
  readonly status: number | null;
  /** For an element that was named by a reference: a selector that holds in other browsers too. */
  readonly selector?: string;
}

/** Does something to an element once it is ready, and waits for the page that this leads to. */
export async function onReady(session: PageSession, selector: string, timeoutMs: number, work: (found: Found, at: { readonly x: number; readonly y: number; readonly description: string }) => Promise<void>): Promise<ActionResult> {
  const reference = referenceOf(selector);
  let lasting: string | undefined;
  const result = await acting(session, timeoutMs, () => whenReady(session, selector, timeoutMs, async (found, at) => {
    if (reference !== undefined) lasting = await selectorOf(session, found, reference).catch(() => undefined);
    await work(found, at);
  }));
  return lasting === undefined ? result : { ...result, selector: lasting };
}

export async function acting(session: PageSession, timeoutMs: number, work: () => Promise<void>): Promise<ActionResult> {
  const navigated = await session.ask('the effect of the action', () => session.navigation.settle(work, timeoutMs), timeoutMs * 2 + 5000);
  return { url: session.page.url(), navigated, status: navigated ? (session.navigation.status ?? null) : null };
}

export interface ClickOptions {
  readonly timeoutMs: number;
  readonly button?: MouseButton;
  /** 2 for a double click. */
  readonly count?: number;
  readonly modifiers?: readonly KeyInput[];
}

/** Clicks as a person does: the element must be visible, enabled, at rest, in the window and not covered. */
export function click(session: PageSession, selector: string, { timeoutMs, button = 'left', count = 1, modifiers = [] }: ClickOptions): Promise<ActionResult> {
  return onReady(session, selector, timeoutMs, (_found, { x, y }) => held(session, modifiers, () => clickAt(session.page.mouse, x, y, { button, count })));
}

/** Where a dialog holds up the answer to a press until after that to its release, the library takes the button for pressed from then on. */
async function clickAt(mouse: Mouse, x: number, y: number, options: { readonly button: MouseButton; readonly count: number }): Promise<void> {
  try {
    await mouse.click(x, y, options);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('is already pressed')) throw error;
    await mouse.up({ button: options.button }).catch(() => undefined);
    await mouse.click(x, y, options);
  }
}

/** Moves the mouse over an element and leaves it there. */
export function hover(session: PageSession, selector: string, timeoutMs: number): Promise<ActionResult> {
  return onReady(session, selector, timeoutMs, (_found, { x, y }) => session.page.mouse.move(x, y));
}

export type DragTarget = { readonly to: string } | { readonly dx: number; readonly dy: number };

/** Drags an element onto another one, or by some CSS pixels, with the mouse: native drag and drop and pages that follow the pointer both see it. */
export function drag(session: PageSession, selector: string, target: DragTarget, timeoutMs: number): Promise<ActionResult> {
  return onReady(session, selector, timeoutMs, async (_found, from) => {
    const { mouse } = session.page;
    const end = 'to' in target ? await whenReady(session, target.to, timeoutMs, (_handle, { x, y }) => Promise.resolve({ x, y })) : { x: from.x + target.dx, y: from.y + target.dy };
    // Looking for the target may have scrolled the page away from where it began.
    const start = 'to' in target ? await whenReady(session, selector, timeoutMs, (_handle, { x, y }) => Promise.resolve({ x, y })) : from;
    const goal = 'to' in target && start.y !== from.y ? await whenInPlace(session, target.to, end) : end;
    await mouse.move(start.x, start.y);
    await mouse.down();
    try {
      await sleep(dragMs);
      await mouse.move(goal.x, goal.y, { steps: dragSteps });
      await sleep(dragMs);
    } finally {
      await mouse.up();
    }
  });
}

async function whenInPlace(session: PageSession, selector: string, before: { readonly x: number; readonly y: number }): Promise<{ readonly x: number; readonly y: number }> {
  return whenReady(session, selector, 1000, (_handle, { x, y }) => Promise.resolve({ x, y })).catch(() => before);
}

export interface ScrollOptions {
  readonly selector?: string;
  readonly dx: number;
  readonly dy: number;
  /** Scrolls on by that much until this can be seen: for lists that grow as they are scrolled. */
  readonly until?: string;
  readonly timeoutMs: number;
}

/** Scrolls an element into view, or the page or a part of it by some CSS pixels, once or until something has come. Throws `page-failed` where it never comes. */
export async function scroll(session: PageSession, { selector, dx, dy, until, timeoutMs }: ScrollOptions): Promise<ActionResult> {
  const once = () => (selector === undefined
    ? acting(session, timeoutMs, () => session.ask('scrolling', (world) => world.callIn(scrollBy, dx, dy)))
    : onReady(session, selector, timeoutMs, ({ world, handle }) => (dx === 0 && dy === 0 ? Promise.resolve() : world.callOn(handle, scrollBy, dx, dy))));
  if (until === undefined) return once();
  let last: ActionResult = { url: session.page.url(), navigated: false, status: null };
  const come = await eventually(session, timeoutMs, async () => {
    if (await isShown(session, until)) return true;
    last = await once();
    return isShown(session, until);
  });
  if (come) return last;
  throw new AssassinError('page-failed', `"${until}" did not come on ${session.id} (${session.page.url()}) while ${selector === undefined ? 'the page' : `"${selector}"`} was scrolled for ${timeoutMs} ms.`, { hint: 'See what is there with page.snapshot; a long list may need a larger timeoutMs, or larger steps.', data: { selector: until } });
}

/** Types at the end of a field, or instead of what it holds. With `secret` the field shows dots from then on. */
export function typeText(session: PageSession, selector: string, text: string, options: { readonly clear: boolean; readonly timeoutMs: number; readonly secret: boolean }): Promise<ActionResult> {
  const { clear, timeoutMs, secret } = options;
  return onReady(session, selector, timeoutMs, async ({ world, handle }, { description }) => {
    if (secret) await world.callOn(handle, maskField);
    const before = clear ? '' : ((await world.callOn(handle, heldText)) ?? '');
    const typed = async (whole: string, anew: boolean) => {
      const state = await world.callOn(handle, focusField, anew);
      if (state !== 'ready') throw noText(session, selector, description, state);
      await enter(session, whole, anew);
    };
    await typed(text, clear);
    // Fields that a page has just made are often selected by it a moment later, in the middle of the typing. Once: a page that drops what it does not want drops it again.
    if (!text.includes('\n') && (await world.callOn(handle, lostBeginning, before + text).catch(() => false))) await typed(before + text, true);
  });
}

async function enter({ page: { keyboard } }: PageSession, text: string, anew: boolean): Promise<void> {
  if (anew) await keyboard.press('Backspace');
  if (text.length > typedCharacters) await keyboard.sendCharacter(text);
  else await keyboard.type(text);
}

function noText(session: PageSession, selector: string, description: string, state: 'readonly' | 'none'): AssassinError {
  return new AssassinError('page-failed', `"${selector}" on ${session.id} (${description}) ${state === 'readonly' ? 'can only be read' : 'takes no text'}.`, { hint: 'Name an input, a textarea or an editable element.', data: { selector } });
}

/** Presses one key, or several held together: `Enter`, `Control+A`. */
export async function press(session: PageSession, keys: string, selector: string | undefined, timeoutMs: number): Promise<ActionResult> {
  const names = keys.split(/\+(?=.)/) as KeyInput[];
  const hold = () => held(session, names, () => Promise.resolve());
  if (selector === undefined) return acting(session, timeoutMs, hold);
  return onReady(session, selector, timeoutMs, async ({ world, handle }) => {
    await world.callOn(handle, focusIt);
    await hold();
  });
}

async function held(session: PageSession, names: readonly KeyInput[], work: () => Promise<void>): Promise<void> {
  const { keyboard } = session.page;
  const down: KeyInput[] = [];
  try {
    for (const name of names) {
      await keyboard.down(name);
      down.push(name);
    }
    await work();
  } catch (error) {
    if (error instanceof Error && /Unknown key/.test(error.message)) throw new AssassinError('invalid-input', `"${names.join('+')}" is not a key.`, { hint: 'Write for example Enter, Escape, ArrowDown, a, or Control+A.', data: { key: names.join('+') } });
    throw error;
  } finally {
    for (const name of down.reverse()) await keyboard.up(name);
  }
}
