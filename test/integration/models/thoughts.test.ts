import { afterEach, describe, expect, it } from 'vitest';
import type { ModelMessage, ModelThought } from '../../../src/models/model-client.ts';
import { ModelRegistry } from '../../../src/models/model-registry.ts';
import { Redactor } from '../../../src/policy/redact.ts';
import { httpSite, type HttpSite } from '../../helpers/http-site.ts';
import { hear, request, tool, withModel } from './with-model.ts';

let site: HttpSite | undefined;
afterEach(() => site?.[Symbol.asyncDispose]());

/** A server of Anthropic's kind that thinks before it calls a tool. */
async function thinker() {
  const asked: { readonly messages: readonly { readonly role: string; readonly content: readonly Record<string, unknown>[] }[]; readonly [name: string]: unknown }[] = [];
  const block = (index: number, start: object, ...deltas: readonly object[]) => [
    { type: 'content_block_start', index, content_block: start }, ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })), { type: 'content_block_stop', index },
  ];
  const events = [
    { type: 'message_start', message: { id: 'm', type: 'message', role: 'assistant', model: 'model-1', content: [], stop_reason: null, usage: { input_tokens: 10, output_tokens: 1 } } },
    ...block(0, { type: 'thinking', thinking: '', signature: '' }, { type: 'thinking_delta', thinking: 'First ' }, { type: 'thinking_delta', thinking: 'look.' }, { type: 'signature_delta', signature: 'signed-1' }),
    ...block(1, { type: 'redacted_thinking', data: 'sealed' }),
    ...block(2, { type: 'text', text: '' }, { type: 'text_delta', text: 'I look.' }),
    ...block(3, { type: 'tool_use', id: 'toolu_1', name: 'look', input: {} }, { type: 'input_json_delta', partial_json: '{"path":"a"}' }),
    { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 42 } }, { type: 'message_stop' },
  ];
  site = await httpSite((incoming, response) => {
    let text = '';
    incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk)).on('end', () => {
      asked.push(JSON.parse(text) as (typeof asked)[number]);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const event of events) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
      response.end();
    });
  });
  const registry = new ModelRegistry({ redactor: new Redactor(), discover: false });
  registry.configure([{ kind: 'anthropic', name: 'anthropic', baseUrl: `${site.origin}/v1`, apiKey: () => Promise.resolve('key') }]);
  return { asked, client: await registry.client('anthropic/claude-sonnet-4-5') };
}

function thoughtsOf(heard: Awaited<ReturnType<typeof hear>>): readonly ModelThought[] {
  return heard.events.flatMap((event) => (event.type === 'thought' ? [event.thought] : []));
}

const after = (thoughts: readonly ModelThought[]): readonly ModelMessage[] => [
  { role: 'user', text: 'Look.' },
  { role: 'assistant', text: 'I look.', calls: [{ id: 'toolu_1', name: 'look', input: { path: 'a' } }], thoughts },
  { role: 'tool', callId: 'toolu_1', name: 'look', text: 'seen', failed: false },
];

describe('what a model thinks', () => {
  it('is no answer, and goes back to Anthropic as it came: with its signature, sealed blocks too, before the call that followed it', async () => {
    const { asked, client } = await thinker();
    const first = await hear(client, request({ tools: [tool('look')], effort: 'high', maxOutputTokens: 20_000 }));
    expect(first.error).toBeUndefined();
    expect(first).toMatchObject({ text: 'I look.', reasoning: 'First look.' });
    const thoughts = thoughtsOf(first);
    expect(thoughts).toEqual([{ text: 'First look.', attached: { anthropic: { signature: 'signed-1' } } }, { text: '', attached: { anthropic: { redactedData: 'sealed' } } }]);
    await hear(client, request({ tools: [tool('look')], effort: 'high', maxOutputTokens: 20_000, messages: after(thoughts) }));
    expect(asked[1]!.messages[1]!.content).toMatchObject([
      { type: 'thinking', thinking: 'First look.', signature: 'signed-1' }, { type: 'redacted_thinking', data: 'sealed' }, { type: 'text', text: 'I look.' }, { type: 'tool_use', id: 'toolu_1' },
    ]);
  });

  it('of another provider is not sent to Anthropic, which would refuse it', async () => {
    const { asked, client } = await thinker();
    await hear(client, request({ tools: [tool('look')], messages: after([{ text: 'Unsigned.' }]) }));
    expect(JSON.stringify(asked[0])).not.toContain('Unsigned.');
  });

  it('is asked for with an effort, and left to the provider without one', async () => {
    const { asked, client } = await thinker();
    await hear(client, request({ effort: 'high', maxOutputTokens: 20_000 }));
    await hear(client, request({ maxOutputTokens: 20_000 }));
    expect(asked[0]).toHaveProperty('thinking.type', 'enabled');
    expect(asked[1]).not.toHaveProperty('thinking');
    await using compatible = await withModel([{ text: ['ok'] }, { text: ['ok'] }]);
    await hear(compatible.client, request({ effort: 'low' }));
    await hear(compatible.client);
    expect(compatible.server.requests.map(({ body }) => body['reasoning_effort'])).toEqual(['low', undefined]);
  });

  it('goes back to compatible servers only with the calls that are under way', async () => {
    await using scripted = await withModel([{ reasoning: ['I ', 'think.'], calls: [{ name: 'look', arguments: {} }] }, { text: ['ok'] }, { text: ['ok'] }]);
    const thoughts = thoughtsOf(await hear(scripted.client, request({ tools: [tool('look')] })));
    expect(thoughts).toEqual([{ text: 'I think.' }]);
    await hear(scripted.client, request({ tools: [tool('look')], messages: after(thoughts) }));
    await hear(scripted.client, request({ tools: [tool('look')], messages: [...after(thoughts), { role: 'assistant', text: 'Done.', calls: [] }, { role: 'user', text: 'And now?' }] }));
    const sent = scripted.server.requests.map(({ body }) => JSON.stringify(body.messages).includes('I think.'));
    expect(sent).toEqual([false, true, false]);
  });
});
