import type { AnyNode, Program } from 'acorn';
import { nodesOf } from './syntax-tree.ts';

interface Place {
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/**
 * The beginning of the call that a frame stands for. The engine gives the place of whatever was evaluated last before the call, often an argument
 * far behind its beginning. In the innermost frame something other than a call may have failed; there only `new X(...)` is looked for,
 * because an error remembers the place where it was made.
 */
export function callSite(tree: Program, place: Place, innermost: boolean): Place {
  let best: AnyNode | undefined;
  for (const node of nodesOf(tree)) {
    const isCall = node.type === 'NewExpression' || (!innermost && (node.type === 'CallExpression' || node.type === 'TaggedTemplateExpression'));
    if (isCall && holds(node, place) && (best === undefined || node.end - node.start < best.end - best.start)) best = node;
  }
  const start = best?.loc?.start;
  return start === undefined ? place : { line: start.line, column: start.column + 1 };
}

function holds({ loc }: AnyNode, { line, column }: Place): boolean {
  if (!loc) return false;
  const afterStart = line > loc.start.line || (line === loc.start.line && column - 1 >= loc.start.column);
  const beforeEnd = line < loc.end.line || (line === loc.end.line && column - 1 < loc.end.column);
  return afterStart && beforeEnd;
}
