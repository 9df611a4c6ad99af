import * as z from 'zod';
import type { Fetch } from '../policy/egress-fetch.ts';
import { AssassinError } from '../shared/errors.ts';
import { httpFetch } from './http-fetch.ts';
import type { ModelInfo } from './model-client.ts';
import { messageIn, modelError } from './model-errors.ts';
import type { Provider } from './provider.ts';

/** What the different servers say of a model in `GET /models`; all but the id is extra. */
const openAiList = z.object({
  data: z.array(z.looseObject({
    id: z.string(),
    name: z.string().optional().catch(undefined),
    display_name: z.string().optional().catch(undefined),
    context_length: z.number().optional().catch(undefined),
    max_model_len: z.number().optional().catch(undefined),
    max_input_tokens: z.number().optional().catch(undefined),
    supported_parameters: z.array(z.string()).optional().catch(undefined),
    architecture: z.looseObject({ input_modalities: z.array(z.string()).optional().catch(undefined) }).optional().catch(undefined),
  })),
});
const googleList = z.object({
  models: z.array(z.looseObject({
    name: z.string(),
    displayName: z.string().optional(),
    inputTokenLimit: z.number().optional(),
    supportedGenerationMethods: z.array(z.string()).optional(),
    thinking: z.boolean().optional(),
  })),
});
const ollamaModel = z.object({
  capabilities: z.array(z.string()).optional().catch(undefined),
  parameters: z.string().optional().catch(undefined),
});

/** Asks a provider for its models. Throws `model-*` errors. */
export async function listModels(provider: Provider, apiKey: string | undefined, signal: AbortSignal): Promise<readonly ModelInfo[]> {
  const { kind, models, baseUrl } = provider;
  if (models) return models.map((model) => infoOf(provider, model));
  // Closed when the list is there: some servers leave a connection open for as long as anybody does.
  using egress = httpFetch({ baseUrl, connectMs: 5000 });
  const ask = asking(provider, apiKey, egress.fetch, signal);
  switch (kind) {
    case 'google': {
      const list = await ask('/models?pageSize=1000', googleList);
      return list.models.flatMap(({ name, displayName, inputTokenLimit, supportedGenerationMethods, thinking }) => {
        if (supportedGenerationMethods && !supportedGenerationMethods.includes('generateContent')) return [];
        return [infoOf(provider, name.replace(/^models\//, ''), {
          ...(displayName === undefined ? {} : { label: displayName }),
          ...(inputTokenLimit === undefined ? {} : { contextTokens: inputTokenLimit }),
          ...(thinking === undefined ? {} : { reasoning: thinking }),
        })];
      });
    }
    case 'ollama': {
      const list = await ask('/models', openAiList);
      return await Promise.all(list.data.map(async ({ id }) => infoOf(provider, id, await ollamaDetails(ask, id, signal))));
    }
    case 'anthropic':
    case 'openai-compatible': {
      const list = await ask(kind === 'anthropic' ? '/models?limit=1000' : '/models', openAiList);
      return list.data.map((model) => {
        const contextTokens = model.context_length ?? model.max_model_len ?? model.max_input_tokens;
        const label = model.display_name ?? model.name;
        const modalities = model.architecture?.input_modalities;
        const parameters = model.supported_parameters;
        return infoOf(provider, model.id, {
          ...(label === undefined ? {} : { label }),
          ...(contextTokens === undefined ? {} : { contextTokens }),
          ...(modalities === undefined ? {} : { images: modalities.includes('image') }),
          ...(parameters === undefined ? {} : { tools: parameters.includes('tools'), reasoning: parameters.includes('reasoning') }),
        });
      });
    }
  }
}

export function infoOf(provider: Pick<Provider, 'name'>, model: string, more: Partial<Omit<ModelInfo, 'id' | 'provider' | 'model'>> = {}): ModelInfo {
  return { id: `${provider.name}/${model}`, provider: provider.name, model, label: model, ...more };
}

/** Ollama tells in its own language what a model can do; a version that does not leaves it unknown. */
async function ollamaDetails(ask: Ask, model: string, signal: AbortSignal): Promise<Partial<ModelInfo>> {
  const details = await ask('/../api/show', ollamaModel, { method: 'POST', body: JSON.stringify({ model }) }).catch(() => undefined);
  signal.throwIfAborted();
  // Not the length that the model was trained for: Ollama runs it with less, and cuts off what is longer without a word.
  const context = /^num_ctx\s+(\d+)/m.exec(details?.parameters ?? '')?.[1];
  const can = details?.capabilities;
  return {
    ...(context === undefined ? {} : { contextTokens: Number(context) }),
    ...(can ? { tools: can.includes('tools'), images: can.includes('vision'), reasoning: can.includes('thinking') } : {}),
  };
}

function authHeaders({ kind }: Provider, apiKey: string | undefined): Record<string, string> {
  if (apiKey === undefined) return {};
  switch (kind) {
    case 'anthropic':
      return { 'x-api-key': apiKey, 'anthropic-version': '2023-06-01' };
    case 'google':
      return { 'x-goog-api-key': apiKey };
    case 'openai-compatible':
    case 'ollama':
      return { authorization: `Bearer ${apiKey}` };
  }
}

type Ask = <S extends z.ZodType>(path: string, schema: S, init?: RequestInit) => Promise<z.output<S>>;

function asking(provider: Provider, apiKey: string | undefined, fetch: Fetch, signal: AbortSignal): Ask {
  const { name, baseUrl } = provider;
  return async (path, schema, init = { headers: authHeaders(provider, apiKey) }) => {
    const response = await fetch(new URL(`${baseUrl.href.replace(/\/$/, '')}${path}`), { ...init, signal });
    const text = await response.text();
    if (!response.ok) throw modelError({ provider: name, model: 'its list of models', status: response.status, text: messageIn(text) || text.slice(0, 300), headers: Object.fromEntries(response.headers), body: text });
    try {
      return z.parse(schema, JSON.parse(text));
    } catch (cause) {
      throw new AssassinError('model-unavailable', `${name} did not answer with a list of models.`, { hint: 'Check the base URL, or name the models in the settings.', cause });
    }
  };
}
