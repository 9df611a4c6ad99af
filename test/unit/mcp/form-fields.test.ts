import { describe, expect, it } from 'vitest';
import { checkedAnswer, fieldsOf, problemOf, valueOf, type FormField } from '../../../src/mcp/requests/form-fields.ts';

const common = { name: 'it', title: 'It', required: true } as const;
const text = (rest: object = {}): FormField => ({ ...common, type: 'text', ...rest });

describe('a form of a server', () => {
  it('may have titled and untitled choices, of one or of several', () => {
    const fields = fieldsOf({ type: 'object', properties: {
      plain: { type: 'string', enum: ['a', 'b'] },
      named: { type: 'string', enum: ['a', 'b'], enumNames: ['Ay', 'Bee'] },
      titled: { type: 'string', oneOf: [{ const: 'a', title: 'Ay' }] },
      many: { type: 'array', items: { anyOf: [{ const: 'a', title: 'Ay' }] }, minItems: 1, default: ['a'] },
    } });
    expect(fields).toMatchObject([
      { type: 'one', choices: [{ value: 'a', label: 'a' }, { value: 'b', label: 'b' }], required: false },
      { type: 'one', choices: [{ value: 'a', label: 'Ay' }, { value: 'b', label: 'Bee' }] },
      { type: 'one', choices: [{ value: 'a', label: 'Ay' }] },
      { type: 'many', choices: [{ value: 'a', label: 'Ay' }], minItems: 1, initial: ['a'] },
    ]);
  });

  it('is none where it has more fields than a person fills in', () => {
    expect(fieldsOf({ type: 'object', properties: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`field${i}`, { type: 'string' as const }])) })).toBeUndefined();
  });
});

describe('a value for a form', () => {
  it.each([
    [text({ minLength: 2 }), 'a'], [text({ maxLength: 2 }), 'abc'], [text({ format: 'email' }), 'nobody'], [text({ format: 'uri' }), 'example'],
    [text({ format: 'date' }), '2026-13-45'], [text({ format: 'date-time' }), '2026-07-28'], [text(), 7], [text(), undefined],
    [{ ...common, type: 'number', integer: true }, 1.5], [{ ...common, type: 'number', integer: false, minimum: 1 }, 0], [{ ...common, type: 'number', integer: false, maximum: 1 }, 2], [{ ...common, type: 'number', integer: false }, Number.NaN],
    [{ ...common, type: 'boolean' }, 'perhaps'],
    [{ ...common, type: 'one', choices: [{ value: 'a', label: 'Ay' }] }, 'b'],
    [{ ...common, type: 'many', choices: [{ value: 'a', label: 'Ay' }], minItems: 1 }, []], [{ ...common, type: 'many', choices: [{ value: 'a', label: 'Ay' }] }, ['b']],
  ] as const satisfies readonly (readonly [FormField, unknown])[])('is told what is wrong with it: %j, %j', (field, value) => {
    expect(problemOf(field, value as never)).toMatch(/\.$/);
  });

  it.each([[text({ minLength: 1, maxLength: 1 }), '\u{1F600}'], [text({ format: 'email' }), 'ada@example.com'], [text({ format: 'date' }), '2026-07-28'], [text({ format: 'date-time' }), '2026-07-28T10:00:00Z'], [{ ...text(), required: false }, undefined]] as const)('is right: %j, %j', (field, value) => {
    expect(problemOf(field, value)).toBeUndefined();
  });

  it('is read from a line: numbers, yes and no, choices by number, value or label, and nothing from an empty one', () => {
    const choices = [{ value: 's', label: 'Small' }, { value: 'l', label: 'Large' }];
    expect(valueOf({ ...common, type: 'number', integer: false }, ' 7 ')).toBe(7);
    expect([valueOf({ ...common, type: 'boolean' }, 'y'), valueOf({ ...common, type: 'boolean' }, 'No'), valueOf({ ...common, type: 'boolean' }, 'perhaps')]).toEqual([true, false, 'perhaps']);
    expect(['2', 's', 'Large', 'huge'].map((line) => valueOf({ ...common, type: 'one', choices }, line))).toEqual(['l', 's', 'l', 'huge']);
    expect(valueOf({ ...common, type: 'many', choices }, '1, Large')).toEqual(['s', 'l']);
    expect(valueOf(text(), '  ')).toBeUndefined();
  });

  it('goes to the server only where the form has a field for it, and never through a field of the prototype', () => {
    expect(checkedAnswer([text()], { it: 'yes', other: 'no' })).toEqual({ content: { it: 'yes' } });
    expect(checkedAnswer([{ ...text(), name: 'constructor', required: false }], {})).toEqual({ content: {} });
    expect(checkedAnswer([text()], {})).toEqual({ problem: 'It: A value is needed.' });
  });
});
