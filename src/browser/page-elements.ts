import { setTimeout as sleep } from 'node:timers/promises';
import { AssassinError } from '../shared/errors.ts';
import { framesIn, inWindow, worldOf, type Found } from './page-frames.ts';
import { isVisible, locateIn, readiness, similarTo, type Readiness } from './page-scripts.ts';
import { parseRole, referenceOfRole, similarRoles } from './page-roles.ts';
import type { PageSession } from './page-session.ts';
import { elementOfReference } from './snapshot-script.ts';

/** How often a page is asked again while something is waited for. */
const pollMs = 50;
const referencePattern = /^(?:ref=)?e(\d+)$/;

/** The number of a reference from a snapshot; `undefined` for any other selector. */
export function referenceOf(selector: string): number | undefined {
  const number = referencePattern.exec(selector)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** Finds an element now: by CSS, by `text=...`, by `role=button "Send"` as snapshots name it, or by `ref=e12` from one; `A >>> B` looks for B inside the frame or the shadow root of A. */
async function find(session: PageSession, selector: string): Promise<Found | undefined> {
  const reference = referenceOf(selector);
  if (reference !== undefined) return findReference(session, selector, reference);
  const role = parseRole(selector);
  if (role !== undefined) {
    const found = await referenceOfRole(session, role);
    // What has gone since it was read is looked for again.
    return found === undefined ? undefined : findReference(session, selector, found).catch(() => undefined);
  }
  let frames: Found['frames'] = [];
  let root: string | undefined;
  const parts = selector.split(/\s*>>>\s*/);
  for (const [i, part] of parts.entries()) {
    const world = worldOf(session, frames);
    const handle = await session.ask(selector, () => (root === undefined ? world.handleIn(locateIn, part) : world.handleOn(root, locateIn, part)));
    if (root !== undefined) await world.release(root);
    root = undefined;
    if (handle === undefined) return undefined;
    const found = { world, handle, frames };
    if (i === parts.length - 1) return found;
    const inner = await framesIn(session, found);
    if (inner === undefined) root = handle;
    else {
      await world.release(handle);
      frames = inner;
    }
  }
  return undefined;
}

async function findReference(session: PageSession, selector: string, reference: number): Promise<Found | undefined> {
  const frames = session.framesOfRef(reference);
  const world = frames && worldOf(session, frames);
  const handle = await world?.handle(elementOfReference, reference).catch(() => undefined);
  if (frames === undefined || world === undefined || handle === undefined) {
    throw new AssassinError('page-failed', `${selector} is not of the document that ${session.id} shows now.`, { hint: 'Take a new page.snapshot and use its references.', data: { selector } });
  }
  return { world, handle, frames };
}

/** Uses an element that must be there already. Throws `page-failed` naming what looks like it. */
export async function withElement<T>(session: PageSession, selector: string, work: (found: Found) => Promise<T>): Promise<T> {
  const found = await find(session, selector);
  if (found === undefined) throw await notFound(session, selector);
  try {
    return await work(found);
  } finally {
    await found.world.release(found.handle);
  }
}

/** As `withElement`, for one that may still be on its way. It need not be visible: fields for files hardly ever are. */
export async function whenThere<T>(session: PageSession, selector: string, timeoutMs: number, work: (found: Found) => Promise<T>): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (let found = await find(session, selector); ; found = await find(session, selector)) {
    if (found !== undefined) {
      try {
        return await work(found);
      } finally {
        await found.world.release(found.handle);
      }
    }
    if (performance.now() >= deadline) throw await notFound(session, selector, timeoutMs);
    await sleep(pollMs);
  }
}

/** Waits until an element can be clicked, then uses it; `at` is in CSS pixels of the window. Throws `page-failed` saying why it could not be. */
export async function whenReady<T>(session: PageSession, selector: string, timeoutMs: number, work: (found: Found, at: Readiness) => Promise<T>): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await find(session, selector);
    const state = found === undefined ? undefined : await session.ask(selector, async () => {
      const inside = await found.world.callOn(found.handle, readiness);
      return inside.state === 'ready' ? inWindow(session, found, inside) : inside;
    }).catch(ifNavigated);
    if (found !== undefined) {
      try {
        if (state?.state === 'ready') return await work(found, state);
      } finally {
        await found.world.release(found.handle);
      }
    }
    if (performance.now() >= deadline) throw found === undefined ? await notFound(session, selector, timeoutMs) : notReady(session, selector, timeoutMs, state);
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
  const found = await find(session, selector);
  if (found === undefined) return false;
  const shown = await session.ask(selector, () => found.world.callOn(found.handle, isVisible)).catch(ifNavigated);
  await found.world.release(found.handle);
  return shown ?? false;
}

/** An element whose document went away in between is looked for again in the next one. */
function ifNavigated(error: unknown): undefined {
  if (AssassinError.isInstance(error) && error.code === 'page-failed' && error.cause instanceof Error) return undefined;
  throw error;
}

export async function notFound(session: PageSession, selector: string, waitedMs?: number): Promise<AssassinError> {
  const reference = referencePattern.test(selector);
  const role = parseRole(selector);
  const similar = role !== undefined ? await similarRoles(session, role).catch(() => []) : reference || /^(text|role)=|>>>/.test(selector) ? [] : await session.ask('similar elements', (world) => world.call(similarTo, selector)).catch(() => []);
  const waited = waitedMs === undefined ? '' : ` within ${waitedMs} ms`;
  return new AssassinError('page-failed', `Nothing on ${session.id} (${session.page.url()}) matched "${selector}"${waited}.`, {
    hint: similar.length > 0 ? `There is ${similar.join(', ')}.` : 'See what is there with page.snapshot or page.html; a page that is built by script may need page.waitFor first.',
    data: { selector, similar },
  });
}

function notReady(session: PageSession, selector: string, timeoutMs: number, state: Readiness | undefined): AssassinError {
  const reasons: Readonly<Record<Readiness['state'], string>> = {
    ready: 'is ready', detached: 'is no longer in the page', hidden: 'is not visible', empty: 'has no size', disabled: 'is disabled', moving: 'does not stop moving', covered: `is covered by ${state?.by ?? 'another element'}`, outside: 'lies outside the window, and scrolling does not bring it in', untouchable: 'takes no pointer events (CSS pointer-events: none)',
  };
  const what = state === undefined ? 'went away again' : `(${state.description}) ${reasons[state.state]}`;
  return new AssassinError('page-failed', `"${selector}" on ${session.id} ${what} after ${timeoutMs} ms.`, {
    hint: state?.state === 'covered' ? 'Close what covers it first, for example a cookie notice.' : 'Wait for what makes it usable, or use another element.',
    data: { selector, ...(state ? { state: state.state } : {}) },
  });
}
