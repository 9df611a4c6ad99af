import type { Frame } from 'puppeteer-core/internal/puppeteer-core-browser.js';
import { framesIn, worldOf, type Found } from './page-frames.ts';
import type { PageSession } from './page-session.ts';
import { elementOfReference, readSnapshot } from './snapshot-script.ts';

export interface LineOptions {
  /** Only what can be used. */
  readonly interactiveOnly?: boolean;
  readonly maxCharacters: number;
}

/** Frames that one snapshot looks into. */
const maxFrames = 50;
/** Longest that a frame is waited for: one that does not answer must not keep the rest of the page away. */
const frameMs = 5000;

/** A page as lines, with the content of its frames in their places. */
export function pageLines(session: PageSession, options: LineOptions): Promise<readonly string[]> {
  return lookInto(session, [], options, budgetOf(options), undefined);
}

/** The same for one element, or for what is in the frame that it shows. */
export async function elementLines(session: PageSession, found: Found, options: LineOptions): Promise<readonly string[]> {
  const inside = await framesIn(session, found);
  return inside === undefined ? lookInto(session, found.frames, options, budgetOf(options), found) : lookInto(session, inside, options, budgetOf(options), undefined);
}

type Budget = { frames: number; characters: number };

const budgetOf = ({ maxCharacters }: LineOptions): Budget => ({ frames: maxFrames, characters: maxCharacters });

async function lookInto(session: PageSession, frames: readonly Frame[], { interactiveOnly = false }: LineOptions, budget: Budget, part: Found | undefined): Promise<readonly string[]> {
  const world = worldOf(session, frames);
  const request = { next: session.nextRef, interactiveOnly, maxCharacters: budget.characters };
  const { lines, next } = await session.ask('its snapshot', () => (part === undefined ? world.callIn(readSnapshot, request) : world.callOn(part.handle, readSnapshot, request)));
  session.tookRefs(next, frames);
  const all: string[] = [];
  for (const line of lines) {
    if (!line.startsWith('\u0000')) {
      budget.characters -= line.length;
      all.push(line);
      continue;
    }
    const indent = ' '.repeat((/^ */.exec(all.at(-1) ?? '')?.[0].length ?? 0) + 1);
    for (const inner of await frameLines(session, frames, Number(line.slice(1)), interactiveOnly, budget)) all.push(indent + inner);
  }
  return all;
}

async function frameLines(session: PageSession, frames: readonly Frame[], reference: number, interactiveOnly: boolean, budget: Budget): Promise<readonly string[]> {
  if (budget.frames-- <= 0 || budget.characters <= 0) return [];
  const world = worldOf(session, frames);
  const handle = await world.handle(elementOfReference, reference);
  if (handle === undefined) return [];
  try {
    const inside = await framesIn(session, { world, handle, frames });
    if (inside === undefined) return [];
    const work = lookInto(session, inside, { interactiveOnly, maxCharacters: budget.characters }, budget, undefined);
    const late = new Promise<readonly string[]>((resolve) => void setTimeout(() => resolve(['"[this frame did not answer]"']), frameMs).unref());
    return await Promise.race([work.catch(() => ['"[this frame could not be read]"']), late]);
  } finally {
    await world.release(handle);
  }
}
