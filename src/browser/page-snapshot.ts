import type { Frame } from 'puppeteer-core/internal/puppeteer-core-browser.js';
import { withElement } from './page-elements.ts';
import { allFrames, framesIn, worldOf, type Found } from './page-frames.ts';
import type { PageSession } from './page-session.ts';
import { elementOfReference, readSnapshot } from './snapshot-script.ts';

export interface SnapshotOptions {
  readonly selector?: string;
  /** Only what can be used. */
  readonly interactiveOnly?: boolean;
  readonly maxCharacters: number;
}

/** Frames that one snapshot looks into. */
const maxFrames = 50;
/** Longest that a frame is waited for: one that does not answer must not keep the rest of the page away. */
const frameMs = 5000;

/** The page as lines, with the content of its frames in their places. */
export async function snapshotLines(session: PageSession, options: SnapshotOptions): Promise<readonly string[]> {
  const { selector, ...rest } = options;
  const budget = { frames: maxFrames, characters: rest.maxCharacters };
  const lines = selector === undefined
    ? await documentLines(session, [], rest, budget)
    : await withElement(session, selector, async (found) => {
        const inside = await framesIn(session, found);
        return inside === undefined ? lookInto(session, found.frames, rest, budget, found) : documentLines(session, inside, rest, budget);
      });
  return lines;
}

type Budget = { frames: number; characters: number };

function documentLines(session: PageSession, frames: readonly Frame[], options: Omit<SnapshotOptions, 'selector'>, budget: Budget): Promise<readonly string[]> {
  return lookInto(session, frames, options, budget, undefined);
}

async function lookInto(session: PageSession, frames: readonly Frame[], { interactiveOnly = false }: Omit<SnapshotOptions, 'selector'>, budget: Budget, part: Found | undefined): Promise<readonly string[]> {
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

/** What is in the frames of a page, to be told which there are. */
export function frameList(session: PageSession): readonly { readonly url: string; readonly name: string; readonly depth: number }[] {
  return allFrames(session).map((path) => ({ url: path.at(-1)!.url(), name: path.at(-1)!.name(), depth: path.length }));
}

/** The lines that came and went between two snapshots, in their order; `undefined` where nothing did. Lines that only moved are not told. */
export function changedLines(before: readonly string[], after: readonly string[]): readonly string[] | undefined {
  const count = (lines: readonly string[]) => {
    const counts = new Map<string, number>();
    for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
    return counts;
  };
  const minus = (lines: readonly string[], other: Map<string, number>) => lines.filter((line) => {
    const left = other.get(line) ?? 0;
    other.set(line, left - 1);
    return left <= 0;
  });
  const gone = minus(before, count(after)).map((line) => `-${line}`);
  const come = minus(after, count(before)).map((line) => `+${line}`);
  return gone.length + come.length === 0 ? undefined : [...gone, ...come];
}
