import { describe, expect, it } from 'vitest';
import { guardVerdict, type PastCall } from '../../../src/agent/policies/loop-guard.ts';
import { batches } from '../../../src/agent/policies/order.ts';
import { toShorten } from '../../../src/agent/policies/prune.ts';
import { mayAskAgain } from '../../../src/agent/policies/retry.ts';
import { nextMove, type TurnFacts } from '../../../src/agent/policies/stop.ts';
import { estimateInput } from '../../../src/models/usage.ts';
import type { ModelMessage } from '../../../src/models/model-client.ts';
import { AssassinError } from '../../../src/shared/errors.ts';

const facts = (more: Partial<TurnFacts>): TurnFacts => ({ text: '', calls: 0, finish: 'stop', empty: 0, continued: 0, ...more });

describe('what follows an answer', () => {
  it.each([
    [{ calls: 1, finish: 'tool-calls' }, { do: 'run-calls' }],
    [{ calls: 1, finish: 'length' }, { do: 'run-calls' }],
    [{ text: 'Done.' }, { do: 'answer', cut: false }],
    [{ text: '  \n' }, { do: 'ask-again' }],
    [{ empty: 1 }, { do: 'fail', why: 'empty' }],
    [{ text: 'half', finish: 'length' }, { do: 'continue' }],
    [{ text: 'and on', finish: 'length', continued: 3 }, { do: 'answer', cut: true }],
    [{ text: '', continued: 1 }, { do: 'answer', cut: false }],
    [{ text: 'no', finish: 'content-filter' }, { do: 'fail', why: 'filtered' }],
  ] as const)('%j leads to %j', (more, move) => {
    expect(nextMove(facts(more))).toEqual(move);
  });
});

describe('the order of calls', () => {
  it('lets neighbours that only read go on together, and keeps the rest in their turn', () => {
    expect(batches(['r1', 'r2', 'w1', 'r3', 'w2', 'w3'], (call) => call.startsWith('r'))).toEqual([['r1', 'r2'], ['w1'], ['r3'], ['w2'], ['w3']]);
    expect(batches([], () => true)).toEqual([]);
  });
});

describe('the guard against going in circles', () => {
  const past = (...results: readonly string[]): readonly PastCall[] => results.map((result) => ({ name: 'run_code', input: '{}', result }));

  it('warns at the third and stops at the sixth call that is the same in everything', () => {
    expect([1, 2, 3, 5, 6].map((n) => guardVerdict(past(...Array.from({ length: n }, () => 'x'))))).toEqual(['go-on', 'go-on', 'warn', 'warn', 'stop']);
  });

  it('lets a check be repeated whose result changes, and forgets what is long past', () => {
    expect(guardVerdict(past('1', '2', '3', '4', '5', '6', '7'))).toBe('go-on');
    expect(guardVerdict(past('x', 'x', ...Array.from({ length: 20 }, (_, i) => String(i)), 'x'))).toBe('go-on');
    expect(guardVerdict([])).toBe('go-on');
  });
});

describe('asking again', () => {
  const broken = new AssassinError('model-unavailable', 'x', { data: { broken: true } });
  it('repeats what broke off in the middle, a few times, and nothing else', () => {
    expect([0, 1, 2].map((n) => mayAskAgain(broken, n))).toEqual([true, true, false]);
    expect(mayAskAgain(new AssassinError('model-unavailable', 'x'), 0)).toBe(false);
    expect(mayAskAgain(new AssassinError('model-auth', 'x', { data: { broken: true } }), 0)).toBe(false);
  });
});

describe('making room', () => {
  const tokensOf = (messages: readonly ModelMessage[]) => estimateInput({ messages, tools: [], toolChoice: 'none' });
  const result = (id: number, length: number): ModelMessage => ({ role: 'tool', callId: `c${id}`, name: 'read', text: 'x'.repeat(length), failed: false });
  const conversation = (count: number, length: number): readonly ModelMessage[] => [
    { role: 'system', text: 'You work.' }, { role: 'user', text: 'Go.' },
    ...Array.from({ length: count }, (_, i) => [{ role: 'assistant', text: '', calls: [{ id: `c${i}`, name: 'read', input: {} }] } satisfies ModelMessage, result(i, length)]).flat(),
  ];

  it('shortens nothing where everything fits', () => {
    expect(toShorten(conversation(10, 1000), { limit: 100_000, tokensOf, shortLength: 300 })).toEqual([]);
  });

  it('shortens the oldest results first, only results, and until it is clearly less', () => {
    const messages = conversation(10, 8000);
    const chosen = toShorten(messages, { limit: 12_000, tokensOf, shortLength: 300 });
    expect(chosen.length).toBeGreaterThan(0);
    expect(chosen.every((index) => messages[index]?.role === 'tool')).toBe(true);
    expect(chosen).toEqual([...chosen].sort((a, b) => a - b));
    expect(chosen[0]).toBe(3);
    const after = messages.map((message, index) => (chosen.includes(index) ? { ...message, text: 'x'.repeat(300) } : message));
    expect(tokensOf(after)).toBeLessThanOrEqual(12_000 * 0.7);
  });

  it('takes fresh results too where the old ones are not enough, and leaves short ones alone', () => {
    const messages = [...conversation(5, 100), result(99, 100_000)];
    expect(toShorten(messages, { limit: 5000, tokensOf, shortLength: 300 })).toEqual([messages.length - 1]);
  });
});
