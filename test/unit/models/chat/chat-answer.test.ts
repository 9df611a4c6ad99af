import { describe, expect, it } from 'vitest';
import { ChatAnswer } from '../../../../src/models/chat/chat-answer.ts';
import type { ModelEvent } from '../../../../src/models/model-client.ts';

function heard(...chunks: readonly object[]) {
  const answer = new ChatAnswer();
  const events: ModelEvent[] = chunks.flatMap((chunk) => [...answer.take(JSON.stringify(chunk))]);
  events.push(...answer.thoughts());
  return { events, ...answer.end() };
}

const chunk = (delta: object, finish: string | null = null) => ({ choices: [{ index: 0, delta, finish_reason: finish }] });
const call = (index: number | null, id: string | null, name: string | undefined, text: string, more: object = {}) => ({ ...(index === null ? {} : { index }), ...(id === null ? {} : { id }), function: { ...(name === undefined ? {} : { name }), arguments: text }, ...more });

describe('calls in an answer', () => {
  it('are told apart where a server counts each of them from zero', () => {
    const { calls } = heard(chunk({ tool_calls: [call(0, 'a', 'read', '{"p":1}')] }), chunk({ tool_calls: [call(0, 'b', 'read', '{"p":2}')] }, 'tool_calls'));
    expect(calls.map(({ id, text }) => [id, text])).toEqual([['a', '{"p":1}'], ['b', '{"p":2}']]);
  });

  it('are whole where their pieces come in turns, and where the name comes after the first of them', () => {
    const { calls } = heard(chunk({ tool_calls: [call(0, 'a', 'read', '{"p"'), call(1, 'b', undefined, '{"q"')] }), chunk({ tool_calls: [call(1, null, 'list', ':2}'), call(0, null, undefined, ':1}')] }, 'tool_calls'));
    expect(calls).toEqual([{ id: 'a', name: 'read', text: '{"p":1}' }, { id: 'b', name: 'list', text: '{"q":2}' }]);
  });

  it('keep the signature of the thinking that they followed', () => {
    const { calls } = heard(chunk({ tool_calls: [call(0, 'a', 'read', '{}', { extra_content: { google: { thought_signature: 'signed' } } })] }, 'tool_calls'));
    expect(calls[0]?.signature).toBe('signed');
  });

  it('count more than the reason that the server gives', () => {
    expect(heard(chunk({ tool_calls: [call(0, 'a', 'read', '{}')] }, 'stop')).reason).toBe('tool-calls');
    expect(heard(chunk({ content: 'x' }, 'tool_calls')).reason).toBe('other');
  });
});

describe('what a model says', () => {
  it('may be a list of texts and thoughts', () => {
    const { events } = heard(chunk({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] }, { type: 'text', text: 'Yes.' }] }, 'stop'));
    expect(events).toEqual([{ type: 'reasoning', text: 'Hm.' }, { type: 'thought', thought: { text: 'Hm.' } }, { type: 'text', text: 'Yes.' }]);
  });

  it('is filtered where it is a refusal', () => {
    expect(heard(chunk({ refusal: 'I cannot.' }, 'stop')).reason).toBe('content-filter');
  });

  it('without an end, and what is no part of an answer, is an error', () => {
    expect(() => heard(chunk({ content: 'half' }))).toThrow('without saying why');
    expect(() => heard({ hello: 'world' })).toThrow('no part of an answer');
  });
});
