import type { JsonSchemaType } from '@modelcontextprotocol/client';

/** A schema of a stranger is compiled and run in this program: deeper or larger ones than any real tool has are not. */
const maxDepth = 64;
const maxNodes = 20_000;
/** Steps that a pattern may take at worst. */
const patternSteps = 10_000_000;
/** Keywords that hold values, not schemas: what looks like a schema in them is none. */
const values: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples']);
/** A text of this length is still searched quickly by a pattern whose work doubles with each character. */
const exponentialLength = 20;

/**
 * The same schema in bounds: nothing of it is fetched from elsewhere, and no text is so long that its pattern would stop the program. Longer texts are left to
 * the server to check. Throws for what cannot be bounded.
 */
export function boundedSchema(schema: JsonSchemaType): JsonSchemaType {
  let nodes = 0;
  const walk = (value: unknown, depth: number): unknown => {
    if (depth > maxDepth) throw new Error(`it is nested more than ${maxDepth} levels deep`);
    if (++nodes > maxNodes) throw new Error(`it has more than ${maxNodes} parts`);
    if (Array.isArray(value)) return value.map((item) => walk(item, depth + 1));
    if (typeof value !== 'object' || value === null) return value;
    for (const key of ['$ref', '$dynamicRef', '$recursiveRef']) {
      const target: unknown = Reflect.get(value, key);
      if (typeof target === 'string' && /^[a-z][a-z0-9+.-]*:|^\/\//i.test(target)) throw new Error(`it refers to ${target.slice(0, 100)}, and nothing is fetched for a schema`);
    }
    const patterns: unknown = Reflect.get(value, 'patternProperties');
    if (typeof patterns === 'object' && patterns !== null) {
      for (const pattern of Object.keys(patterns)) if (lengthFor(pattern) < 1000) throw new Error('a pattern of its property names could take too long');
    }
    const walked = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, values.has(key) ? item : walk(item, depth + 1)]));
    const { pattern, allOf } = walked;
    if (typeof pattern !== 'string' || !Number.isFinite(lengthFor(pattern))) return walked;
    const { pattern: _moved, ...rest } = walked;
    // A condition, not a choice: the parts of a choice are all tried where validators count what was looked at.
    return { ...rest, allOf: [...(Array.isArray(allOf) ? (allOf as readonly unknown[]) : []), { if: { maxLength: lengthFor(pattern) }, then: { pattern } }] };
  };
  return walk(schema, 0) as JsonSchemaType;
}

/** The longest text that a pattern is tried on: with n repetitions without an end, the work may grow with the length to the power of n + 1. */
function lengthFor(pattern: string): number {
  const plain = pattern.replace(/\\[^1-9k]/g, '_').replace(/\[[^\]]*\]/g, '_');
  if (/\\[1-9k]/.test(plain) || /\([^)]*([+*{|]|\()[^)]*\)+([+*]|\{\d*,)/.test(plain)) return exponentialLength;
  const repetitions = plain.match(/[+*]|\{\d*,\d*\}/g)?.length ?? 0;
  return repetitions === 0 ? Number.POSITIVE_INFINITY : Math.floor(patternSteps ** (1 / (repetitions + 1)));
}
