import * as vscode from 'vscode';
import { nameSecrets, secretReference, secretsIn, withoutSecrets } from '../policy/secret-references.ts';
import { AssassinError } from '../shared/errors.ts';
import type { Json } from '../shared/json.ts';
import { StoredSecrets } from './stored-secrets.ts';

/**
 * Looks for what has the format of a secret in something that is about to be used, and offers to keep it in the secret storage and to write a reference in its place.
 * Throws `cancelled` where the person wants neither.
 */
export async function withSecretsMoved<T extends Json>(value: T, context: Pick<vscode.ExtensionContext, 'secrets' | 'globalState'>): Promise<T> {
  const found = secretsIn(value);
  if (found.length === 0) return value;
  const stored = new StoredSecrets(context);
  const named = nameSecrets(found, stored.names());
  const move = vscode.l10n.t('Move to secret storage');
  const keep = vscode.l10n.t('Use it as it is');
  const references = [...named.keys()].map(secretReference).join(', ');
  const answer = await vscode.window.showWarningMessage(vscode.l10n.t('This holds what looks like a secret: {0}.', [...new Set(found.map(({ name }) => name))].join(', ')), {
    modal: true,
    detail: vscode.l10n.t('Models and programs would get to read it. Moved to the secret storage of the editor, it is replaced by {0}, and only the server it is sent to gets it. A run that uses it asks, or needs the grant "secret NAME".', references),
  }, move, keep);
  if (answer === keep) return value;
  if (answer !== move) throw new AssassinError('cancelled', vscode.l10n.t('Nothing was started.'));
  for (const [name, secret] of named) await stored.store(name, secret);
  // Strings stay strings, and everything else keeps its shape.
  return withoutSecrets(value, named) as T;
}
