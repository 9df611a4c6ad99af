import { AjvJsonSchemaValidator } from '@modelcontextprotocol/client/validators/ajv';
import { expect, test } from 'vitest';
import { lazyValidator } from '../../../src/mcp/lazy-validator.ts';

test('a schema is compiled once, when something is first checked against it', () => {
  const real = new AjvJsonSchemaValidator();
  let compiled = 0;
  const lazy = lazyValidator({ getValidator: (schema) => {
    compiled += 1;
    return real.getValidator(schema);
  } });
  const check = lazy.getValidator({ type: 'object', properties: { n: { type: 'number' } }, required: ['n'] });
  expect(compiled).toBe(0);
  expect(check({ n: 1 }).valid).toBe(true);
  expect(check({ n: 'one' })).toMatchObject({ valid: false, errorMessage: expect.stringContaining('number') as string });
  expect(compiled).toBe(1);
});

test('a schema that cannot be used fails what is checked against it, and nothing else', () => {
  const check = lazyValidator(new AjvJsonSchemaValidator()).getValidator({ $schema: 'https://example.com/no-such-dialect' });
  expect(check({})).toMatchObject({ valid: false, errorMessage: expect.stringContaining('the schema itself cannot be used') as string });
});
