import * as z from 'zod';
import { expect, test } from 'vitest';
import { issuesOf } from '../../../src/tools/input-issues.ts';
import { problemsOfChecks } from '../../../src/tools/page-checks.ts';

test.each([
  [[{ text: 'a' }, { foo: 1 }], 'check 2: { foo } is none of the forms that it may have: text, selector, title, url, expression, click, fill with value, press, goto'],
  [[{ name: 'Log in' }], 'check 1: { name } is none of the forms that it may have: text, selector, title, url, expression, click, fill with value, press, goto'],
  [[{ click: 'a', foo: 2 }], 'check 1: has a field that is not known: "foo"'],
  [[{ click: 'a', text: 'b' }], 'check 1: { click, text } is none of the forms that it may have: text, selector, title, url, expression, click, fill with value, press, goto'],
  [[{ fill: '#x' }], 'check 1.value: is missing; it must be text or a number or true or false'],
  [[{ fill: '#x', value: {} }], 'check 1.value: must be text or a number or true or false, not an object'],
  [[{}], 'check 1: {} is none of the forms that it may have: text, selector, title, url, expression, click, fill with value, press, goto'],
  [[{ selector: 'a', state: 'gone' }], 'check 1.state: must be one of "visible", "hidden"'],
  [['text=Welcome'], 'check 1: must be an object, not text'],
  [[null], 'check 1: must be an object, not null'],
  [{ text: 'a' }, 'the list: must be a list, not an object'],
])('%j is told as what is wrong with it', (list, problem) => {
  expect(problemsOfChecks(list)).toEqual([problem]);
});

test('values are not repeated, only the names of fields: they may be secret', () => {
  const schema = z.object({ way: z.union([z.strictObject({ a: z.string() }), z.strictObject({ b: z.string() })]) });
  const input = { way: { a: 'hunter2', b: 'hunter2' } };
  expect(issuesOf(schema.safeParse(input).error!, input).join()).toBe('way: { a, b } is none of the forms that it may have: a, b');
});
