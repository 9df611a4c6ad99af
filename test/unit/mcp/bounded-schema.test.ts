import { AjvJsonSchemaValidator } from '@modelcontextprotocol/client/validators/ajv';
import { describe, expect, it } from 'vitest';
import { boundedSchema } from '../../../src/mcp/bounded-schema.ts';

const check = (schema: object, value: unknown) => new AjvJsonSchemaValidator().getValidator(boundedSchema(schema as Parameters<typeof boundedSchema>[0]))(value);

describe('a schema of a stranger', () => {
  it('means what it meant: references, definitions and patterns hold', () => {
    const schema = { $defs: { word: { type: 'string', pattern: '^[a-z]+(-[a-z]+)*$' } }, type: 'object', properties: { a: { $ref: '#/$defs/word' }, b: { type: 'string', pattern: '^\\d{3}$' }, c: { type: 'string', pattern: '\\d+-\\d+' } } };
    expect(check(schema, { a: 'some-words', b: '123', c: '1-2' }).valid).toBe(true);
    for (const wrong of [{ a: 'Some' }, { b: '12' }, { c: '1-' }]) expect(check(schema, wrong)).toMatchObject({ valid: false, errorMessage: expect.stringContaining('pattern') as string });
  });

  it('does not stop the program with a pattern whose work doubles with each character', () => {
    expect(check({ type: 'string', pattern: '^(a+)+$' }, `${'a'.repeat(5000)}!`).valid).toBe(true);
    expect(check({ type: 'string', pattern: '^(a|a)*$' }, `${'a'.repeat(5000)}!`).valid).toBe(true);
    expect(check({ type: 'string', pattern: '(.*)\\1+x' }, 'a'.repeat(5000)).valid).toBe(true);
  });

  it('does not try slow patterns on long texts', () => {
    expect(check({ type: 'string', pattern: 'a*b*c*$' }, `${'a'.repeat(2_000_000)}!`).valid).toBe(true);
  });

  it.each([
    ['https://example.com/schema.json', 'nothing is fetched'], ['//example.com/schema.json', 'nothing is fetched'], ['file:///etc/passwd', 'nothing is fetched'],
  ])('is not used where it refers to %s', (target, why) => {
    expect(() => boundedSchema({ type: 'object', properties: { a: { $ref: target } } })).toThrow(why);
  });

  it('is not used where it is deeper or larger than any real one', () => {
    const deep = JSON.parse(`${'{"items":'.repeat(100)}{}${'}'.repeat(100)}`) as object;
    expect(() => check(deep, [])).toThrow('levels deep');
    expect(() => check({ anyOf: Array.from({ length: 20_001 }, () => ({})) }, 1)).toThrow('parts');
    expect(() => check({ type: 'object', patternProperties: { '^(a+)+$': {} } }, {})).toThrow('property names');
  });
});
