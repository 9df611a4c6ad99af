import { isObject, type Json, type JsonObject } from '../../shared/json.ts';

/** Attributes in the JSON encoding of OTLP. */
export function keyValues(attributes: JsonObject): readonly object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value ?? null) }));
}

/** Integers of 64 bits are texts there. What OTLP has no word for, nothing, is a value without a field. */
function anyValue(value: Json): object {
  switch (typeof value) {
    case 'string':
      return { stringValue: value };
    case 'boolean':
      return { boolValue: value };
    case 'number':
      return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
    default:
      if (value === null) return {};
      return Array.isArray(value) ? { arrayValue: { values: value.map((each: Json) => anyValue(each)) } } : isObject(value) ? { kvlistValue: { values: keyValues(value) } } : {};
  }
}
