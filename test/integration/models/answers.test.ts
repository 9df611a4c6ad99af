import { describe, expect, it } from 'vitest';
import { hear, request, tool, withModel } from './with-model.ts';

describe('an answer of a model', () => {
  it('comes whole when its pieces end inside lines and inside characters', async () => {
    const text = ['Grüße ', '👩‍🚀 ', '日本語', ' ok'];
    await using model = await withModel([{ text, bytesPerWrite: 7 }, { text, bytesPerWrite: 1, pauseMs: 0 }]);
    for (let i = 0; i < 2; i++) {
      const heard = await hear(model.client);
      expect(heard.text).toBe(text.join(''));
      expect(heard.finish?.reason).toBe('stop');
      expect(heard.events.at(-1)?.type).toBe('finish');
    }
  });

  it('tells reasoning from text', async () => {
    await using model = await withModel([{ reasoning: ['Let me ', 'think.'], text: ['Done.'] }]);
    expect(await hear(model.client)).toMatchObject({ reasoning: 'Let me think.', text: 'Done.' });
  });

  it('splits the input as the provider reported it, and says that it was measured', async () => {
    await using model = await withModel([{ text: ['x'], usage: { prompt_tokens: 1000, completion_tokens: 50, prompt_tokens_details: { cached_tokens: 800 }, completion_tokens_details: { reasoning_tokens: 30 } } }]);
    expect((await hear(model.client)).finish?.usage).toEqual({ uncachedInput: 200, cachedInput: 800, cacheWrite: 0, output: 50, reasoning: 30, mark: 'measured' });
  });

  it('estimates the tokens where the provider reported none or only zeros, and says so', async () => {
    await using model = await withModel([{ text: ['x'.repeat(400)], usage: null }, { text: ['x'.repeat(400)], usage: { prompt_tokens: 0, completion_tokens: 0 } }]);
    for (let i = 0; i < 2; i++) {
      expect((await hear(model.client, request('y'.repeat(200)))).finish?.usage).toEqual({ uncachedInput: 50, cachedInput: 0, cacheWrite: 0, output: 100, reasoning: 0, mark: 'estimated' });
    }
  });

  it('may be empty', async () => {
    await using model = await withModel([{}]);
    const heard = await hear(model.client);
    expect(heard.error).toBeUndefined();
    expect(heard.events).toHaveLength(1);
    expect(heard.finish?.reason).toBe('stop');
  });

  it('says when it was cut at the limit of tokens, or filtered', async () => {
    await using model = await withModel([{ text: ['half'], finish: 'length' }, { text: [''], finish: 'content_filter' }]);
    expect((await hear(model.client)).finish?.reason).toBe('length');
    expect((await hear(model.client)).finish?.reason).toBe('content-filter');
  });

  it('can be left early, and then the connection is closed', async () => {
    // The server would hold the connection for ever.
    await using model = await withModel([{ text: ['a', 'b', 'c', 'd'], stall: 'mid-stream' }]);
    for await (const event of model.client.stream(request(), new AbortController().signal)) if (event.type === 'text') break;
    await model.server.idle();
    expect(model.server.open()).toBe(0);
  });

  it('ends with the reason of the cancel, and then the connection is closed', async () => {
    await using model = await withModel([{ text: ['a', 'b'], stall: 'mid-stream' }]);
    const ending = new AbortController();
    const reason = new Error('enough');
    const read = (async () => {
      for await (const event of model.client.stream(request(), ending.signal)) if (event.type === 'text') ending.abort(reason);
    })();
    await expect(read).rejects.toBe(reason);
    await model.server.idle();
  });
});

