import * as vscode from 'vscode';
import { isSecretName, secretReference } from '../../policy/secret-references.ts';
import type { Services } from '../services.ts';
import { StoredSecrets } from '../stored-secrets.ts';

/** Asks for a name and a value, which goes to the editor's secret storage. */
export async function storeSecret({ context }: Services): Promise<void> {
  const stored = new StoredSecrets(context);
  const title = vscode.l10n.t('Store secret');
  const name = await vscode.window.showInputBox({
    title, ignoreFocusOut: true, placeHolder: 'shop-token',
    prompt: vscode.l10n.t('Its name, by which chains and tasks refer to it.'),
    validateInput: (typed) => {
      if (!isSecretName(typed)) return vscode.l10n.t('Letters, digits, dots, dashes and underscores, at most 64.');
      return stored.names().includes(typed) ? { message: vscode.l10n.t('It replaces the one of this name.'), severity: vscode.InputBoxValidationSeverity.Warning } : undefined;
    },
  });
  if (name === undefined) return;
  const value = await vscode.window.showInputBox({ title, password: true, ignoreFocusOut: true, prompt: vscode.l10n.t('Its value. Kept in the secret storage of the editor.') });
  if (value === undefined || value === '') return;
  await stored.store(name, value);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Write {0} where it is to be sent.', secretReference(name)), 8000);
}

export async function forgetSecret({ context }: Services): Promise<void> {
  const stored = new StoredSecrets(context);
  if (stored.names().length === 0) {
    vscode.window.setStatusBarMessage(vscode.l10n.t('No secret is stored.'), 8000);
    return;
  }
  const name = await vscode.window.showQuickPick([...stored.names()], { title: vscode.l10n.t('Forget which secret?') });
  if (name === undefined) return;
  await stored.forget(name);
  vscode.window.setStatusBarMessage(vscode.l10n.t('The secret {0} is forgotten.', name), 8000);
}
