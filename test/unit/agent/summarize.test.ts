import { describe, expect, it } from 'vitest';
import { middleOf, summaryRequest, worthIt } from '../../../src/agent/policies/summarize.ts';
import { estimateInput } from '../../../src/models/usage.ts';
import type { ModelMessage } from '../../../src/models/model-client.ts';

const tokensOf = (messages: readonly ModelMessage[]) => estimateInput({ messages, tools: [], toolChoice: 'none' });
const turn = (id: string, length: number): readonly ModelMessage[] => [
  { role: 'assistant', text: 'w'.repeat(length), calls: [{ id, name: 'look', input: {} }, { id: `${id}b`, name: 'look', input: {} }] },
  { role: 'tool', callId: id, name: 'look', text: 'x', failed: false }, { role: 'tool', callId: `${id}b`, name: 'look', text: 'y', failed: true },
];
const opening: readonly ModelMessage[] = [{ role: 'system', text: 'Be.' }, { role: 'user', text: 'Do.' }];

describe('the middle of a conversation', () => {
  it('begins after the opening, never parts calls from results, and leaves what was not sent yet', () => {
    for (let turns = 2; turns < 12; turns++) for (let unsent = 0; unsent < 4; unsent++) {
      const messages = [...opening, ...Array.from({ length: turns }, (_, i) => turn(`c${i}`, 4000)).flat()];
      const middle = middleOf(messages, { limit: 8000, tokensOf, unsent });
      if (middle === undefined) continue;
      expect(middle.from).toBe(2);
      expect(middle.to).toBeLessThanOrEqual(messages.length - unsent);
      expect(messages[middle.to]?.role).not.toBe('tool');
    }
  });

  it('is none where there is only an opening and the latest turn', () => {
    expect(middleOf(opening, { limit: 10, tokensOf, unsent: 0 })).toBeUndefined();
    expect(middleOf([...opening, ...turn('a', 9000)], { limit: 8000, tokensOf, unsent: 2 })).toBeUndefined();
  });
});

describe('a summary', () => {
  it('is asked for with a text that fits, whatever is summed up', () => {
    const messages = Array.from({ length: 400 }, (_, i) => turn(`c${i}`, 9000)).flat();
    expect(tokensOf(summaryRequest(messages, 24_000).messages)).toBeLessThan(80_000);
    expect(tokensOf(summaryRequest(messages.slice(0, 60), 24_000).messages)).toBeLessThan(24_000);
  });

  it('counts only where it says something and brings enough', () => {
    expect(worthIt('It went well.', 1000, 500)).toBe(true);
    expect(worthIt('It went well.', 1000, 900)).toBe(false);
    expect(worthIt(' \n', 1000, 100)).toBe(false);
  });
});
