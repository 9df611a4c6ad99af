import { describe, expect, it } from 'vitest';
import type { ModelUsage } from '../../../src/models/model-client.ts';
import { ModelRegistry } from '../../../src/models/model-registry.ts';
import type { ProviderConfig } from '../../../src/models/provider.ts';
import { Redactor } from '../../../src/policy/redact.ts';
import { httpSite } from '../../helpers/http-site.ts';
import { hear, request } from './with-model.ts';

/** Asks a server that answers with `events` once; gives what it was sent and the usage that was understood. */
async function asked(config: Omit<ProviderConfig, 'name' | 'baseUrl'>, events: readonly object[]): Promise<{ readonly body: Readonly<Record<string, unknown>>; readonly usage: ModelUsage | undefined }> {
  let body: Readonly<Record<string, unknown>> = {};
  await using site = await httpSite((incoming, response) => {
    let text = '';
    incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk)).on('end', () => {
      body = JSON.parse(text) as Record<string, unknown>;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const event of events) response.write(`${'type' in event ? `event: ${String(event.type)}\n` : ''}data: ${JSON.stringify(event)}\n\n`);
      response.end(config.kind === 'openai-compatible' ? 'data: [DONE]\n\n' : '');
    });
  });
  const registry = new ModelRegistry({ redactor: new Redactor(), discover: false });
  registry.configure([{ ...config, name: 'served', baseUrl: `${site.origin}/v1`, apiKey: () => Promise.resolve('secret-key') }]);
  const { events: said } = await hear(await registry.client('served/model-1'), request({ messages: [{ role: 'user', text: 'Hello' }] }));
  const end = said.at(-1);
  return { body, usage: end?.type === 'finish' ? end.usage : undefined };
}

const chat = (more: object) => [
  { choices: [{ delta: { content: 'Hello.' } }], ...more },
  { choices: [{ delta: {}, finish_reason: 'stop' }], usage: { prompt_tokens: 10, completion_tokens: 2 }, ...more },
];
const claude = (tier: string | undefined) => [
  { type: 'message_start', message: { id: 'm', type: 'message', role: 'assistant', model: 'model-1', content: [], stop_reason: null, usage: { input_tokens: 10, output_tokens: 1, ...(tier === undefined ? {} : { service_tier: tier }) } } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello.' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } },
  { type: 'message_stop' },
];
const gemini = (tier: string | undefined) => [
  { candidates: [{ content: { parts: [{ text: 'Hello.' }], role: 'model' }, finishReason: 'STOP' }], usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 2, totalTokenCount: 12, ...(tier === undefined ? {} : { serviceTier: tier }) } },
];

describe('a service tier over the wire', () => {
  it.each([
    ['openai-compatible', 'flex', { service_tier: 'flex' }],
    ['openai-compatible', 'standard', { service_tier: 'default' }],
    ['anthropic', 'priority', { service_tier: 'auto' }],
    ['anthropic', 'standard', { service_tier: 'standard_only' }],
    ['google', 'flex', { serviceTier: 'flex' }],
  ] as const)('is asked for in the words of the provider: %s, %s', async (kind, serviceTier, sent) => {
    const { body } = await asked({ kind, serviceTier }, kind === 'google' ? gemini('flex') : kind === 'anthropic' ? claude('standard') : chat({}));
    expect(body).toMatchObject(sent);
  });

  it.each(['openai-compatible', 'anthropic', 'google'] as const)('is not named where nobody chose one: %s', async (kind) => {
    const { body, usage } = await asked({ kind }, kind === 'google' ? gemini(undefined) : kind === 'anthropic' ? claude(undefined) : chat({}));
    expect(JSON.stringify(body)).not.toMatch(/service_?tier/i);
    expect(usage).toBeDefined();
    expect(usage).not.toHaveProperty('tier');
  });

  it.each([
    ['openai-compatible', chat({ service_tier: 'priority' }), 'priority'],
    ['openai-compatible', chat({ service_tier: 'default' }), 'standard'],
    ['openai-compatible', chat({ service_tier: null }), undefined],
    ['openai-compatible', chat({ service_tier: 'on_demand' }), 'standard'],
    ['anthropic', claude('batch'), 'batch'],
    ['anthropic', claude('standard'), 'standard'],
    ['google', gemini('flex'), 'flex'],
    ['google', gemini('SERVICE_TIER_PRIORITY'), 'priority'],
  ] as const)('is the one that the answer names, not the one that was asked for: %s (%#)', async (kind, events, tier) => {
    const { usage } = await asked({ kind, ...(kind === 'anthropic' ? {} : { serviceTier: 'flex' as const }) }, events);
    expect(usage?.tier).toBe(tier);
  });

  it('comes with what the provider says that it has charged, but for the fee of a reseller alone', async () => {
    const charged = (usage: object) => asked({ kind: 'openai-compatible' }, [{ choices: [{ delta: { content: 'Hello.' }, finish_reason: 'stop' }] }, { choices: [], usage: { prompt_tokens: 10, completion_tokens: 2, ...usage } }]);
    expect((await charged({ cost: 0.0042 })).usage?.billedUsd).toBe(0.0042);
    expect((await charged({ cost: 0.0001, is_byok: true })).usage).not.toHaveProperty('billedUsd');
    expect((await charged({ cost: { total: 1 } })).usage).not.toHaveProperty('billedUsd');
  });
});
