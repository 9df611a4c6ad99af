import type { Frame } from 'puppeteer-core/internal/puppeteer-core-browser.js';
import { AssassinError } from '../shared/errors.ts';
import { IsolatedWorld } from './isolated-world.ts';
import { frameInside, type Readiness } from './page-scripts.ts';
import type { PageSession } from './page-session.ts';

/** An element in some document of a page. The handle must be released in its world. */
export interface Found {
  readonly world: IsolatedWorld;
  readonly handle: string;
  /** The frames that lead to its document, outermost first; none for the main one. */
  readonly frames: readonly Frame[];
}

/** The world in the document of a frame, whatever process it lives in. */
export function worldOf(session: PageSession, frames: readonly Frame[]): IsolatedWorld {
  const frame = frames.at(-1);
  return frame === undefined ? session.world : new IsolatedWorld(frame.client, () => frame._id);
}

/** The frame that an element shows, with all around it; `undefined` for any other element, or while it is not there yet. */
export async function framesIn(session: PageSession, { world, handle, frames }: Found): Promise<readonly Frame[] | undefined> {
  const id = await world.frameOf(handle);
  const frame = id === undefined ? undefined : session.page.frames().find((each) => each._id === id);
  return frame === undefined ? undefined : [...frames, frame];
}

/** All frames below the main one with what leads to each. */
export function allFrames(session: PageSession): readonly (readonly Frame[])[] {
  const main = session.page.mainFrame();
  return session.page.frames().filter((frame) => frame !== main).map((frame) => {
    const path: Frame[] = [];
    for (let at: Frame | null = frame; at !== null && at !== main; at = at.parentFrame()) path.unshift(at);
    return path;
  });
}

/** Where a point of an element's document lies in the window, and whether all that is around it lets it through. */
export async function inWindow(session: PageSession, found: Found, at: Readiness): Promise<Readiness> {
  let { x, y } = at;
  for (let level = found.frames.length; level > 0; level--) {
    const world = worldOf(session, found.frames.slice(0, level - 1));
    const owner = await world.ownerOf(found.frames[level - 1]!._id);
    if (owner === undefined) throw new AssassinError('page-failed', `The frame of ${at.description} on ${session.id} went away.`, { hint: 'Take a new page.snapshot.' });
    try {
      const around = await world.callOn(owner, frameInside, x, y);
      if (around.state !== 'ready') return { ...at, ...around };
      ({ x, y } = around);
    } finally {
      await world.release(owner);
    }
  }
  return { ...at, x, y };
}
