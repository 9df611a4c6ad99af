import * as vscode from 'vscode';
import { readVsCodeMcpFile } from '../../mcp/mcp-config-files.ts';
import { changedStretch, inputIds, nameOfTypedSecret, providerEntryOf, withTypedSecretMoved, writtenInstead } from '../../mcp/move-typed-secret.ts';
import { configFormOf, typedSecrets, type TypedSecret } from '../../mcp/typed-secrets.ts';
import type { ProviderConfig } from '../../models/provider.ts';
import { AssassinError } from '../../shared/errors.ts';
import { requireTrust } from '../launch.ts';
import { mcpInputsOf } from '../mcp-inputs.ts';
import { ModelKeys } from '../models/model-keys.ts';
import { modelProviders } from '../models/model-providers.ts';
import type { Services } from '../services.ts';
import { StoredSecrets } from '../stored-secrets.ts';

interface Place {
  readonly uri: vscode.Uri;
  readonly path: readonly (string | number)[];
}

const isPlace = (target: unknown): target is Place => typeof target === 'object' && target !== null && 'uri' in target && target.uri instanceof vscode.Uri && 'path' in target && Array.isArray(target.path);

/** Takes a key out of a file after a question: first it is stored, then what stands for it is written in its place, and the file is saved. */
export async function moveTypedSecret(services: Services, target?: unknown): Promise<void> {
  requireTrust();
  if (!isPlace(target)) return;
  const document = await vscode.workspace.openTextDocument(target.uri);
  const text = document.getText();
  const form = configFormOf(document.uri.path);
  const found = form && typedSecrets(text, form).find(({ path }) => JSON.stringify(path) === JSON.stringify(target.path));
  if (found === undefined || found.place === 'none') return void vscode.window.setStatusBarMessage(vscode.l10n.t('There is no secret in the open any more.'), 8000);
  const stored = new StoredSecrets(services.context);
  const name = nameOfTypedSecret(found, found.place === 'input' ? inputIds(text) : stored.names());
  if (!(await agreed(found, name, document))) return;
  const after = withTypedSecretMoved(text, found, name);
  switch (found.place) {
    case 'reference':
      await stored.store(name, found.secret);
      break;
    case 'input':
      await keepInput(services, found, name, text, after);
      break;
    case 'key':
      await new ModelKeys(services.context).set(providerOf(found, text), found.secret);
  }
  if (document.getText() !== text) throw new AssassinError('invalid-input', vscode.l10n.t('The file has changed meanwhile, so it was left as it is.'), { hint: vscode.l10n.t('Choose it again.') });
  const { start, end, text: written } = changedStretch(text, after);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), written);
  if (!(await vscode.workspace.applyEdit(edit)) || !(await document.save())) {
    throw new AssassinError('not-supported', vscode.l10n.t('The value is stored, but the file could not be changed.'), { hint: vscode.l10n.t('Check that you may write it, and take the value out yourself.') });
  }
}

async function agreed(found: TypedSecret, name: string, document: vscode.TextDocument): Promise<boolean> {
  const move = vscode.l10n.t('Move to secret storage');
  const instead = writtenInstead(found, name);
  const detail = [
    instead === undefined ? vscode.l10n.t('It becomes the API key of the model provider {0}, and the field is removed.', found.owner) : vscode.l10n.t('In its place stands {0}. Only the server gets the value.', instead),
    ...(found.place === 'input' ? [vscode.l10n.t('Other programs that read this file ask for it once.')] : found.place === 'reference' ? [vscode.l10n.t('Only Infrastructure Assassin knows what that stands for.')] : []),
    vscode.l10n.t('The file is saved. Older versions of it may still hold the value: where others could read it, make a new key.'),
  ].join('\n\n');
  const file = vscode.workspace.asRelativePath(document.uri);
  return (await vscode.window.showWarningMessage(vscode.l10n.t('Move "{0}" of {1} from {2} to the secret storage?', found.field, found.owner, file), { modal: true, detail }, move)) === move;
}

/** Stored values are bound to the whole entry, which is about to change: they are kept for it as it will be. */
async function keepInput(services: Services, { path, secret }: TypedSecret, id: string, before: string, after: string): Promise<void> {
  const serverIn = (text: string) => readVsCodeMcpFile(text).servers.find(({ title }) => title === path[1]);
  const server = serverIn(after);
  if (server === undefined) throw new AssassinError('invalid-config', vscode.l10n.t('The entry of this server is not valid, so its value cannot be kept for it.'), { hint: vscode.l10n.t('Correct the entry first.') });
  await mcpInputsOf(services).keepFor(server, id, secret, serverIn(before));
}

function providerOf(found: TypedSecret, text: string): ProviderConfig {
  const { kind, name, baseUrl } = providerEntryOf(text, found);
  const [provider] = modelProviders([{ kind, name, ...(baseUrl === undefined ? {} : { baseUrl }) }], () => Promise.resolve(undefined));
  if (provider === undefined) throw new AssassinError('invalid-config', vscode.l10n.t('The entry of this server is not valid, so its value cannot be kept for it.'));
  return provider;
}
