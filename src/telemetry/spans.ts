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
  const trace = new GrowingTrace();
  trace.add(events);
  return trace.spans(state);
}

/** The steps of one run, as `spansOf` gives them, from a record that is read piece by piece: what is new costs no more in a long run than in a short one. */
export class GrowingTrace {
  readonly #nodes = new Map<string, Node>();
  readonly #roots: Node[] = [];
  readonly #received: EventOf<'span.received'>[] = [];
  #runStep: Node | undefined;

  /** Events that follow those that were added before. */
  add(events: readonly JournalEvent[]): void {
    for (const event of events) this.#take(event);
  }

  spans(state: RunState): readonly Span[] {
    return preorder(this.#received.length === 0 ? this.#roots : receivedTree(this.#received), isTerminal(state) ? 'unknown' : 'running');
  }

  #take(event: JournalEvent): void {
    if (event.type === 'step.started') {
      this.#begin(event);
    } else if (event.type === 'span.received') {
      this.#received.push(event);
    } else if (event.type === 'run.child') {
      const node = this.#nodes.get(event.step);
      if (node) node.span = { ...node.span, child: event.child };
    } else if (event.type === 'step.ended') {
      const node = this.#nodes.get(event.step);
      if (!node) return;
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

  #begin({ step, kind, name, input, at, parent: named }: EventOf<'step.started'>): void {
    const parent = (named === undefined ? undefined : this.#nodes.get(named)) ?? this.#runStep;
    const node: Node = {
      span: {
        id: step, kind, name, startedAt: at, status: 'running', depth: parent === undefined ? 0 : parent.span.depth + 1,
        ...(parent === undefined ? {} : { parent: parent.span.id }),
        ...(input === undefined ? {} : { input }),
      },
      children: [],
    };
    this.#nodes.set(step, node);
    if (kind === 'run') this.#runStep ??= node;
    (parent?.children ?? this.#roots).push(node);
  }
}

/** Spans of other programs arrive children first, and in any order. One whose parent is not here is a root, and one of each circle of parents is, and says so. */
function receivedTree(steps: readonly EventOf<'span.received'>[]): readonly Node[] {
  const nodes = new Map(steps.map((step) => [step.span, { span: receivedSpan(step), children: [] as Node[] }]));
  const sorted = [...nodes.values()].sort((a, b) => a.span.startedAt - b.span.startedAt);
  for (const node of openedCircles(sorted, (id) => nodes.get(id))) {
    const { parent: _inItself, ...span } = node.span;
    node.span = { ...span, circular: true };
  }
  const roots: Node[] = [];
  for (const node of sorted) {
    const parent = node.span.parent === undefined ? undefined : nodes.get(node.span.parent);
    (parent?.children ?? roots).push(node);
  }
  return roots;
}

/** The first of each circle of parents: no root leads to a circle, and what is in it or below it would be in no tree. */
function openedCircles(nodes: readonly Node[], find: (id: string) => Node | undefined): readonly Node[] {
  const firsts: Node[] = [];
  const walkOf = new Map<Node, Node>();
  for (const start of nodes) {
    let node: Node | undefined = start;
    for (; node !== undefined && !walkOf.has(node); node = node.span.parent === undefined ? undefined : find(node.span.parent)) walkOf.set(node, start);
    if (node === undefined || walkOf.get(node) !== start) continue;
    const circle = new Set<Node>();
    for (let next: Node | undefined = node; next !== undefined && !circle.has(next); next = find(next.span.parent ?? '')) circle.add(next);
    firsts.push([...circle].reduce((first, each) => (each.span.startedAt < first.span.startedAt ? each : first)));
  }
  return firsts;
}

function receivedSpan({ span: id, parent, kind, name, startedAt, ms, status, message, input, output }: EventOf<'span.received'>): Span {
  return {
    id, kind, name, startedAt, endedAt: startedAt + ms, depth: 0, status: status === 'error' ? 'error' : 'ok',
    ...(parent === undefined ? {} : { parent }), ...(input === undefined ? {} : { input: input.value }), ...(output === undefined ? {} : { output: output.value }),
    ...(status === 'error' ? { error: { code: 'tool-failed', message: message || 'The program has said no more than that it failed.' } } : {}),
  };
}

/** With a stack of its own: a chain may nest calls deeper than the call stack of the host allows. What is as it stands is not copied: there may be 100,000. */
function preorder(roots: readonly Node[], open: Span['status']): readonly Span[] {
  const spans: Span[] = [];
  const stack = roots.map((node) => ({ node, depth: 0 })).reverse();
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { node: { span, children }, depth } = top;
    const status = span.status === 'running' ? open : span.status;
    spans.push(span.depth === depth && span.status === status ? span : { ...span, depth, status });
    for (let i = children.length - 1; i >= 0; i--) stack.push({ node: children[i]!, depth: depth + 1 });
  }
  return spans;
}
