import type { RunSummary } from '../../shared/dto.ts';
import { formatDuration } from '../../shared/duration.ts';
import { formatUsd } from '../../shared/money.ts';
import { oneLine } from '../text.ts';

/** A run with the runs that it has started. */
export interface RunBranch {
  readonly run: RunSummary;
  readonly children: readonly RunBranch[];
}

/** The runs below one as a tree: state, title, who worked, duration, cost, id. */
export function renderRunTree(branches: readonly RunBranch[], before = ''): readonly string[] {
  return branches.flatMap(({ run, children }, i) => {
    const last = i === branches.length - 1;
    const parts = [run.state, ...(run.durationMs === undefined ? [] : [formatDuration(run.durationMs)]), run.costMark === 'unknown' ? 'unpriced' : formatUsd(run.costUsd), run.id];
    return [`${before}${last ? '└─ ' : '├─ '}${oneLine(run.title)} (${oneLine(run.source)}): ${parts.join(', ')}`, ...renderRunTree(children, `${before}${last ? '   ' : '│  '}`)];
  });
}

/** The tree below a run; agents of agents end somewhere, and so does this. */
export function branchesOf(run: string, childrenOf: (run: string) => readonly RunSummary[], depth = 10): readonly RunBranch[] {
  return depth === 0 ? [] : childrenOf(run).map((child) => ({ run: child, children: branchesOf(child.id, childrenOf, depth - 1) }));
}
