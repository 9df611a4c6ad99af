import type { ParseError } from 'jsonc-parser';
import * as vscode from 'vscode';
import { AssassinError } from '../shared/errors.ts';
import { extensionName } from './names.ts';

/** An entry as it stands in `.vscode/mcp.json` and in the setting. */
export type ServerEntry =
  | { readonly type: 'stdio'; readonly command: string; readonly args: readonly string[] }
  | { readonly type: 'http'; readonly url: string };

/** Adds a server to a JSON file with comments, and leaves all else in it as it is. */
export async function addToFile(file: vscode.Uri, name: string, entry: ServerEntry): Promise<void> {
  const { applyEdits, modify, parse } = await import('jsonc-parser');
  const text = await readText(file);
  const errors: ParseError[] = [];
  if (text.trim() !== '') parse(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first) {
    // Editing around an error could swallow what stands behind it.
    const before = text.slice(0, first.offset);
    throw new AssassinError('invalid-config', vscode.l10n.t('{0} is not valid JSON, so nothing was added to it.', file.fsPath), {
      hint: vscode.l10n.t('Correct the file and add the server again.'), location: { file: file.fsPath, line: before.split('\n').length, column: first.offset - before.lastIndexOf('\n') },
    });
  }
  const edits = modify(text.trim() === '' ? '{}' : text, ['servers', name], entry, { formattingOptions: { insertSpaces: true, tabSize: 2, insertFinalNewline: true } });
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(`${applyEdits(text.trim() === '' ? '{}' : text, edits).trimEnd()}\n`));
}

/** Adds a server to the settings of the person; those of a folder belong into its file, where other programs find them. */
export async function addToSettings(name: string, entry: ServerEntry): Promise<void> {
  const settings = vscode.workspace.getConfiguration(extensionName);
  const own = settings.inspect<Readonly<Record<string, unknown>>>('mcp.servers')?.globalValue ?? {};
  await settings.update('mcp.servers', { ...own, [name]: entry }, vscode.ConfigurationTarget.Global);
}

/** An editor with unsaved changes has the newer text: its changes are saved first, so that none is lost. */
async function readText(file: vscode.Uri): Promise<string> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === file.toString());
  if (open?.isDirty) await open.save();
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return '';
    throw error;
  }
}
