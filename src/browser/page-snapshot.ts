import { withElement } from './page-elements.ts';
import { allFrames } from './page-frames.ts';
import { elementLines, pageLines, type LineOptions } from './page-lines.ts';
import type { PageSession } from './page-session.ts';

export interface SnapshotOptions extends LineOptions {
  /** Only this part of the page, or the content of this frame. */
  readonly selector?: string;
}

/** The page or a part of it as lines, with the content of its frames in their places. */
export function snapshotLines(session: PageSession, { selector, ...options }: SnapshotOptions): Promise<readonly string[]> {
  return selector === undefined ? pageLines(session, options) : withElement(session, selector, (found) => elementLines(session, found, options));
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
