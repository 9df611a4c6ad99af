import * as vscode from 'vscode';
import { extensionName } from './names.ts';

/** Sections of which a change makes another runtime: whatever it reads when it is opened. MCP servers are configured anew while it runs, and lenses do not concern it. */
const runtimeSections = ['approvals', 'browser', 'dataDirectory', 'budget', 'mcp.registries', 'models', 'otlp', 'retention', 'rules', 'runs', 'sandbox'];

export function concernsRuntime(event: vscode.ConfigurationChangeEvent): boolean {
  return runtimeSections.some((section) => event.affectsConfiguration(`${extensionName}.${section}`));
}

export function configuration(folder: vscode.Uri | undefined): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration(extensionName, folder);
}
