import * as vscode from 'vscode';

/** Our extension as VS Code sees it, in development or installed. */
export function extensionUnderTest(): vscode.Extension<unknown> {
  const id = process.env['ASSASSIN_EXTENSION_ID'] ?? '';
  const extension = vscode.extensions.getExtension(id);
  if (!extension) throw new Error(`VS Code knows no extension ${id}; it has: ${vscode.extensions.all.map((each) => each.id).filter((each) => !each.startsWith('vscode.')).join(', ')}`);
  return extension;
}

export function workspaceFolder(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) throw new Error('No folder is open.');
  return folder.uri;
}
