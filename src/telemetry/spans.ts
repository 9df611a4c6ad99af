import type { Span } from '../shared/dto.ts';
import type { EventOf, JournalEvent } from '../shared/events.ts';
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
  const received: EventOf<'span.received'>[] = [];
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
    } else if (event.type === 'span.received') {
      received.push(event);
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
  return preorder(received.length === 0 ? roots : receivedTree(received));
}

/** Spans of other programs arrive children first, and in any order. One whose parent is not here is a root. */
function receivedTree(steps: readonly EventOf<'span.received'>[]): readonly Node[] {
  const nodes = new Map(steps.map((step) => [step.span, { span: receivedSpan(step), children: [] as Node[] }]));
  const roots: Node[] = [];
  for (const node of [...nodes.values()].sort((a, b) => a.span.startedAt - b.span.startedAt)) {
    const parent = node.span.parent === undefined ? undefined : nodes.get(node.span.parent);
    (parent === undefined || parent === node ? roots : parent.children).push(node);
  }
  return roots;
}

function receivedSpan({ span: id, parent, kind, name, startedAt, ms, status, message, input, output }: EventOf<'span.received'>): Span {
  return {
    id, kind, name, startedAt, endedAt: startedAt + ms, depth: 0, status: status === 'error' ? 'error' : 'ok',
    ...(parent === undefined ? {} : { parent }), ...(input === undefined ? {} : { input: input.value }), ...(output === undefined ? {} : { output: output.value }),
    ...(status === 'error' ? { error: { code: 'tool-failed', message: message || 'The program has said no more than that it failed.' } } : {}),
  };
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
