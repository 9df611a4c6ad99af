import type { ProviderConfig } from '../../models/provider.ts';

/** Providers that many people have a key of, named as the command line names them. */
export const providerPresets: readonly (ProviderConfig & { readonly title: string })[] = [
  { title: 'OpenAI', kind: 'openai-compatible', name: 'openai', baseUrl: 'https://api.openai.com/v1' },
  { title: 'Anthropic', kind: 'anthropic', name: 'anthropic' },
  { title: 'Google', kind: 'google', name: 'google' },
  { title: 'OpenRouter', kind: 'openai-compatible', name: 'openrouter', baseUrl: 'https://openrouter.ai/api/v1' },
];
