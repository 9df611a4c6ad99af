import { join } from 'node:path';
import { parseProviderSettings } from '../models/provider-settings.ts';
import type { ProviderConfig } from '../models/provider.ts';
import { secretVariable } from '../policy/secret-references.ts';
import { defaultSettings, type RuntimeSettings } from '../runtime-options.ts';
import { runtimeSettings } from '../runtime-settings.ts';
import { AssassinError, toErrorInfo } from '../shared/errors.ts';
import { readSettingsFile } from './settings-file.ts';

/** In the data folder, which no grant reaches: a run cannot widen what later runs may do. */
export const userSettingsFile = 'settings.json';

const prefix = 'infrastructureAssassin.';
const providersSetting = `${prefix}models.providers`;
const serversSetting = `${prefix}mcp.servers`;

export interface UserSettings {
  /** Everything but MCP servers and providers, which are merged with other sources. Absent values are left to the defaults. */
  readonly settings: RuntimeSettings;
  /** As written under `infrastructureAssassin.mcp.servers`, unchecked. */
  readonly mcpServers: unknown;
  readonly providers: readonly ProviderConfig[];
  /** The model of tasks that name none. */
  readonly defaultModel?: string;
  /** Absolute path of the file, whether it is there or not. */
  readonly file: string;
}

/**
 * The settings of the person for the command line: a file in the data folder with the names that the editor's settings have. A rule may allow here, because the file
 * is the person's own. Throws `invalid-config` naming the file and the setting.
 */
export async function readUserSettings(dataDirectory: string, workspace: string, env: Readonly<Record<string, string | undefined>>): Promise<UserSettings> {
  const file = join(dataDirectory, userSettingsFile);
  const found = await readSettingsFile(file, file);
  const values = found?.values ?? {};
  const rules = values[`${prefix}rules`];
  try {
    const settings = runtimeSettings({
      chosen: (name) => values[`${prefix}${name}`],
      levels: (name) => (name === 'rules' && rules !== undefined ? [{ origin: file, value: rules, places: Array.isArray(rules) ? rules.map((_rule, entry) => found?.placeOf(`${prefix}rules`, entry)) : [] }] : []),
    }, workspace, defaultSettings);
    const { browserPool: _forWindows, ...kept } = settings;
    const providers = values[providersSetting] === undefined ? [] : parseProviderSettings(values[providersSetting], (provider) => Promise.resolve(env[secretVariable(provider)]));
    const model = values[`${prefix}models.default`];
    return { settings: kept, mcpServers: values[serversSetting], providers, file, ...(typeof model === 'string' && model !== '' ? { defaultModel: model } : {}) };
  } catch (error) {
    const { code, message, hint, data } = toErrorInfo(error);
    if (code !== 'invalid-config') throw error;
    const setting = data?.['setting'];
    const place = typeof setting === 'string' ? found?.placeOf(setting) ?? file : found?.placeOf(providersSetting) ?? file;
    throw new AssassinError('invalid-config', `${message} It stands in ${place}.`, { ...(hint === undefined ? {} : { hint }), ...(data === undefined ? {} : { data }), cause: error });
  }
}
