import type { LanguageModelV4 } from '@ai-sdk/provider';
import { AssassinError } from '../shared/errors.ts';
import { httpFetch } from './http-fetch.ts';
import type { Dialect } from './prompt.ts';
import type { Provider } from './provider.ts';

const cacheMark = { anthropic: { cacheControl: { type: 'ephemeral' } } } as const;

export function dialectOf({ kind }: Provider): Dialect {
  switch (kind) {
    case 'anthropic':
      return { plainCallIds: true, cacheMark, thoughts: 'signed' };
    case 'google':
      return { plainCallIds: false, thoughts: 'signed' };
    case 'openai-compatible':
    case 'ollama':
      // Strict mode refuses schemas with optional fields; whoever asks checks the answer in any case.
      return { plainCallIds: false, thoughts: 'current', options: { openaiCompatible: { strictJsonSchema: false } } };
  }
}

/** Opens one model; the library of its wire is loaded with the first one. Throws `model-auth` where the provider needs a key and there is none. */
export async function openWire(provider: Provider, model: string, apiKey: string | undefined, connectMs: number): Promise<LanguageModelV4> {
  const { kind, name, baseUrl } = provider;
  const fetch = httpFetch({ baseUrl, connectMs });
  // Base URL and key are always given: left out, these libraries would take them from variables of the environment.
  switch (kind) {
    case 'anthropic': {
      const { createAnthropic } = await import('@ai-sdk/anthropic');
      return createAnthropic({ baseURL: baseUrl.href, apiKey: needed(apiKey, name), fetch }).languageModel(model);
    }
    case 'google': {
      const { createGoogle } = await import('@ai-sdk/google');
      return createGoogle({ baseURL: baseUrl.href, apiKey: needed(apiKey, name), fetch }).languageModel(model);
    }
    case 'openai-compatible':
    case 'ollama': {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      return createOpenAICompatible({
        // Not the person's name for it: the part before a dot would decide which options are read.
        name: 'openaiCompatible',
        baseURL: baseUrl.href,
        ...(apiKey === undefined ? {} : { apiKey }),
        fetch,
        includeUsage: true,
        supportsStructuredOutputs: true,
        ...(baseUrl.hostname === 'api.openai.com' ? { transformRequestBody: renameMaxTokens } : {}),
      }).chatModel(model);
    }
  }
}

/** OpenAI's own newer models refuse the name that all the compatible servers know. */
function renameMaxTokens({ max_tokens, ...body }: Record<string, unknown>): Record<string, unknown> {
  return max_tokens === undefined ? body : { ...body, max_completion_tokens: max_tokens };
}

function needed(apiKey: string | undefined, provider: string): string {
  if (apiKey !== undefined) return apiKey;
  throw new AssassinError('model-auth', `${provider} needs a key, and none is set.`, { hint: `Set the key of ${provider}.` });
}
