import type { Span } from '../shared/dto.ts';
import { aboutOf } from './about.ts';

export interface StepNode {
  readonly span: Span;
  readonly children: StepNode[];
}

/** A step of the first run, of the second, or of both. */
export interface StepPair {
  readonly depth: number;
  readonly a?: StepNode;
  readonly b?: StepNode;
}

/** Each way to recognise a step again, the surest first: what it was about, its name, and at last only its kind, as when another model was asked. */
const keys: readonly ((span: Span) => string)[] = [
  ({ kind, name, input }) => JSON.stringify([kind, name, aboutOf(input)]),
  ({ kind, name }) => JSON.stringify([kind, name]),
  ({ kind }) => kind,
];

/**
 * The steps of two runs side by side, level by level: below steps that belong together, children do. Takes time in proportion to the steps, however many they are; the n-th of several
 * equal ones belongs to the n-th.
 */
export function alignSteps(a: readonly Span[], b: readonly Span[]): readonly StepPair[] {
  const pairs: StepPair[] = [];
  const stack = [...level(treeOf(a), treeOf(b), 0)].reverse();
  // With a stack of its own: a chain may nest calls deeper than the call stack of the host allows.
  for (let pair = stack.pop(); pair !== undefined; pair = stack.pop()) {
    pairs.push(pair);
    for (const below of level(pair.a?.children ?? [], pair.b?.children ?? [], pair.depth + 1).toReversed()) stack.push(below);
  }
  return pairs;
}

function treeOf(spans: readonly Span[]): readonly StepNode[] {
  const roots: StepNode[] = [];
  const path: StepNode[] = [];
  for (const span of spans) {
    const node = { span, children: [] };
    (span.depth === 0 ? roots : (path[span.depth - 1]?.children ?? roots)).push(node);
    path[span.depth] = node;
  }
  return roots;
}

function level(a: readonly StepNode[], b: readonly StepNode[], depth: number): readonly StepPair[] {
  const partner = new Map<number, number>();
  const taken = new Set<number>();
  for (const key of keys) {
    const free = new Map<string, number[]>();
    b.forEach(({ span }, j) => {
      if (taken.has(j)) return;
      const list = free.get(key(span));
      if (list) list.push(j);
      else free.set(key(span), [j]);
    });
    const next = new Map<string, number>();
    a.forEach(({ span }, i) => {
      if (partner.has(i)) return;
      const name = key(span);
      const at = next.get(name) ?? 0;
      const j = free.get(name)?.[at];
      if (j === undefined) return;
      next.set(name, at + 1);
      partner.set(i, j);
      taken.add(j);
    });
  }
  // What only the second run has stands behind the step that it came after there.
  const alone = new Map<number, StepPair[]>();
  let before = -1;
  b.forEach((node, j) => {
    if (taken.has(j)) before = j;
    else {
      const list = alone.get(before);
      if (list) list.push({ depth, b: node });
      else alone.set(before, [{ depth, b: node }]);
    }
  });
  return [...(alone.get(-1) ?? []), ...a.flatMap((node, i) => {
    const j = partner.get(i);
    return j === undefined ? [{ depth, a: node }] : [{ depth, a: node, b: b[j]! }, ...(alone.get(j) ?? [])];
  })];
}
