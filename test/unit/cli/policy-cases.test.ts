import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPolicyCases } from '../../../src/cli/policy-cases.ts';

let file = '';
beforeAll(() => void (file = join(mkdtempSync(join(tmpdir(), 'ia-cases-')), 'cases.json')));
afterAll(() => rmSync(join(file, '..'), { recursive: true }));

test.each([
  ['[\n  { "action": "browser", "expect" "deny" }\n]', 'is not valid JSON: a colon is missing.', 2, 35],
  ['[{ "action": "browser", "expect": "allow" },\n  { "action": "browser", "expext": "deny" }\n]', 'expect: is missing; it must be one of "allow", "ask", "deny"; input: has a field that is not known: "expext"', 2, 3],
  ['[{ "expect": "allow" }]', 'action: is missing; it must be text', 1, 2],
  ['[5]', 'input: must be an object, not a number', 1, 2],
  ['{}', 'is not a list', 1, 1],
])('%j is told in words, with line and column', async (text, message, line, column) => {
  writeFileSync(file, text);
  await expect(readPolicyCases(file, 'cases.json')).rejects.toMatchObject({ code: 'invalid-input', message: expect.stringContaining(message) as string, location: { file: 'cases.json', line, column } });
});
