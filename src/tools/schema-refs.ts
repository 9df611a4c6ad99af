export type Schema = { readonly [key: string]: unknown };

export function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** What a `$ref` points to inside the same document. References to other documents are never fetched and find nothing. */
export function resolveRef(root: unknown, ref: unknown): Schema | boolean | undefined {
  if (typeof ref !== 'string' || !ref.startsWith('#')) return undefined;
  const fragment = ref.slice(1);
  if (fragment !== '' && !fragment.startsWith('/')) return byAnchor(root, fragment);
  let node: unknown = root;
  for (const key of fragment.split('/').slice(1).map(unescaped)) {
    const parent: unknown = node;
    node = Array.isArray(parent) ? parent[Number(key)] : isSchema(parent) && Object.hasOwn(parent, key) ? parent[key] : undefined;
  }
  return isSchema(node) || typeof node === 'boolean' ? node : undefined;
}

/** The last word of a reference: what its author calls the thing. */
export function refName(ref: string): string {
  return unescaped(ref.slice(Math.max(ref.lastIndexOf('/'), ref.lastIndexOf('#')) + 1));
}

function unescaped(key: string): string {
  let text = key;
  try {
    text = decodeURIComponent(key);
  } catch {
    // Not percent-encoded after all.
  }
  return text.replace(/~1/g, '/').replace(/~0/g, '~');
}

function byAnchor(root: unknown, anchor: string): Schema | undefined {
  if (!isSchema(root)) return undefined;
  const definitions = [root['$defs'], root['definitions']].flatMap((group) => (isSchema(group) ? Object.values(group) : []));
  return [root, ...definitions].filter(isSchema).find((schema) => schema['$anchor'] === anchor || schema['$dynamicAnchor'] === anchor);
}

/** Whether `from` is `to`, or is made of it without an object, array or tuple between: an alias of it would then refer to itself in a circle. */
export function isMadeOf(root: unknown, from: Schema, to: Schema): boolean {
  const seen = new Set<Schema>();
  const visit = (schema: unknown): boolean => {
    if (!isSchema(schema) || seen.has(schema)) return false;
    seen.add(schema);
    const target = resolveRef(root, schema['$ref'] ?? schema['$dynamicRef']);
    if (target === to || visit(target)) return true;
    return ['anyOf', 'oneOf', 'allOf'].some((key) => listOf(schema[key]).some((part) => part === to || visit(part)));
  };
  return from === to || visit(from);
}