describe('calls of tools', () => {
  it('come in parallel, each under its own id and with its own arguments', async () => {
    await using model = await withModel([{
      text: ['I look.'], argumentPiece: 3,
      calls: [{ id: 'a', name: 'read', arguments: { path: 'one' } }, { id: 'b', name: 'read', arguments: { path: 'two' } }],
    }]);
    const heard = await hear(model.client, request({ tools: [tool('read')] }));
    expect(heard.calls).toEqual([{ id: 'a', name: 'read', input: { path: 'one' } }, { id: 'b', name: 'read', input: { path: 'two' } }]);
    expect(heard.finish?.reason).toBe('tool-calls');
  });

  it('count as calls also where the server says that it has just stopped', async () => {
    await using model = await withModel([{ calls: [{ name: 'read', arguments: {} }], finish: 'stop' }]);
    expect((await hear(model.client, request({ tools: [tool('read')] }))).finish?.reason).toBe('tool-calls');
  });

  it('with arguments that break off or are no JSON say so instead of guessing', async () => {
    await using model = await withModel([{ calls: [{ name: 'read', arguments: '{"path": "src/a' }, { name: 'read', arguments: 'path=src' }, { name: 'read', arguments: '' }], finish: 'length' }]);
    const { calls, finish } = await hear(model.client, request({ tools: [tool('read')] }));
    expect(calls.map(({ input }) => input)).toEqual([undefined, undefined, {}]);
    expect(calls[0]?.problem).toMatch(/not valid JSON \(15 characters\)/);
    expect(calls[2]?.problem).toBeUndefined();
    expect(finish?.reason).toBe('length');
  });

  it('get an id of their own where it is missing, repeated or was used before in the conversation', async () => {
    await using model = await withModel([{ calls: [{ id: null, name: 'read', arguments: {} }, { id: 'x', name: 'read', arguments: {} }, { id: 'x', name: 'read', arguments: {} }, { id: 'old', name: 'read', arguments: {} }] }]);
    const { calls } = await hear(model.client, request({
      tools: [tool('read')],
      messages: [
        { role: 'user', text: 'Read' },
        { role: 'assistant', text: '', calls: [{ id: 'old', name: 'read', input: {} }] },
        { role: 'tool', callId: 'old', name: 'read', text: 'text', failed: false },
      ],
    }));
    const ids = calls.map(({ id }) => id);
    expect(ids).toHaveLength(4);
    expect(new Set([...ids, 'old', '']).size).toBe(6);
    expect(ids[1]).toBe('x');
  });

  it('carry a megabyte of arguments', async () => {
    const content = 'äb\n"'.repeat(250_000);
    await using model = await withModel([{ calls: [{ name: 'write', arguments: { content } }], argumentPiece: 20_000 }]);
    const { calls, events } = await hear(model.client, request({ tools: [tool('write')] }));
    expect(calls[0]?.input).toEqual({ content });
    // Between the first piece and the whole call there are signs of life, for the time limit of silence.
    expect(events.filter((event) => event.type === 'text' && event.text === '').length).toBeGreaterThan(10);
  });

  it('use names that every provider takes, and come back under the names of the tools', async () => {
    const names = ['browser.open', 'browser_open', 'mcp github:list issues', `mcp.${'long'.repeat(30)}`, '9lives', 'größe'];
    await using model = await withModel((recorded) => ({ calls: [...(recorded.body.tools ?? []).map(({ function: { name } }) => ({ name, arguments: {} })), { name: 'no such.tool', arguments: {} }] }));
    const { calls } = await hear(model.client, request({ tools: names.map(tool) }));
    const wire = model.server.requests[0]?.body.tools?.map(({ function: { name } }) => name) ?? [];
    expect(wire).toHaveLength(names.length);
    expect(new Set(wire).size).toBe(names.length);
    for (const name of wire) expect(name).toMatch(/^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/);
    expect(wire[1]).toBe('browser_open');
    expect(calls.map(({ name }) => name)).toEqual([...names, 'no such.tool']);
  });
});

describe('what is sent', () => {
  it('has each result under the id of its call, failed ones too, and nothing empty', async () => {
    await using model = await withModel([{ text: ['ok'] }]);
    await hear(model.client, request({
      tools: [tool('fs.read')],
      messages: [
        { role: 'system', text: 'Be brief.' },
        { role: 'system', text: 'Be kind.' },
        { role: 'user', text: 'Read', images: [{ mediaType: 'image/png', base64: 'iVBORw0KGgo=' }] },
        { role: 'assistant', text: '', calls: [] },
        { role: 'assistant', text: '', calls: [{ id: 'a', name: 'fs.read', input: { path: 'x' } }, { id: 'b', name: 'fs.read', input: undefined, problem: 'broken' }] },
        { role: 'tool', callId: 'a', name: 'fs.read', text: 'denied', failed: true },
        { role: 'tool', callId: 'b', name: 'fs.read', text: 'content', failed: false },
      ],
    }));
    const messages = model.server.requests[0]?.body.messages ?? [];
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool', 'tool']);
    expect(messages[0]?.content).toBe('Be brief.\n\nBe kind.');
    expect(messages[1]?.content).toEqual([{ type: 'text', text: 'Read' }, { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }]);
    expect(messages[2]?.tool_calls?.map(({ id, function: { name, arguments: text } }) => [id, name, text])).toEqual([['a', 'fs_read', '{"path":"x"}'], ['b', 'fs_read', '{}']]);
    expect(messages.slice(3)).toMatchObject([{ tool_call_id: 'a', content: 'denied' }, { tool_call_id: 'b', content: 'content' }]);
  });

  it('names the choice of tools, the limit and the schema', async () => {
    await using model = await withModel([{ text: ['{}'] }]);
    await hear(model.client, request({ tools: [tool('read')], toolChoice: 'required', maxOutputTokens: 77, outputSchema: { type: 'object' } }));
    expect(model.server.requests[0]?.body).toMatchObject({
      model: 'scripted', stream: true, stream_options: { include_usage: true }, tool_choice: 'required', max_tokens: 77,
      response_format: { type: 'json_schema', json_schema: { schema: { type: 'object' }, strict: false } },
    });
    expect(model.server.requests[0]?.headers['authorization']).toBe('Bearer sk-scripted-key');
  });
});
