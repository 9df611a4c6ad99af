import { AssassinError } from '../shared/errors.ts';
import { isObject, type Json, type JsonObject } from '../shared/json.ts';

/** One text or attribute of the first match. */
export type FieldPlan = { readonly kind: 'field'; readonly selector: string; readonly attr: string | null };

/** A shape that has been checked: what is done for each node of the result. JSON, because it is sent into the page. */
export type ExtractPlan =
  | FieldPlan
  | { readonly kind: 'fields'; readonly field: FieldPlan }
  | { readonly kind: 'object'; readonly of: { readonly [key: string]: ExtractPlan } }
  | { readonly kind: 'rows'; /** null: the row is inferred from the first field */ readonly each: string | null; readonly of: { readonly [key: string]: ExtractPlan } };

const help = 'Write a selector, { selector, attr }, { name: shape }, [selector], { $each: selector, name: shape } or [{ name: shape }].';

/**
 * Reads a shape:
 *
 * - `'.price'`: the text of the first match, white space folded; null where nothing matches.
 * - `{ selector: 'a', attr: 'href' }`: an attribute of the first match; addresses are made absolute, `value` is what a field holds now.
 * - `{ name: shape, ... }`: an object with these keys.
 * - `['.tag']` or `[{ selector, attr }]`: the texts or attributes of all matches.
 * - `{ $each: '.row', name: shape, ... }`, also as the one element of an array: one object for each match, its fields looked up inside it.
 * - `[{ name: '.name', price: '.price' }]`: the same with the row inferred. Each match of the *first* field makes a row: the largest element around it
 *   in which no other match of the first field lies.
 *
 * Throws `invalid-input` naming the place in the shape.
 */
export function extractPlan(shape: Json, path = 'shape'): ExtractPlan {
  if (typeof shape === 'string') return field(shape, null, path);
  if (Array.isArray(shape)) return listPlan(shape as readonly Json[], path);
  if (!isObject(shape)) throw wrong(path, 'is neither a selector nor an object nor a list');
  const keys = Object.keys(shape);
  if (keys.includes('$each')) return rowsPlan(shape, path);
  if (keys.includes('selector') && keys.every((key) => key === 'selector' || key === 'attr')) return field(shape['selector'], shape['attr'] ?? null, path);
  return { kind: 'object', of: fieldsOf(shape, path) };
}

function listPlan(list: readonly Json[], path: string): ExtractPlan {
  const [only] = list;
  if (list.length !== 1 || only === undefined) throw wrong(path, `is a list of ${list.length} shapes, but a list takes exactly one: that of its elements`);
  const inner = extractPlan(only, `${path}[0]`);
  switch (inner.kind) {
    case 'field':
      return { kind: 'fields', field: inner };
    case 'rows':
      return inner;
    case 'object': {
      const first = Object.entries(inner.of)[0];
      if (first?.[1].kind !== 'field') throw wrong(`${path}[0]`, 'must begin with a field that is a selector, from which the rows are inferred, or name the rows with $each');
      return { kind: 'rows', each: null, of: inner.of };
    }
    case 'fields':
      throw wrong(path, 'is a list in a list');
  }
}

function rowsPlan(shape: JsonObject, path: string): ExtractPlan {
  const { $each: each, ...rest } = shape;
  if (typeof each !== 'string' || each.trim() === '') throw wrong(`${path}.$each`, 'is not a selector');
  if (Object.keys(rest).length === 0) throw wrong(path, 'has $each but no fields');
  return { kind: 'rows', each, of: fieldsOf(rest, path) };
}

function fieldsOf(shape: JsonObject, path: string): Record<string, ExtractPlan> {
  const entries = Object.entries(shape);
  if (entries.length === 0) throw wrong(path, 'is empty');
  return Object.fromEntries(entries.map(([key, value]) => [key, extractPlan(value, `${path}.${key}`)]));
}

function field(selector: Json | undefined, attr: Json, path: string): FieldPlan {
  if (typeof selector !== 'string' || selector.trim() === '') throw wrong(path, 'is not a selector');
  if (attr !== null && typeof attr !== 'string') throw wrong(`${path}.attr`, 'is not the name of an attribute');
  return { kind: 'field', selector, attr };
}

function wrong(path: string, what: string): AssassinError {
  return new AssassinError('invalid-input', `page.extract got a wrong shape: ${path} ${what}.`, { hint: help, data: { path } });
}
