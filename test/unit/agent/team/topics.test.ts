import { describe, expect, it } from 'vitest';
import { Topics, type TopicMessage } from '../../../../src/agent/team/topics.ts';

const finding = { type: 'object', required: ['file'], properties: { file: { type: 'string' } }, additionalProperties: false } as const;
const never = new AbortController().signal;

describe('a topic', () => {
  it('gives every reader the same messages in the same order', async () => {
    const topics = new Topics();
    topics.define('findings', finding);
    const recorded: TopicMessage[] = [];
    for (const file of ['a', 'b', 'c']) topics.publish('findings', 'run_1', { file }, (message) => recorded.push(message));
    const [one, two] = await Promise.all([topics.read('findings', 0, 0, never), topics.read('findings', 1, 0, never)]);
    expect(one.map(({ number, message }) => [number, message])).toEqual([[1, { file: 'a' }], [2, { file: 'b' }], [3, { file: 'c' }]]);
    expect(two).toEqual(one.slice(1));
    expect(recorded).toEqual(one);
  });

  it('refuses a message that does not fit, and a second schema, but not the same one written in another order', () => {
    const topics = new Topics();
    topics.define('findings', finding);
    topics.define('findings', { additionalProperties: false, properties: { file: { type: 'string' } }, required: ['file'], type: 'object' });
    expect(() => topics.define('findings', { type: 'string' })).toThrow('another schema');
    expect(() => topics.publish('findings', 'r', { file: 5 }, () => undefined)).toThrow('file');
    expect(() => topics.publish('other', 'r', {}, () => undefined)).toThrow('There is no topic "other"');
  });

  it('does not show a message that could not be recorded', async () => {
    const topics = new Topics();
    topics.define('findings', true);
    expect(() => topics.publish('findings', 'r', 1, () => { throw new Error('disk'); })).toThrow('disk');
    expect(await topics.read('findings', 0, 0, never)).toEqual([]);
  });

  it('wakes who waits, at a message, at the end of the time and at the end of the run', async () => {
    const topics = new Topics();
    topics.define('findings', true);
    const waiting = topics.read('findings', 0, 60_000, never);
    topics.publish('findings', 'r', 'x', () => undefined);
    expect((await waiting).map(({ message }) => message)).toEqual(['x']);
    expect(await topics.read('findings', 1, 5, never)).toEqual([]);
    const ended = new AbortController();
    const reader = topics.read('findings', 1, 60_000, ended.signal);
    ended.abort(new Error('over'));
    await expect(reader).rejects.toThrow('over');
  });
});
