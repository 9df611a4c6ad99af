import { isObject, parsedJson, type Json, type JsonObject } from '../../shared/json.ts';

/** The first of these attributes that is text and not empty. */
export function textOf(attributes: JsonObject, keys: readonly string[]): string | undefined {
  return keys.map((key) => attributes[key]).find((value): value is string => typeof value === 'string' && value !== '');
}

/** The first of these attributes that is a number of 0 or more. Numbers may be written as text. */
export function amountOf(attributes: JsonObject, keys: readonly string[]): number | undefined {
  return keys.map((key) => attributes[key]).map((value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value)).find((value): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0);
}

/** Objects may be written as JSON; anything else is an empty one. */
export function objectOf(value: Json | undefined): JsonObject {
  const object = typeof value === 'string' ? parsedJson(value) : value;
  return isObject(object) ? object : {};
}
