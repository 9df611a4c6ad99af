import { describe, expect, it } from 'vitest';
import { Redactor } from '../../../src/policy/redact.ts';
import type { ModelRequest } from '../../../src/models/model-client.ts';
import { ModelRegistry } from '../../../src/models/model-registry.ts';
import type { ProviderKind } from '../../../src/models/provider.ts';
import { httpSite, type HttpSite } from '../../helpers/http-site.ts';
import { hear, request, tool } from './with-model.ts';

interface Recorded {
  readonly url: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A server that answers each POST with the next stream and keeps what it was asked. */
async function wire(streams: readonly (readonly object[])[], status = 200): Promise<{ readonly site: HttpSite; readonly asked: Recorded[] }> {
  const asked: Recorded[] = [];
  const site = await httpSite((incoming, response) => {
    let text = '';
    incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk)).on('end', () => {
      asked.push({ url: incoming.url ?? '', headers: incoming.headers, body: JSON.parse(text) as Record<string, unknown> });
      const events = streams[asked.length - 1] ?? [];
      response.writeHead(status, { 'content-type': status === 200 ? 'text/event-stream' : 'application/json' });
      if (status === 200) for (const event of events) response.write(`${'type' in event ? `event: ${String(event.type)}\n` : ''}data: ${JSON.stringify(event)}\n\n`);
      else response.write(JSON.stringify(events[0] ?? {}));
      response.end();
    });
  });
  return { site, asked };
}

async function clientOf(kind: ProviderKind, site: HttpSite, path: string) {
  const registry = new ModelRegistry({ redactor: new Redactor(), discover: false });
  registry.configure([{ kind, name: kind, baseUrl: `${site.origin}${path}`, apiKey: () => Promise.resolve(' secret-key\n') }]);
  return registry.client(`${kind}/model-1`);
}

const conversation = (id: string): Partial<ModelRequest> => ({
  tools: [tool('fs.read')],
  messages: [
    { role: 'system', text: 'Be brief.' },
    { role: 'user', text: 'Read', images: [{ mediaType: 'image/png', base64: 'iVBORw0KGgo=' }] },
    { role: 'assistant', text: '', calls: [{ id, name: 'fs.read', input: { path: 'x' } }] },
    { role: 'tool', callId: id, name: 'fs.read', text: 'no such file', failed: true },
    { role: 'system', text: 'Two steps are left.' },
  ],
});

const pictured: Partial<ModelRequest> = {
  tools: [tool('look')],
  messages: [
    { role: 'user', text: 'Look' },
    { role: 'assistant', text: '', calls: [{ id: 'call_1', name: 'look', input: {} }] },
    { role: 'tool', callId: 'call_1', name: 'look', text: 'taken', failed: false, images: [{ mediaType: 'image/png', base64: 'iVBORw0KGgo=' }] },
  ],
};

describe('Anthropic', () => {
  const answer = [
    { type: 'message_start', message: { id: 'm', type: 'message', role: 'assistant', model: 'model-1', content: [], stop_reason: null, usage: { input_tokens: 10, cache_read_input_tokens: 500, cache_creation_input_tokens: 90, output_tokens: 1 } } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'ping' },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'I read.' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'content_block_start', index: 1, content_block: { type: 'tool_use', id: 'toolu_1', name: 'fs_read', input: {} } },
    { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"path":' } },
    { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '"a"}' } },
    { type: 'content_block_stop', index: 1 },
    { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 42 } },
    { type: 'message_stop' },
  ];

  it('streams text, calls and the whole split of its input', async () => {
    const { site, asked } = await wire([answer]);
    await using _ = site;
    const heard = await hear(await clientOf('anthropic', site, '/v1'), request(conversation('functions.read:0')));
    expect(heard.error).toBeUndefined();
    expect(heard).toMatchObject({ text: 'I read.', calls: [{ id: 'toolu_1', name: 'fs.read', input: { path: 'a' } }] });
    expect(heard.finish).toEqual({ type: 'finish', reason: 'tool-calls', usage: { uncachedInput: 10, cachedInput: 500, cacheWrite: 90, output: 42, reasoning: 0, mark: 'measured' } });
    expect(asked[0]).toMatchObject({ url: '/v1/messages', headers: { 'x-api-key': 'secret-key' } });
  });

  it('is sent ids that it takes, results under them, and marks for its cache', async () => {
    const { site, asked } = await wire([answer]);
    await using _ = site;
    await hear(await clientOf('anthropic', site, '/v1'), request(conversation('functions.read:0')));
    const { system, messages } = asked[0]!.body as { system: readonly object[]; messages: readonly { role: string; content: readonly Record<string, unknown>[] }[] };
    expect(system).toEqual([{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }]);
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    const call = messages[1]!.content[0]!;
    expect(call).toMatchObject({ type: 'tool_use', name: 'fs_read', input: { path: 'x' } });
    expect(call['id']).toMatch(/^[a-zA-Z0-9_-]+$/);
    expect(messages[2]!.content[0]).toMatchObject({ type: 'tool_result', tool_use_id: call['id'], is_error: true });
    expect(messages[2]!.content.at(-1)).toMatchObject({ type: 'text', text: 'Two steps are left.', cache_control: { type: 'ephemeral' } });
  });

  it('is shown the pictures of a result within that result', async () => {
    const { site, asked } = await wire([answer]);
    await using _ = site;
    await hear(await clientOf('anthropic', site, '/v1'), request(pictured));
    const { messages } = asked[0]!.body as { messages: readonly { content: readonly Record<string, unknown>[] }[] };
    expect(messages.at(-1)!.content[0]).toMatchObject({ type: 'tool_result', tool_use_id: 'call_1', content: [{ type: 'text', text: 'taken' }, { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } }] });
  });

  it('says in the stream that it is overloaded', async () => {
    const { site } = await wire([[answer[0]!, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }]]);
    await using _ = site;
    expect((await hear(await clientOf('anthropic', site, '/v1'))).error).toMatchObject({ code: 'model-unavailable', message: expect.stringContaining('Overloaded') });
  });

  it('refuses a wrong key', async () => {
    const { site } = await wire([[{ type: 'error', error: { type: 'authentication_error', message: 'invalid x-api-key' } }]], 401);
    await using _ = site;
    expect((await hear(await clientOf('anthropic', site, '/v1'))).error).toMatchObject({ code: 'model-auth', message: expect.stringContaining('invalid x-api-key') });
  });
});

