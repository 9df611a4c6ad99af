import type { AnyNode, Node } from 'acorn';

/** Every node of a tree, each before its children, in no other promised order. With a stack of its own, because source may nest deeper than the host's call stack. */
export function* nodesOf(tree: Node): Generator<AnyNode> {
  const stack: unknown[] = [tree];
  while (stack.length > 0) {
    const value = stack.pop();
    if (isNode(value)) yield value;
    else if (!Array.isArray(value)) continue;
    // Not spread into one `push`: an array literal of 200,000 elements would be as many arguments.
    for (const child of Object.values(value)) stack.push(child);
  }
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string' && 'start' in value;
}
