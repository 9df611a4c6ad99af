import type { ProviderConfig } from '../models/provider.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const known: readonly (Omit<ProviderConfig, 'apiKey'> & { readonly key: string })[] = [
  { kind: 'anthropic', name: 'anthropic', key: 'ANTHROPIC_API_KEY' },
  { kind: 'openai-compatible', name: 'openai', baseUrl: 'https://api.openai.com/v1', key: 'OPENAI_API_KEY' },
  { kind: 'google', name: 'google', key: 'GEMINI_API_KEY' },
  { kind: 'openai-compatible', name: 'openrouter', baseUrl: 'https://openrouter.ai/api/v1', key: 'OPENROUTER_API_KEY' },
];

const variables = known.map(({ key }) => key);

/** How a model is had on the command line. */
export const modelHint = `Set ${variables.slice(0, -1).join(', ')} or ${variables.at(-1)!} in the environment, or install Ollama and pull a model (it is found by itself), or give a task --endpoint URL of an OpenAI-compatible server (its key in ASSASSIN_API_KEY).`;

/**
 * The server given with `--endpoint` first, whose key is ASSASSIN_API_KEY, then the providers of the person's settings, then those that the environment has a key for.
 * One that is in the settings under the name of a known one has that one's key, unless it is given its own.
 */
export function modelProviders(env: Environment, endpoint?: string, own: readonly ProviderConfig[] = []): readonly ProviderConfig[] {
  const given: readonly ProviderConfig[] = endpoint === undefined ? [] : [{ kind: 'openai-compatible', name: 'endpoint', baseUrl: endpoint, apiKey: () => Promise.resolve(env['ASSASSIN_API_KEY']) }];
  const keyed = own.map((provider): ProviderConfig => {
    const variable = known.find(({ name }) => name === provider.name)?.key;
    return { ...provider, apiKey: async () => (await provider.apiKey?.()) ?? (variable === undefined ? undefined : env[variable]) };
  });
  const taken = new Set(own.map(({ name }) => name));
  return [...given, ...keyed, ...known.flatMap(({ key, ...provider }) => ((env[key] ?? '') === '' || taken.has(provider.name) ? [] : [{ ...provider, apiKey: () => Promise.resolve(env[key]) }]))];
}
