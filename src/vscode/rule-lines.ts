import { findNodeAtLocation, getNodeValue, parseTree } from 'jsonc-parser';
import { canonical } from '../policy/mcp-identity.ts';
import { extensionName } from './names.ts';

/** `below`: the key under which a workspace file has its settings. Only for entries that the file holds in the same place with the same content: a wrong line would be worse than none. */
export function linesOf(text: string, value: unknown, shown: string, ...below: readonly string[]): readonly (string | undefined)[] {
  const tree = parseTree(text, [], { allowTrailingComma: true });
  const list = Array.isArray(value) ? value : [];
  return list.map((entry: unknown, index) => {
    const node = tree && findNodeAtLocation(tree, [...below, `${extensionName}.rules`, index]);
    return node !== undefined && canonical(getNodeValue(node)) === canonical(entry) ? `${shown}:${text.slice(0, node.offset).split('\n').length}` : undefined;
  });
}
