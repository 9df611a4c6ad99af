import { expect, it } from 'vitest';
import type { Action } from '../../../src/policy/action.ts';
import { authorize, type Decision, type Rule } from '../../../src/policy/authorize.ts';
import { parseGrant, type Grant } from '../../../src/policy/grant.ts';
import { LastDecision, type Grounds } from '../../../src/policy/last-decision.ts';
import type { Untrusted } from '../../../src/policy/untrusted.ts';

const echo: Action = { kind: 'mcp', server: 'everything', tool: 'echo' };
const grant = (text: string) => parseGrant(text, '/w');
const rule = (effect: Rule['effect'], text: string): Rule => ({ effect, grant: grant(text), origin: 'a test' });
const nothing: Grounds = { rules: [], decisions: [], answers: [], untrusted: undefined, places: 0 };
const stranger: Untrusted = { sources: [{ kind: 'web', source: 'https://a.example' }], knows: () => false, workspace: '/w' };

/** Decides as a gate does, and counts how often it had to. */
function counting(grants: readonly Grant[]) {
  const last = new LastDecision(grants);
  let times = 0;
  const decide = (action: Action, grounds: Grounds): Decision => last.of(action, grounds, () => {
    times += 1;
    return authorize(action, grants, [...grounds.rules, ...grounds.decisions], { answers: grounds.answers, untrusted: grounds.untrusted });
  });
  return { decide, times: () => times };
}

it('the same call under the same circumstances is decided on once', () => {
  const { decide, times } = counting([grant('mcp everything:*')]);
  for (let i = 0; i < 5; i++) expect(decide(echo, nothing).effect).toBe('allow');
  expect(times()).toBe(1);
  // Another object may say something else.
  expect(decide({ ...echo, tool: 'add' }, nothing).effect).toBe('allow');
  expect(decide(echo, nothing).effect).toBe('allow');
  expect(times()).toBe(3);
});

it.each<[what: string, change: Partial<Grounds>, effect: Decision['effect']]>([
  ['another list of rules', { rules: [rule('deny', 'mcp everything:echo')] }, 'deny'],
  ['a decision of the person for the workspace', { decisions: [rule('ask', 'mcp everything:echo')] }, 'ask'],
  ['text of strangers that was read', { untrusted: stranger }, 'ask'],
])('%s is seen at once, and so is its end', (_, change, effect) => {
  const { decide } = counting([grant('mcp everything:*')]);
  expect(decide(echo, nothing).effect).toBe('allow');
  expect(decide(echo, { ...nothing, ...change }).effect).toBe(effect);
  expect(decide(echo, nothing).effect).toBe('allow');
});

it('an answer of the person, and a place that was reached, are seen in the list that they are added to', () => {
  const { decide, times } = counting([]);
  const answers: Grant[] = [];
  expect(decide(echo, { ...nothing, answers }).effect).toBe('deny');
  answers.push(grant('mcp everything:echo'));
  expect(decide(echo, { ...nothing, answers }).effect).toBe('allow');
  decide(echo, { ...nothing, answers, places: 1 });
  expect(times()).toBe(3);
});

it.each([
  ['a grant', [grant('mcp everything:* {calls 3}')], nothing],
  ['a rule', [grant('mcp everything:*')], { ...nothing, rules: [rule('allow', 'net https://a.example {until 2030-01-01T00:00:00Z}')] }],
])('where %s has a limit, each call is decided on anew', (_, grants, grounds) => {
  const { decide, times } = counting(grants);
  decide(echo, grounds);
  decide(echo, grounds);
  expect(times()).toBe(2);
});
