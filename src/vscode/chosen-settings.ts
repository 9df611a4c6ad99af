import type * as vscode from 'vscode';
import type { SettingsSource } from '../runtime-settings.ts';

/** What a person has set, as far as it counts here. */
export function chosenIn(settings: vscode.WorkspaceConfiguration): SettingsSource['chosen'] {
  return (name) => {
    const { globalValue, workspaceValue, workspaceFolderValue } = settings.inspect<unknown>(name) ?? {};
    // `get` leaves out what an untrusted workspace sets, where `inspect` still shows it.
    return (workspaceFolderValue ?? workspaceValue ?? globalValue) === undefined ? undefined : settings.get<unknown>(name);
  };
}
