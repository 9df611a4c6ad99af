import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { linesOf } from './rule-lines.ts';

/** Where the entries of the rules setting are written, for an answer to "why was this allowed?" that can be opened. */
export interface RulePlaces {
  user(value: unknown): readonly (string | undefined)[];
  workspace(value: unknown): readonly (string | undefined)[];
  folder(value: unknown): readonly (string | undefined)[];
}

/** The editor tells values and not places, so its files are read for them. One that lies elsewhere (another profile, the other end of a remote window) gives no place. */
export async function rulePlaces(context: vscode.ExtensionContext, workspace: string): Promise<RulePlaces> {
  const userFile = userSettingsFile(context);
  const { workspaceFile } = vscode.workspace;
  const [user, inFolder, ofWorkspace] = await Promise.all([read(userFile), read(join(workspace, '.vscode', 'settings.json')), workspaceFile?.scheme === 'file' ? read(workspaceFile.fsPath) : '']);
  const folder = (value: unknown) => linesOf(inFolder, value, '.vscode/settings.json');
  return {
    user: (value) => linesOf(user, value, userFile),
    workspace: (value) => (workspaceFile === undefined ? folder(value) : linesOf(ofWorkspace, value, basename(workspaceFile.path), 'settings')),
    folder,
  };
}

/** The folder of an extension's global state lies beside the settings of the user. */
export function userSettingsFile({ globalStorageUri }: Pick<vscode.ExtensionContext, 'globalStorageUri'>): string {
  return join(globalStorageUri.fsPath, '..', '..', 'settings.json');
}

async function read(file: string): Promise<string> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.file(file)));
  } catch {
    return '';
  }
}