describe('Google', () => {
  const answer = [
    { candidates: [{ content: { role: 'model', parts: [{ text: 'I read.' }] }, index: 0 }] },
    { candidates: [{ content: { role: 'model', parts: [{ functionCall: { name: 'fs_read', args: { path: 'a' } }, thoughtSignature: 'c2lnbmF0dXJl' }] }, finishReason: 'STOP', index: 0 }], usageMetadata: { promptTokenCount: 600, cachedContentTokenCount: 500, candidatesTokenCount: 30, thoughtsTokenCount: 12, totalTokenCount: 642 } },
  ];

  it('streams text, calls and usage, thinking counted as output', async () => {
    const { site, asked } = await wire([answer]);
    await using _ = site;
    const heard = await hear(await clientOf('google', site, '/v1beta'), request(conversation('a')));
    expect(heard.error).toBeUndefined();
    expect(heard).toMatchObject({ text: 'I read.', calls: [{ name: 'fs.read', input: { path: 'a' } }] });
    expect(heard.finish).toEqual({ type: 'finish', reason: 'tool-calls', usage: { uncachedInput: 100, cachedInput: 500, cacheWrite: 0, output: 42, reasoning: 12, mark: 'measured' } });
    expect(asked[0]).toMatchObject({ url: '/v1beta/models/model-1:streamGenerateContent?alt=sse', headers: { 'x-goog-api-key': 'secret-key' }, body: { systemInstruction: { parts: [{ text: 'Be brief.' }] } } });
  });

  it('gets the signature of its thinking back with the call that it was given with', async () => {
    const { site, asked } = await wire([answer, answer]);
    await using _ = site;
    const client = await clientOf('google', site, '/v1beta');
    const [call] = (await hear(client, request({ tools: [tool('fs.read')] }))).calls;
    await hear(client, request({
      tools: [tool('fs.read')],
      messages: [{ role: 'user', text: 'Read' }, { role: 'assistant', text: '', calls: [call!] }, { role: 'tool', callId: call!.id, name: 'fs.read', text: 'text', failed: false }],
    }));
    expect(JSON.stringify(asked[1]!.body)).toContain('"thoughtSignature":"c2lnbmF0dXJl"');
  });

  it('is shown the pictures of a result with that result', async () => {
    const { site, asked } = await wire([answer]);
    await using _ = site;
    await hear(await clientOf('google', site, '/v1beta'), request(pictured));
    const { contents } = asked[0]!.body as { contents: readonly object[] };
    expect(JSON.stringify(contents.at(-1))).toContain('"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}');
    expect(JSON.stringify(contents.at(-1))).toContain('taken');
  });
});

describe('Anthropic and Google', () => {
  it.each(['anthropic', 'google'] as const)('are not asked without a key: %s', async (kind) => {
    const { site, asked } = await wire([]);
    await using _ = site;
    const registry = new ModelRegistry({ redactor: new Redactor(), discover: false });
    registry.configure([{ kind, name: 'mine', baseUrl: site.origin, apiKey: () => Promise.resolve('') }]);
    expect((await hear(await registry.client('mine/m'))).error).toMatchObject({ code: 'model-auth', hint: 'Set the key of mine.' });
    expect(asked).toEqual([]);
  });
});
