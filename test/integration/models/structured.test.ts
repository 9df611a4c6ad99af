import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { askFor } from '../../../src/models/structured.ts';
import { AssassinError } from '../../../src/shared/errors.ts';
import { withModel } from './with-model.ts';

const schema = z.object({ title: z.string(), stars: z.number().int().max(5), tags: z.array(z.string()).default([]) });
const asked = { messages: [{ role: 'user', text: 'Rate it.' }] } as const;
const { signal } = new AbortController();

describe('asking for a value of a schema', () => {
  it('gives the checked value, defaults filled in', async () => {
    await using model = await withModel([{ text: ['{"title":"A",', '"stars":4}'] }]);
    const answer = await askFor(model.client, asked, schema, signal);
    expect(answer).toMatchObject({ value: { title: 'A', stars: 4, tags: [] }, requests: 1, usage: { output: 20, mark: 'measured' } });
    const sent = model.server.requests[0]!.body;
    expect(sent.response_format).toMatchObject({ type: 'json_schema', json_schema: { schema: { type: 'object', required: ['title', 'stars'] } } });
    expect(sent.messages.at(-1)?.content).toContain('"maximum":5');
  });

  it.each(['Here you are:\n```json\n{"title":"A","stars":4}\n```\nEnjoy!', 'It is {"title":"A","stars":4}, I think.'])('finds the value in %j', async (text) => {
    await using model = await withModel([{ text: [text] }]);
    expect((await askFor(model.client, asked, schema, signal)).value.stars).toBe(4);
  });

  it('sends a wrong answer back once with what is wrong, and adds up what both cost', async () => {
    await using model = await withModel([{ text: ['{"title":"A","stars":9}'] }, { text: ['{"title":"A","stars":5}'], usage: null }]);
    const answer = await askFor(model.client, asked, schema, signal);
    expect(answer).toMatchObject({ value: { stars: 5 }, requests: 2, usage: { mark: 'estimated' } });
    const second = model.server.requests[1]!.body.messages;
    expect(second.slice(-2)).toMatchObject([{ role: 'assistant', content: '{"title":"A","stars":9}' }, { role: 'user', content: expect.stringMatching(/stars: must be at most 5\.\n/) }]);
  });

  it.each([['words', 'I would rather not.', /not valid JSON/], ['nothing', '', /empty/], ['half a value', '{"title":', /not valid JSON/]])('fails after the second answer of %s', async (_, text, problem) => {
    await using model = await withModel(() => ({ text: [text] }));
    const error: unknown = await askFor(model.client, asked, schema, signal).catch((thrown: unknown) => thrown);
    expect(AssassinError.isInstance(error) && error.code).toBe('model-output');
    expect(error).toMatchObject({ data: { problem: expect.stringMatching(problem), answer: text, usage: { output: 40 } } });
    expect(model.server.requests).toHaveLength(2);
  });

  it('asks in words only where the server knows no schemas', async () => {
    await using model = await withModel(({ body }) => ('response_format' in body ? { status: 400, body: { error: { message: 'response_format is not supported' } } } : { text: ['{"title":"A","stars":1}'] }));
    expect((await askFor(model.client, asked, schema, signal)).value.stars).toBe(1);
    expect(model.server.requests).toHaveLength(2);
  });

  it('fails as the model does', async () => {
    await using model = await withModel([{ status: 401 }]);
    await expect(askFor(model.client, asked, schema, signal)).rejects.toMatchObject({ code: 'model-auth' });
  });
});
