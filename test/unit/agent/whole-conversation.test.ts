import { describe, expect, it } from 'vitest';
import { WholeConversation } from '../../../src/agent/whole-conversation.ts';

const sized = (whole: number | undefined, window: number | undefined) => {
  const log: string[] = [];
  const conversation = new WholeConversation();
  conversation.open({ log: (_level, message) => void log.push(message) });
  const size = { whole, window };
  conversation.attach(() => size);
  return { conversation, log, size };
};

describe('the wish for the whole conversation', () => {
  it('is refused where nothing was shortened, and before the task has begun', () => {
    expect(() => sized(undefined, 100).conversation.ask()).toThrow('Nothing of this conversation was shortened');
    expect(() => new WholeConversation().ask()).toThrow('Nothing of this conversation was shortened');
  });

  it('is refused where it does not fit, with both numbers', () => {
    const { conversation, log } = sized(5000, 4000);
    expect(() => conversation.ask()).toThrow(expect.objectContaining({ code: 'invalid-input', message: 'The whole conversation has about 5000 tokens, and the model can read 4000 beside its tools and its answer.', data: { tokens: 5000, limit: 4000 } }) as Error);
    expect(conversation.take()).toBe(false);
    expect(log).toEqual([]);
  });

  it('is on record when it is said, and counts for one turn', () => {
    for (const window of [6000, undefined]) {
      const { conversation, log } = sized(5000, window);
      conversation.ask();
      expect(log).toEqual(['The person wants the whole conversation again: about 5000 tokens.']);
      expect([conversation.take(), conversation.take()]).toEqual([true, false]);
    }
  });

  it('is forgotten where the conversation has outgrown the model meanwhile', () => {
    const conversation = new WholeConversation();
    let whole = 5000;
    conversation.attach(() => ({ whole, window: 6000 }));
    conversation.ask();
    whole = 7000;
    expect(conversation.take()).toBe(false);
  });
});
