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

/** As the editor has it. Settings are asked for by it: of a folder that was opened through a link, the real path is in no folder of the window. */
export function runFolderUri(): vscode.Uri | undefined {
  return runFolder()?.uri;
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
