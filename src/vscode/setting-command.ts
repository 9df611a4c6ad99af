import * as vscode from 'vscode';
import { runFolderUri } from './run-folder.ts';

/** Opens the settings editor at a setting that is wrong, where it is set: a remote window shows none of the settings of a machine among those of the user, and would find nothing. */
export function settingCommand(setting: string): vscode.Command {
  const { workspaceValue, workspaceFolderValue } = vscode.workspace.getConfiguration(undefined, runFolderUri()).inspect(setting) ?? {};
  const ofWorkspace = workspaceValue !== undefined || workspaceFolderValue !== undefined;
  return { command: ofWorkspace ? 'workbench.action.openWorkspaceSettings' : 'workbench.action.openSettings', title: vscode.l10n.t('Open settings'), arguments: [setting] };
}

export async function openSetting(setting: string): Promise<void> {
  const { command, arguments: values = [] } = settingCommand(setting);
  await vscode.commands.executeCommand(command, ...(values as readonly unknown[]));
}
