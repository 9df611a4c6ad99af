import type { AnyNode, Program } from 'acorn';
import { nodesOf } from '../syntax-tree.ts';

/** Offsets into the source; the text goes in place of what lies between them. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export function edited(source: string, edits: readonly Edit[]): string {
  let text = '';
  let done = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    if (edit.start < done) continue;
    text += source.slice(done, edit.start) + edit.text;
    done = edit.end;
  }
  return text + source.slice(done);
}

/** Takes a statement out and leaves the lines below where they are. */
export function removal(source: string, { start, end }: { readonly start: number; readonly end: number }): Edit {
  return { start, end, text: '\n'.repeat(source.slice(start, end).split('\n').length - 1) };
}

/** Packages ask `process.env.NODE_ENV` which of their builds is wanted; there is no process here to ask, and a bundler would write the answer in too. */
export function environmentEdits(tree: Program): readonly Edit[] {
  const edits: Edit[] = [];
  for (const node of nodesOf(tree)) if (isMember(node, 'NODE_ENV') && isMember(node.object, 'env') && node.object.object.type === 'Identifier' && node.object.object.name === 'process') edits.push({ start: node.start, end: node.end, text: '"production"' });
  return edits;
}

function isMember(node: AnyNode, name: string): node is Extract<AnyNode, { type: 'MemberExpression' }> {
  return node.type === 'MemberExpression' && !node.computed && node.property.type === 'Identifier' && node.property.name === name;
}
