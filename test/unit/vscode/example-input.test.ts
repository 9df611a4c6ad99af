import { describe, expect, it } from 'vitest';
import { exampleInput } from '../../../src/vscode/example-input.ts';

describe('exampleInput', () => {
  it('fills in defaults and required fields, and leaves optional ones out', () => {
    expect(exampleInput({
      type: 'object',
      required: ['url', 'pages', 'deep'],
      properties: {
        url: { type: 'string', examples: ['https://shop.example'] },
        pages: { type: 'integer', minimum: 1 },
        currency: { type: 'string', enum: ['EUR', 'USD'], default: 'USD' },
        note: { type: 'string' },
        deep: { type: 'object', required: ['on', 'rows'], properties: { on: { type: 'boolean' }, rows: { type: 'array', items: { type: 'string' } } } },
      },
    })).toEqual({ url: 'https://shop.example', pages: 1, currency: 'USD', deep: { on: false, rows: [] } });
  });

  it('gives an empty object where nothing is said about the input', () => {
    expect(exampleInput(undefined)).toEqual({});
    expect(exampleInput(true)).toEqual({});
  });

  it('takes the first of several types, a constant and the first choice', () => {
    expect(exampleInput({ type: ['string', 'null'] })).toBe('');
    expect(exampleInput({ required: ['kind', 'size'], properties: { kind: { const: 'a' }, size: { enum: ['s', 'm'] } } })).toEqual({ kind: 'a', size: 's' });
  });

  it('ends on a schema that is nested without end', () => {
    let schema: { [key: string]: unknown } = { type: 'object' };
    for (let i = 0; i < 1000; i++) schema = { type: 'object', required: ['x'], properties: { x: schema } };
    expect(JSON.stringify(exampleInput(schema as never)).length).toBeLessThan(100);
  });
});
