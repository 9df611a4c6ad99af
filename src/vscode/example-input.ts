import { isObject, type Json, type JsonObject, type JsonSchema } from '../shared/json.ts';

/** A value to begin with when a person types an input: defaults and examples of the schema, required fields empty, all others left out. */
export function exampleInput(schema: JsonSchema | undefined): Json {
  return isObject(schema) ? example(schema, 0) : {};
}

function example(schema: JsonObject, depth: number): Json {
  const { default: fallback, const: constant, examples, enum: choices, type, properties, required } = schema;
  if (fallback !== undefined) return fallback;
  if (constant !== undefined) return constant;
  if (Array.isArray(examples) && examples[0] !== undefined) return examples[0] as Json;
  if (Array.isArray(choices) && choices[0] !== undefined) return choices[0] as Json;
  switch (Array.isArray(type) ? type[0] : type) {
    case 'string':
      return '';
    case 'number':
    case 'integer':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 0;
    case 'boolean':
      return false;
    case 'array':
      return [];
    case 'null':
      return null;
    default:
      // A schema can refer to itself only by $ref, which is not followed; the limit is for ones that are merely silly.
      return depth > 5 ? {} : fields(properties, required, depth);
  }
}

function fields(properties: Json | undefined, required: Json | undefined, depth: number): JsonObject {
  const names: readonly Json[] = Array.isArray(required) ? required : [];
  const entries = Object.entries(isObject(properties) ? properties : {}).flatMap(([name, child]): [string, Json][] => {
    if (!isObject(child)) return names.includes(name) ? [[name, null]] : [];
    return names.includes(name) || child['default'] !== undefined ? [[name, example(child, depth + 1)]] : [];
  });
  return Object.fromEntries(entries);
}
