import { realpathSync } from 'node:fs';
import * as vscode from 'vscode';

/** The folder that runs work in: the first one that is open and lies on a disk. */
function runFolder(): vscode.WorkspaceFolder | undefined {
  return vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
}

export function inRunFolder(uri: vscode.Uri): boolean {
  const folder = runFolder();
  return folder !== undefined && vscode.workspace.getWorkspaceFolder(uri)?.uri.toString() === folder.uri.toString();
}

/** Its real path, under which runs are stored, also where it was opened through a link. */
export function runFolderPath(): string | undefined {
  const path = runFolder()?.uri.fsPath;
  try {
    return path === undefined ? undefined : realpathSync.native(path);
  } catch {
    return path;
  }
}
