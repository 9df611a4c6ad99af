import * as vscode from 'vscode';
import { extensionName } from './names.ts';

/** Sections of which a change makes another runtime. MCP servers are configured anew while it runs, and lenses do not concern it. */
const runtimeSections = ['browser', 'dataDirectory', 'budget', 'models', 'otlp', 'retention', 'rules', 'runs', 'sandbox'];

export function concernsRuntime(event: vscode.ConfigurationChangeEvent): boolean {
  return runtimeSections.some((section) => event.affectsConfiguration(`${extensionName}.${section}`));
}

export function configuration(folder: vscode.Uri | undefined): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration(extensionName, folder);
}
