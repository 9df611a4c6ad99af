import type { Span } from '../shared/dto.ts';
import type { JournalEvent } from '../shared/events.ts';
import { isTerminal, type RunState } from '../shared/run-state.ts';

interface Node {
  span: Span;
  readonly children: Node[];
}

/**
 * The trace of a run as a flat list in reading order: each step before its children, siblings by start, `depth` from 0.
 * A step without an end is `running` while the run is live, and `unknown` afterwards: its host died in the middle.
 * A step that names no parent, or one that is not in `events`, belongs to the run's own step.
 */
export function spansOf(events: readonly JournalEvent[], state: RunState): readonly Span[] {
  const open = isTerminal(state) ? 'unknown' : 'running';
  const nodes = new Map<string, Node>();
  const roots: Node[] = [];
  let runStep: Node | undefined;
  for (const event of events) {
    if (event.type === 'step.started') {
      const { step, kind, name, input, at } = event;
      const parent = (event.parent === undefined ? undefined : nodes.get(event.parent)) ?? runStep;
      const node: Node = {
        span: {
          id: step, kind, name, startedAt: at, status: open, depth: 0,
          ...(parent === undefined ? {} : { parent: parent.span.id }),
          ...(input === undefined ? {} : { input }),
        },
        children: [],
      };
      nodes.set(step, node);
      if (kind === 'run') runStep ??= node;
      (parent?.children ?? roots).push(node);
    } else if (event.type === 'run.child') {
      const node = nodes.get(event.step);
      if (node) node.span = { ...node.span, child: event.child };
    } else if (event.type === 'step.ended') {
      const node = nodes.get(event.step);
      if (!node) continue;
      const { status, output, error, ms } = event;
      node.span = {
        ...node.span,
        status,
        // The step's own monotonic duration: the wall clock may have been set in between, and has whole milliseconds only.
        endedAt: node.span.startedAt + ms,
        ...(output === undefined ? {} : { output }),
        ...(error === undefined ? {} : { error }),
      };
    }
  }
  return preorder(roots);
}

/** With a stack of its own: a chain may nest calls deeper than the call stack of the host allows. */
function preorder(roots: readonly Node[]): readonly Span[] {
  const spans: Span[] = [];
  const stack = roots.map((node) => ({ node, depth: 0 })).reverse();
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { node, depth } = top;
    spans.push({ ...node.span, depth });
    for (let i = node.children.length - 1; i >= 0; i--) stack.push({ node: node.children[i]!, depth: depth + 1 });
  }
  return spans;
}
