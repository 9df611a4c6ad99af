import { applyEdits, findNodeAtLocation, getNodeValue, modify, parseTree } from 'jsonc-parser';
import { secretReference } from '../policy/secret-references.ts';
import type { TypedSecret } from './typed-secrets.ts';

const formattingOptions = { insertSpaces: true, tabSize: 2 };

/** A name that is free for what stands in that field, such as `github-api-token`. It says where it belongs and nothing of the value. */
export function nameOfTypedSecret({ owner, field }: TypedSecret, taken: readonly string[]): string {
  const last = field.split('.').at(-1) ?? field;
  const wish = `${owner}-${last}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '').slice(0, 56) || 'secret';
  let free = wish;
  for (let next = 2; taken.includes(free); next++) free = `${wish}-${next}`;
  return free;
}

/** The ids of the inputs that a file declares. */
export function inputIds(text: string): readonly string[] {
  const tree = parseTree(text, [], { allowTrailingComma: true });
  const node = tree && findNodeAtLocation(tree, ['inputs']);
  const inputs: unknown = node === undefined ? [] : getNodeValue(node);
  return Array.isArray(inputs) ? inputs.flatMap((input: { readonly id?: unknown } | null) => (typeof input?.id === 'string' ? [input.id] : [])) : [];
}

/** What stands around a secret of a model provider: the whole entry of it. */
export function providerEntryOf(text: string, { path, field }: TypedSecret): Readonly<Record<string, unknown>> {
  const tree = parseTree(text, [], { allowTrailingComma: true });
  const node = tree && findNodeAtLocation(tree, path.slice(0, path.length - field.split('.').length));
  const entry: unknown = node === undefined ? {} : getNodeValue(node);
  return typeof entry === 'object' && entry !== null ? { ...entry } : {};
}

/** What is written in place of the secret; `undefined` where the field goes. */
export function writtenInstead({ before, place }: TypedSecret, name: string): string | undefined {
  return place === 'key' ? undefined : `${before}${place === 'input' ? `\${input:${name}}` : secretReference(name)}`;
}

/** The text without the secret, with what stands for it in its place. Comments and all else stay as they are. */
export function withTypedSecretMoved(text: string, found: TypedSecret, name: string): string {
  const path = [...found.path];
  const replaced = applyEdits(text, modify(text, path, writtenInstead(found, name), { formattingOptions }));
  if (found.place !== 'input') return replaced;
  const input = { type: 'promptString', id: name, description: `${found.field} of the MCP server ${found.owner}`, password: true };
  return applyEdits(replaced, modify(replaced, ['inputs', -1], input, { formattingOptions, isArrayInsertion: true }));
}

/** The one stretch in which two texts differ, so that an editor changes only that. */
export function changedStretch(before: string, after: string): { readonly start: number; readonly end: number; readonly text: string } {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let tail = 0;
  while (tail < Math.min(before.length, after.length) - start && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return { start, end: before.length - tail, text: after.slice(start, after.length - tail) };
}
