import * as vscode from 'vscode';
import { AssassinError } from '../../shared/errors.ts';

/** The part of the git extension's API (version 1) that is used. */
export interface GitRepository {
  readonly rootUri: vscode.Uri;
  readonly inputBox: { value: string };
  /** `true`: what is staged. */
  diff(cached: boolean): Promise<string>;
}

interface GitApi {
  readonly repositories: readonly GitRepository[];
  getRepository(uri: vscode.Uri): GitRepository | null;
}

interface GitExtension {
  readonly enabled: boolean;
  getAPI(version: 1): GitApi;
}

/** The repository of a source control view, of the open file, or the only one. Throws `not-supported` where there is none. */
export async function gitRepository(target: unknown): Promise<GitRepository> {
  const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
  const git = extension ? await extension.activate() : undefined;
  if (!git?.enabled) throw new AssassinError('not-supported', vscode.l10n.t('The Git extension is not there or switched off.'), { hint: vscode.l10n.t('Switch on the setting "git.enabled".') });
  const api = git.getAPI(1);
  const root = (target as { readonly rootUri?: unknown } | undefined)?.rootUri;
  const uri = root instanceof vscode.Uri ? root : vscode.window.activeTextEditor?.document.uri;
  const repository = (uri?.scheme === 'file' ? api.getRepository(uri) : undefined) ?? api.repositories[0];
  if (!repository) throw new AssassinError('not-supported', vscode.l10n.t('There is no Git repository in this folder.'), { hint: vscode.l10n.t('Open a folder that is one.') });
  return repository;
}
