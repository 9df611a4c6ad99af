import * as vscode from 'vscode';
import { parseProvider, type ProviderConfig } from '../../models/provider.ts';
import { toErrorInfo } from '../../shared/errors.ts';
import { requireTrust } from '../launch.ts';
import { ModelKeys } from '../models/model-keys.ts';
import { modelProviders, providersSetting } from '../models/model-providers.ts';
import { providerPresets } from '../models/provider-presets.ts';
import type { Services } from '../services.ts';
import { configuration } from '../settings.ts';

/** Asks for a provider and its key; one that is not in the settings yet is written there, the key goes to the secret storage. */
export async function setModelKey({ context, workspace }: Services): Promise<void> {
  requireTrust();
  const keys = new ModelKeys(context);
  const folder = workspace();
  const settings = configuration(folder === undefined ? undefined : vscode.Uri.file(folder));
  const configured = modelProviders(settings.get<unknown>(providersSetting), () => Promise.resolve(undefined));
  const provider = await chosenProvider(configured, keys);
  if (!provider) return;
  const key = await vscode.window.showInputBox({
    title: vscode.l10n.t('API key of {0}', provider.name), password: true, ignoreFocusOut: true,
    prompt: vscode.l10n.t('Kept in the secret storage of the editor. Leave it empty where the server wants none.'),
  });
  if (key === undefined) return;
  if (key.trim() !== '') await keys.set(provider, key.trim());
  if (!configured.some(({ name }) => name === provider.name)) await addToSettings(settings, provider);
  vscode.window.setStatusBarMessage(vscode.l10n.t('The models of {0} can be used in tasks now.', provider.name), 8000);
}

export async function forgetModelKey({ context }: Services): Promise<void> {
  const keys = new ModelKeys(context);
  const stored = keys.stored();
  if (stored.length === 0) {
    vscode.window.setStatusBarMessage(vscode.l10n.t('No API key of a model provider is stored.'), 8000);
    return;
  }
  const chosen = await vscode.window.showQuickPick(stored.map((key) => ({ label: key.name, description: key.baseUrl, key })), { title: vscode.l10n.t('Forget which API key?') });
  if (!chosen) return;
  await keys.forget(chosen.key);
  vscode.window.setStatusBarMessage(vscode.l10n.t('The API key of {0} is forgotten.', chosen.key.name), 8000);
}

async function chosenProvider(configured: readonly ProviderConfig[], keys: ModelKeys): Promise<ProviderConfig | undefined> {
  const item = (label: string, provider: ProviderConfig) => ({ label, description: parseProvider(provider).baseUrl.href, detail: keys.has(provider) ? vscode.l10n.t('a key is set') : vscode.l10n.t('no key is set'), provider });
  const presets = providerPresets.filter(({ name }) => configured.every((other) => other.name !== name));
  const other = { label: vscode.l10n.t('Another server...'), description: vscode.l10n.t('that speaks the language of OpenAI'), detail: '', provider: undefined };
  const items = [...configured.map((provider) => item(provider.name, provider)), ...presets.map((preset) => item(preset.title, preset)), other];
  const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('API key of which model provider?'), matchOnDescription: true });
  return chosen && (chosen.provider ?? (await askForServer(configured)));
}

async function askForServer(configured: readonly ProviderConfig[]): Promise<ProviderConfig | undefined> {
  const title = vscode.l10n.t('Another server');
  const problem = (provider: ProviderConfig) => {
    try {
      modelProviders([...configured, provider].map(({ kind, name, baseUrl }) => ({ kind, name, ...(baseUrl === undefined ? {} : { baseUrl }) })), () => Promise.resolve(undefined));
      return undefined;
    } catch (error) {
      const { message, hint = '' } = toErrorInfo(error);
      return `${message} ${hint}`.trim();
    }
  };
  const make = (name: string, baseUrl: string): ProviderConfig => ({ kind: 'openai-compatible', name: name.trim(), baseUrl: baseUrl.trim() });
  const free = (index = 1): string => (configured.some(({ name }) => name === `server${index}`) ? free(index + 1) : `server${index}`);
  const baseUrl = await vscode.window.showInputBox({
    title, prompt: vscode.l10n.t('Address, most of them with /v1 at its end'), placeHolder: 'http://127.0.0.1:1234/v1', ignoreFocusOut: true, validateInput: (text) => problem(make(free(), text)),
  });
  if (baseUrl === undefined) return undefined;
  const name = await vscode.window.showInputBox({ title, prompt: vscode.l10n.t('Name: its models are called NAME/model'), value: free(), ignoreFocusOut: true, validateInput: (text) => problem(make(text, baseUrl)) });
  return name === undefined ? undefined : make(name, baseUrl);
}

async function addToSettings(settings: vscode.WorkspaceConfiguration, { kind, name, baseUrl }: ProviderConfig): Promise<void> {
  const { workspaceFolderValue, workspaceValue, globalValue } = settings.inspect<readonly unknown[]>(providersSetting) ?? {};
  // Where the workspace has a list of its own it hides the user's.
  const target = workspaceFolderValue ? vscode.ConfigurationTarget.WorkspaceFolder : workspaceValue ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  const before = workspaceFolderValue ?? workspaceValue ?? globalValue ?? [];
  await settings.update(providersSetting, [...before, { kind, name, ...(baseUrl === undefined ? {} : { baseUrl }) }], target);
}
