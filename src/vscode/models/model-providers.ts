import { parseProviderSettings } from '../../models/provider-settings.ts';
import type { ProviderConfig } from '../../models/provider.ts';
import { AssassinError, toErrorInfo } from '../../shared/errors.ts';
import { extensionName } from '../names.ts';

export const providersSetting = 'models.providers';
/** The editor's own models have this name. */
const reserved = 'vscode';

/** The providers of the setting, each with its own key. Throws `invalid-config` naming the setting. */
export function modelProviders(value: unknown, keyOf: (provider: ProviderConfig) => Promise<string | undefined>): readonly ProviderConfig[] {
  if (value === undefined || value === null) return [];
  const data = { setting: `${extensionName}.${providersSetting}` };
  try {
    const providers = parseProviderSettings(value, () => Promise.resolve(undefined));
    const taken = providers.find(({ name }, index) => name === reserved || providers.findIndex((other) => other.name === name) !== index);
    if (taken) throw new AssassinError('invalid-config', `Two model providers are called "${taken.name}".`, { hint: `Give each its own name; "${reserved}" is the editor's.` });
    return providers.map((provider) => ({ ...provider, apiKey: () => keyOf(provider) }));
  } catch (error) {
    const { code, message, hint, data: more } = toErrorInfo(error);
    throw new AssassinError(code, message, { cause: error, data: { ...more, ...data }, ...(hint === undefined ? {} : { hint }) });
  }
}
