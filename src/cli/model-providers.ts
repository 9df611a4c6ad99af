import type { ProviderConfig } from '../models/provider.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const known: readonly (Omit<ProviderConfig, 'apiKey'> & { readonly key: string })[] = [
  { kind: 'anthropic', name: 'anthropic', key: 'ANTHROPIC_API_KEY' },
  { kind: 'openai-compatible', name: 'openai', baseUrl: 'https://api.openai.com/v1', key: 'OPENAI_API_KEY' },
  { kind: 'google', name: 'google', key: 'GEMINI_API_KEY' },
  { kind: 'openai-compatible', name: 'openrouter', baseUrl: 'https://openrouter.ai/api/v1', key: 'OPENROUTER_API_KEY' },
];

/** The providers that the environment has a key for, and the server given with `--endpoint` first, whose key is ASSASSIN_API_KEY. */
export function modelProviders(env: Environment, endpoint?: string): readonly ProviderConfig[] {
  const given: readonly ProviderConfig[] = endpoint === undefined ? [] : [{ kind: 'openai-compatible', name: 'endpoint', baseUrl: endpoint, apiKey: () => Promise.resolve(env['ASSASSIN_API_KEY']) }];
  return [...given, ...known.flatMap(({ key, ...provider }) => ((env[key] ?? '') === '' ? [] : [{ ...provider, apiKey: () => Promise.resolve(env[key]) }]))];
}
