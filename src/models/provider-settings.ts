import * as z from 'zod';
import { AssassinError } from '../shared/errors.ts';
import { plainWords } from '../shared/plain-issue.ts';
import { parseProvider, providerKinds, type ProviderConfig } from './provider.ts';
import { serviceTiers } from './service-tier.ts';

const setting = z.strictObject({
  kind: z.enum(providerKinds),
  name: z.string(),
  baseUrl: z.string().optional(),
  models: z.array(z.string().min(1)).optional(),
  serviceTier: z.enum(serviceTiers).optional(),
});

/**
 * Providers as they stand in settings, where no key may stand: `keyOf` asks the secret store or the environment for the one of a provider.
 * Throws `invalid-config` naming entry and field.
 */
export function parseProviderSettings(value: unknown, keyOf: (provider: string) => Promise<string | undefined>): readonly ProviderConfig[] {
  const entries = z.safeParse(z.array(setting), value);
  if (!entries.success) {
    const issue = entries.error.issues[0];
    const field = issue ? z.core.toDotPath(issue.path) : '';
    const key = /key|token|secret/i.test(issue?.code === 'unrecognized_keys' ? issue.keys.join(' ') : '');
    throw new AssassinError('invalid-config', `The model providers in the settings are wrong${field === '' ? '' : ` at ${field}`}: ${issue === undefined ? 'not understood' : plainWords(issue)}.`, {
      hint: key ? 'Take the key out of the settings; it is set by a command of its own and kept in the secret store.' : `Each needs a kind (${providerKinds.join(', ')}) and a name; baseUrl, models and serviceTier are optional.`,
      data: { field },
    });
  }
  const configs = entries.data.map(({ kind, name, baseUrl, models, serviceTier }): ProviderConfig => ({
    kind, name, apiKey: () => keyOf(name),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(models === undefined ? {} : { models }),
    ...(serviceTier === undefined ? {} : { serviceTier }),
  }));
  for (const config of configs) parseProvider(config);
  return configs;
}
