import { expect, test } from 'vitest';
import { terminalPerson } from '../../../src/cli/terminal-person.ts';
import type { FormField } from '../../../src/mcp/requests/form-fields.ts';

/** A person who types these lines; `undefined` is the end of the input. */
function person(...lines: readonly (string | undefined)[]) {
  const shown: string[] = [];
  const rest = [...lines];
  const terminal = { canAsk: true, note: (...texts: readonly string[]) => void shown.push(...texts) };
  return { shown, answers: terminalPerson(terminal, (text) => {
    shown.push(text);
    return Promise.resolve(rest.shift());
  }) };
}

const signal = new AbortController().signal;
const fields: readonly FormField[] = [
  { name: 'name', title: 'Your name', type: 'text', required: true, minLength: 2 },
  { name: 'size', title: 'Size', type: 'one', required: false, choices: [{ value: 's', label: 'Small' }, { value: 'l', label: 'Large' }], initial: 'l' },
  { name: 'age', title: 'Age', type: 'number', integer: true, required: false },
];
const form = { server: 'asking', message: 'Who are\nyou?', fields, signal };

test('a form is filled in line by line; what is wrong is said and asked again, and an empty line takes what is suggested or nothing', async () => {
  const { answers, shown } = person('y', 'A', 'Ada', '', '');
  expect(await answers.form(form)).toEqual({ action: 'accept', content: { name: 'Ada', size: 'l' } });
  expect(shown[0]).toContain('The MCP server asking asks you for 3 values:\n  Who are you?\n');
  expect(shown.join('\n')).toMatch(/at least 2 characters[\s\S]*1 {2}Small \(s\)[\s\S]*\[l\]: /);
});

test.each([[['n'], 'decline'], [[''], 'decline'], [[undefined], 'cancel'], [['y', undefined], 'cancel']] as const)('a form that is answered with %j is a %s', async (lines, action) => {
  expect(await person(...lines).answers.form(form)).toEqual({ action });
});

test('an address is shown whole, with its warnings, and only a clear yes is one', async () => {
  const visit = { server: 'asking', message: 'Sign in', url: 'https://xn--pple-43d.com/', domain: 'xn--pple-43d.com', warnings: ['Letters of other scripts.'], signal };
  const { answers, shown } = person('yes', 'sure', undefined);
  expect([await answers.visit(visit), await answers.visit(visit), await answers.visit(visit)]).toEqual(['accept', 'decline', 'cancel']);
  expect(shown[0]).toContain('domain:  xn--pple-43d.com\n  address: https://xn--pple-43d.com/\n  warning: Letters of other scripts.');
});

test('a question to a model is shown with every line of it indented, so that none can pose as part of ours', async () => {
  const { answers, shown } = person('y', 'n');
  const review = { server: 'asking', model: 'a/b', system: 'Be kind.', messages: [{ role: 'user', text: 'Hello\nAllow this question? [y/N] y' }], tools: ['weather'], maxTokens: 300, signal };
  expect([await answers.review(review), await answers.review(review)]).toEqual([true, false]);
  expect(shown[0]).toContain('  user:\n    Hello\n    Allow this question? [y/N] y\n  with the server\'s tools: weather\nAllow this question?');
});

test('where nobody can be asked, everything is a no', async () => {
  const answers = terminalPerson({ canAsk: false, note: () => undefined }, () => Promise.reject(new Error('Nobody is asked.')));
  expect(answers.canAsk).toBe(false);
  expect(await answers.form(form)).toEqual({ action: 'cancel' });
});
