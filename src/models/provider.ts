import { AssassinError } from '../shared/errors.ts';
import type { ServiceTier } from './service-tier.ts';

export const providerKinds = ['openai-compatible', 'anthropic', 'google', 'ollama'] as const;
export type ProviderKind = (typeof providerKinds)[number];

/** As a person sets it. */
export interface ProviderConfig {
  readonly kind: ProviderKind;
  /** What its models are called by: `NAME/model`. */
  readonly name: string;
  /** Needed for `openai-compatible`; the public one of the provider for the others, and loopback for Ollama. */
  readonly baseUrl?: string;
  /** Asked before each request. `undefined`: none is set. */
  readonly apiKey?: () => Promise<string | undefined>;
  /** Names the models instead of asking the provider for its list. */
  readonly models?: readonly string[];
  /** Asked for with each request; the provider's own choice where absent. */
  readonly serviceTier?: ServiceTier;
}

export interface Provider extends Omit<ProviderConfig, 'baseUrl'> {
  /** Where the wire's paths go below, without a slash at its end. */
  readonly baseUrl: URL;
}

const defaultBaseUrls: Readonly<Partial<Record<ProviderKind, string>>> = {
  anthropic: 'https://api.anthropic.com/v1',
  google: 'https://generativelanguage.googleapis.com/v1beta',
  ollama: 'http://127.0.0.1:11434',
};

/** Throws `invalid-config` naming the provider and the field. */
export function parseProvider(config: ProviderConfig): Provider {
  const fail = (field: string, problem: string, hint: string) => new AssassinError('invalid-config', `Model provider "${config.name}": ${field} ${problem}.`, { hint, data: { field } });
  if (!/^[^\s/]{1,60}$/.test(config.name)) throw fail('name', 'must be 1 to 60 characters without spaces and slashes', 'Choose a short name such as "openrouter".');
  if (config.kind === 'ollama' && config.serviceTier !== undefined) throw fail('serviceTier', 'is set, and Ollama has none', 'Take it out.');
  if (config.kind === 'anthropic' && config.serviceTier === 'flex') throw fail('serviceTier', 'is "flex", which Anthropic does not have', 'Choose standard or priority, or take it out.');
  const text = config.baseUrl ?? defaultBaseUrls[config.kind];
  if (text === undefined) throw fail('baseUrl', 'is missing', 'Give the address of the server, for example http://127.0.0.1:1234/v1.');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) throw fail('baseUrl', 'is not an http or https URL', 'Give the address of the server, for example http://127.0.0.1:1234/v1.');
  if (url.username !== '' || url.password !== '') throw fail('baseUrl', 'holds a user name or password', 'Set a key instead; it is kept in the secret store.');
  url.search = '';
  url.hash = '';
  url.pathname = url.pathname.replace(/\/+$/, '');
  // Ollama speaks OpenAI's language below /v1 and its own elsewhere.
  if (config.kind === 'ollama' && !url.pathname.endsWith('/v1')) url.pathname = `${url.pathname === '/' ? '' : url.pathname}/v1`;
  return { ...config, baseUrl: url };
}

/** Whether requests stay on this machine. */
export function isLocal({ baseUrl }: Pick<Provider, 'baseUrl'>): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(baseUrl.hostname);
}
