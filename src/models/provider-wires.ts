import type { LanguageModelV4 } from '@ai-sdk/provider';
import { AssassinError } from '../shared/errors.ts';
import { httpFetch } from './http-fetch.ts';
import type { Dialect } from './prompt.ts';
import type { Provider, ProviderKind } from './provider.ts';
import type { ServiceTier } from './service-tier.ts';

const cacheMark = { anthropic: { cacheControl: { type: 'ephemeral' } } } as const;

/** Providers with a language of their own; the others speak OpenAI's. */
export type OwnWireKind = Exclude<ProviderKind, 'openai-compatible' | 'ollama'>;

export function dialectOf(kind: OwnWireKind, tier?: ServiceTier): Dialect {
  switch (kind) {
    case 'anthropic':
      // Its own words: priority capacity is used where there is some left, or never.
      return { plainCallIds: true, cacheMark, ...(tier === undefined ? {} : { options: { anthropic: { serviceTier: tier === 'priority' ? 'auto' : 'standard_only' } } }) };
    case 'google':
      return { plainCallIds: false, ...(tier === undefined ? {} : { options: { google: { serviceTier: tier } } }) };
  }
}

/** Opens one model; the library of its wire is loaded with the first one. Throws `model-auth` where the provider needs a key and there is none. */
export async function openWire(kind: OwnWireKind, provider: Provider, model: string, apiKey: string | undefined, connectMs: number): Promise<LanguageModelV4> {
  const { name, baseUrl } = provider;
  const { fetch } = httpFetch({ baseUrl, connectMs });
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
  }
}

function needed(apiKey: string | undefined, provider: string): string {
  if (apiKey !== undefined) return apiKey;
  throw new AssassinError('model-auth', `${provider} needs a key, and none is set.`, { hint: `Set the key of ${provider}.` });
}
