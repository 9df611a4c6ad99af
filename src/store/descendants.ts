import type { RunSummary } from '../shared/dto.ts';

/** A task that was resumed often may have many runs below it; more than these are not looked at. */
const mostRuns = 300;

/** Every run below one, each before its own children, in the order of their start. */
export function descendantsOf(run: string, children: (run: string) => readonly RunSummary[]): readonly RunSummary[] {
  const found: RunSummary[] = [];
  const walk = (parent: string) => {
    for (const child of children(parent)) {
      if (found.length >= mostRuns) return;
      found.push(child);
      walk(child.id);
    }
  };
  walk(run);
  return found;
}
