import { describe, expect, it } from 'vitest';
import { inputCheck } from '../../../src/chains/input-schema.ts';
import type { Json, JsonSchema } from '../../../src/shared/json.ts';

function check(schema: JsonSchema, input: Json): Json {
  const made = inputCheck(schema);
  if (typeof made !== 'function') throw new Error(made.message);
  return made(input);
}
const shop: JsonSchema = {
  type: 'object',
  properties: { url: { type: 'string', format: 'uri' }, pages: { type: 'integer', minimum: 1, default: 3 }, tags: { type: 'array', items: { type: 'string' } }, at: { type: 'object', properties: { zone: { type: 'string' } }, required: ['zone'] } },
  required: ['url'],
};

describe('an input', () => {
  it('gets the defaults and keeps fields that the schema does not name', () => {
    expect(check(shop, { url: 'https://a.example/', more: 1 })).toEqual({ url: 'https://a.example/', pages: 3, more: 1 });
  });

  it('that is nothing counts as no fields', () => {
    expect(check({ type: 'object', properties: { n: { type: 'number', default: 1 } } }, null)).toEqual({ n: 1 });
    expect(() => check({ type: 'string' }, null)).toThrow(/input: /);
  });

  it.each([
    [{}, 'input.url: is missing; it must be text'],
    [null, 'input.url: is missing; it must be text'],
    [{ url: 'nonsense' }, 'input.url: must be a web address'],
    [{ url: 'https://a.example/', pages: 1.5 }, 'input.pages: '],
    [{ url: 'https://a.example/', pages: 0 }, 'input.pages: must be at least 1'],
    [{ url: 'https://a.example/', tags: ['a', 2] }, 'input.tags.1: '],
    [{ url: 'https://a.example/', at: {} }, 'input.at.zone: is missing; it must be text'],
    ['text', 'input: '],
  ])('%j is refused, naming the field', (input, part) => {
    expect(() => check(shop, input as Json)).toThrow(expect.objectContaining({ code: 'invalid-input', message: expect.stringContaining(part) as string }) as Error);
  });

  it('with several faults names them all', () => {
    expect(() => check(shop, { url: 5, pages: 'x' })).toThrow(/input\.url: .*input\.pages: /);
  });

  it('is not judged by a schema that would check less than it says', () => {
    expect(inputCheck({ type: 'object', properties: { a: { type: 'array', items: { minLength: 1 } } } })).toMatchObject({ path: ['properties', 'a', 'items'] });
    expect(inputCheck({ type: 'object', unevaluatedProperties: false })).toMatchObject({ message: expect.stringContaining('not supported') as string });
    expect(inputCheck(true)).toBeTypeOf('function');
  });
});
