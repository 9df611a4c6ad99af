import { describe, expect, it } from 'vitest';
import { schemaForModel } from '../../../src/agent/schema-for-model.ts';

describe('a schema as a model is told it', () => {
  it('keeps names, types, choices, defaults and limits that mean something, and leaves out the rest', () => {
    expect(schemaForModel({
      $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object', additionalProperties: false, required: ['path'],
      properties: {
        path: { type: 'string', minLength: 1, maxLength: 4096, description: 'Relative.' },
        from: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER, default: 1 },
        list: { type: 'array', minItems: 1, maxItems: 8, items: { anyOf: [{ type: 'string', maxLength: 3 }, { enum: ['a', 'b'] }] } },
      },
    })).toEqual({
      type: 'object', required: ['path'],
      properties: {
        path: { type: 'string', description: 'Relative.' },
        from: { type: 'integer', minimum: 1, default: 1 },
        list: { type: 'array', items: { anyOf: [{ type: 'string' }, { enum: ['a', 'b'] }] } },
      },
    });
  });

  it('takes nothing from arguments that are called like a bound, nor from values', () => {
    const schema = { type: 'object', properties: { maxLength: { type: 'number' }, additionalProperties: { type: 'boolean', default: false } }, default: { minItems: 1 }, additionalProperties: { type: 'string' } };
    expect(schemaForModel(schema)).toEqual(schema);
  });
});
