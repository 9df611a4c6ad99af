import * as vscode from 'vscode';
import { AssassinError } from '../shared/errors.ts';

/** The folder that runs work in. Throws `invalid-input` where none is open, with the way to open one. */
export function requireFolder(folder: string | undefined): string {
  if (folder !== undefined) return folder;
  throw new AssassinError('invalid-input', vscode.l10n.t('No folder is open.'), { hint: vscode.l10n.t('Open a folder first: runs work on its files.'), data: { way: 'folder' } });
}
