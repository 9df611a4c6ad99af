import { setTimeout as sleep } from 'node:timers/promises';
import { AssassinError } from '../shared/errors.ts';
import { locate, readiness, similarTo, type Readiness } from './page-scripts.ts';
import type { PageSession } from './page-session.ts';

/** How often a page is asked again while something is waited for. */
const pollMs = 50;
const referencePattern = /^ref=e(\d+)$/;

/** Finds an element now: by CSS, by `text=...`, or by `ref=e12` from a snapshot. The handle must be released. */
async function find(session: PageSession, selector: string): Promise<string | undefined> {
  const reference = referencePattern.exec(selector)?.[1];
  if (reference === undefined) return session.ask(selector, (world) => world.handle(locate, selector));
  const node = session.refs.get(Number(reference));
  if (node === undefined) {
    throw new AssassinError('page-failed', `${selector} is not of the document that ${session.id} shows now.`, { hint: 'Take a new page.snapshot and use its references.', data: { selector } });
  }
  return session.ask(selector, (world) => world.adopt(node).catch(() => undefined));
}

/** Uses an element that must be there already. Throws `page-failed` naming what looks like it. */
export async function withElement<T>(session: PageSession, selector: string, work: (handle: string) => Promise<T>): Promise<T> {
  const handle = await find(session, selector);
  if (handle === undefined) throw await notFound(session, selector);
  try {
    return await work(handle);
  } finally {
    await session.world.release(handle);
  }
}

/** Waits until an element can be clicked, then uses it. Throws `page-failed` saying why it could not be. */
export async function whenReady<T>(session: PageSession, selector: string, timeoutMs: number, work: (handle: string, at: Readiness) => Promise<T>): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const handle = await find(session, selector);
    const state = handle === undefined ? undefined : await session.ask(selector, (world) => world.callOn(handle, readiness)).catch(ifNavigated);
    if (handle !== undefined && state?.state === 'ready') {
      try {
        return await work(handle, state);
      } finally {
        await session.world.release(handle);
      }
    }
    if (performance.now() >= deadline) throw handle === undefined ? await notFound(session, selector, timeoutMs) : notReady(session, selector, timeoutMs, state);
    await sleep(pollMs);
  }
}

/** Waits until `look` finds something. False at the time limit. */
export async function eventually(session: PageSession, timeoutMs: number, look: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    if (await look()) return true;
    if (performance.now() >= deadline) return false;
    session.check();
    await sleep(pollMs);
  }
}

export async function isShown(session: PageSession, selector: string): Promise<boolean> {
  const handle = await find(session, selector);
  if (handle === undefined) return false;
  const shown = await session.ask(selector, (world) => world.callOn(handle, function (this: Element) {
    return this.checkVisibility({ visibilityProperty: true }) && this.getClientRects().length > 0;
  })).catch(ifNavigated);
  await session.world.release(handle);
  return shown ?? false;
}

/** An element whose document went away in between is looked for again in the next one. */
function ifNavigated(error: unknown): undefined {
  if (AssassinError.isInstance(error) && error.code === 'page-failed' && error.cause instanceof Error) return undefined;
  throw error;
}

export async function notFound(session: PageSession, selector: string, waitedMs?: number): Promise<AssassinError> {
  const reference = referencePattern.test(selector);
  const similar = reference || selector.startsWith('text=') ? [] : await session.ask('similar elements', (world) => world.call(similarTo, selector)).catch(() => []);
  const waited = waitedMs === undefined ? '' : ` within ${waitedMs} ms`;
  return new AssassinError('page-failed', `Nothing on ${session.id} (${session.page.url()}) matched "${selector}"${waited}.`, {
    hint: similar.length > 0 ? `There is ${similar.join(', ')}.` : 'See what is there with page.snapshot or page.html; a page that is built by script may need page.waitFor first.',
    data: { selector, similar },
  });
}

function notReady(session: PageSession, selector: string, timeoutMs: number, state: Readiness | undefined): AssassinError {
  const reasons: Readonly<Record<Readiness['state'], string>> = {
    ready: 'is ready', detached: 'is no longer in the page', hidden: 'is not visible', disabled: 'is disabled', moving: 'does not stop moving', covered: `is covered by ${state?.by ?? 'another element'}`,
  };
  const what = state === undefined ? 'went away again' : `(${state.description}) ${reasons[state.state]}`;
  return new AssassinError('page-failed', `"${selector}" on ${session.id} ${what} after ${timeoutMs} ms.`, {
    hint: state?.state === 'covered' ? 'Close what covers it first, for example a cookie notice.' : 'Wait for what makes it usable, or use another element.',
    data: { selector, ...(state ? { state: state.state } : {}) },
  });
}
