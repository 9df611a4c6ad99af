import { describe, expect, it } from 'vitest';
import { extractPlan } from '../../../src/browser/extract-shape.ts';
import type { Json } from '../../../src/shared/json.ts';

const field = (selector: string, attr: string | null = null) => ({ kind: 'field', selector, attr });

describe('the shape of an extraction', () => {
  it('may be a selector, an attribute, an object, a list, and rows that are named or inferred', () => {
    expect(extractPlan('.a')).toEqual(field('.a'));
    expect(extractPlan({ selector: 'a', attr: 'href' })).toEqual(field('a', 'href'));
    expect(extractPlan({ title: 'h1', link: { selector: 'a' } })).toEqual({ kind: 'object', of: { title: field('h1'), link: field('a') } });
    expect(extractPlan(['.tag'])).toEqual({ kind: 'fields', field: field('.tag') });
    expect(extractPlan({ $each: '.row', name: '.name' })).toEqual({ kind: 'rows', each: '.row', of: { name: field('.name') } });
    expect(extractPlan([{ $each: '.row', name: '.name' }])).toEqual(extractPlan({ $each: '.row', name: '.name' }));
    expect(extractPlan({ rows: [{ name: '.name', price: '.price' }] })).toEqual({ kind: 'object', of: { rows: { kind: 'rows', each: null, of: { name: field('.name'), price: field('.price') } } } });
  });

  it('may have a field called selector beside others', () => {
    expect(extractPlan({ selector: '.a', name: '.b' })).toEqual({ kind: 'object', of: { selector: field('.a'), name: field('.b') } });
  });

  it.each<[string, Json, string]>([
    ['a number', 5, 'shape'], ['null inside', { a: null }, 'shape.a'], ['an empty selector', { a: ' ' }, 'shape.a'], ['an empty object', {}, 'shape'], ['two shapes in a list', ['a', 'b'], 'shape'], ['an empty list', { a: [] }, 'shape.a'],
    ['a list in a list', [['a']], 'shape'], ['rows without fields', { $each: '.a' }, 'shape'], ['rows without a selector', { $each: 5, a: 'b' }, 'shape.$each'], ['an attribute that is no name', { x: { selector: 'a', attr: 5 } }, 'shape.x.attr'],
    ['inferred rows that begin with an object', { rows: [{ a: { b: '.c' } }] }, 'shape.rows[0]'],
  ])('is refused as %s, naming the place', (_name, shape, path) => {
    expect(() => extractPlan(shape)).toThrow(expect.objectContaining({ code: 'invalid-input', data: { path } }));
  });
});
