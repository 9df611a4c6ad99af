import * as z from 'zod';
import { expect, test } from 'vitest';
import { plainIssue } from '../../../src/shared/plain-issue.ts';

test.each<[z.ZodType, unknown, string]>([
  [z.number().min(0), -1, 'must be at least 0'],
  [z.number().gt(0), 0, 'must be more than 0'],
  [z.string(), 5, 'must be text, not a number'],
  [z.int(), 1.5, 'must be a whole number'],
  [z.number(), undefined, 'is missing; it must be a number'],
  [z.enum(['a', 'b']), 'c', 'must be one of "a", "b"'],
  [z.strictObject({ a: z.string().min(1) }), { a: '' }, 'a: must not be empty'],
  [z.strictObject({ a: z.string() }), { a: 'x', b: 1 }, 'has a field that is not known: "b"'],
  [z.string().max(3), 'long', 'must have at most 3 characters'],
  [z.array(z.string()).length(2), [], 'must have exactly 2 entries'],
  [z.union([z.string(), z.array(z.string())]), 5, 'must be text or a list, not a number'],
  [z.url(), 'x', 'must be a web address with its protocol, such as https://example.com'],
  [z.string().regex(/^a/), 'b', 'must match pattern /^a/'],
  [z.record(z.string().regex(/\//, 'write provider/model'), z.number()), { a: 1 }, 'a: has a name that cannot be: write provider/model'],
  [z.string().regex(/^a/, 'begins with a'), 'b', 'begins with a'],
])('%#: what is wrong with %j is said in the words of a person', (schema, value, words) => {
  expect(schema.safeParse(value).error?.issues.map(plainIssue)).toEqual([words]);
});
