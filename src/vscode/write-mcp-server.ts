import * as vscode from 'vscode';
import { extensionName } from './names.ts';

/** An entry as it stands in `.vscode/mcp.json` and in the setting. */
export type ServerEntry =
  | { readonly type: 'stdio'; readonly command: string; readonly args: readonly string[] }
  | { readonly type: 'http'; readonly url: string };

/** Adds a server to a JSON file with comments, and leaves all else in it as it is. */
export async function addToFile(file: vscode.Uri, name: string, entry: ServerEntry): Promise<void> {
  const { addToConfig } = await import('../mcp/import/add-to-config.ts');
  await writeText(file, addToConfig(await readEdited(file), file.fsPath, name, entry));
}

/** Adds a server to the settings of the person; those of a folder belong into its file, where other programs find them. */
export async function addToSettings(name: string, entry: ServerEntry): Promise<void> {
  const settings = vscode.workspace.getConfiguration(extensionName);
  const own = settings.inspect<Readonly<Record<string, unknown>>>('mcp.servers')?.globalValue ?? {};
  await settings.update('mcp.servers', { ...own, [name]: entry }, vscode.ConfigurationTarget.Global);
}

/** An editor with unsaved changes has the newer text: its changes are saved first, so that none is lost. */
export async function readEdited(file: vscode.Uri): Promise<string> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === file.toString());
  if (open?.isDirty) await open.save();
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return '';
    throw error;
  }
}

export async function writeText(file: vscode.Uri, text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
}
