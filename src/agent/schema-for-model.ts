import { isObject, type Json, type JsonObject } from '../shared/json.ts';

/** Bounds that every check of a call knows, and no model goes by; each would be paid for in every request. */
const leftOut: ReadonlySet<string> = new Set(['$schema', 'minLength', 'maxLength', 'minItems', 'maxItems']);
const safeBounds: ReadonlySet<Json> = new Set([Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]);

/** A JSON Schema as a model is told it: names, types, choices and descriptions. What is left out is still checked, and an argument that breaks it is answered with what is wrong. */
export function schemaForModel(schema: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(schema).flatMap(([key, value]) => {
    if (leftOut.has(key) || (key === 'additionalProperties' && value === false)) return [];
    if ((key === 'maximum' || key === 'minimum') && safeBounds.has(value)) return [];
    if (key === 'properties' && isObject(value)) return [[key, Object.fromEntries(Object.entries(value).map(([name, each]) => [name, inner(each)]))]];
    return [[key, key === 'default' || key === 'enum' || key === 'const' || key === 'examples' ? value : inner(value)]];
  }));
}

function inner(value: Json): Json {
  if (Array.isArray(value)) return value.map(inner);
  return isObject(value) ? schemaForModel(value) : value;
}
