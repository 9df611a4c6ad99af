import * as vscode from 'vscode';
import { parseProviderSettings } from '../models/provider-settings.ts';
import type { ProviderConfig } from '../models/provider.ts';
import { configuration } from './settings.ts';

const keyOf = (provider: string): string => `modelKey.${provider}`;

/** The providers of the user's settings; their keys lie in the editor's secret storage and are read when a request needs them. Throws `invalid-config`. */
export function configuredProviders(secrets: vscode.SecretStorage): readonly ProviderConfig[] {
  const value = configuration(undefined).inspect<unknown>('models.providers')?.globalValue;
  return value === undefined ? [] : parseProviderSettings(value, async (provider) => secrets.get(keyOf(provider)));
}

/** Asks for the key of a provider and keeps it; an empty answer forgets it. */
export async function askForModelKey(secrets: vscode.SecretStorage): Promise<void> {
  const providers = configuredProviders(secrets);
  if (providers.length === 0) {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'infrastructureAssassin.models.providers');
    return;
  }
  const name = providers.length === 1 ? providers[0]?.name : await vscode.window.showQuickPick(providers.map((provider) => provider.name), { title: vscode.l10n.t('The key of which provider?') });
  if (name === undefined) return;
  const key = await vscode.window.showInputBox({ title: vscode.l10n.t('Key of {0}', name), prompt: vscode.l10n.t('It is kept in the secret storage of the editor. Leave it empty to forget the one that is kept.'), password: true, ignoreFocusOut: true });
  if (key === undefined) return;
  if (key.trim() === '') await secrets.delete(keyOf(name));
  else await secrets.store(keyOf(name), key.trim());
}
