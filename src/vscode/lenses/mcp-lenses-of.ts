import { basename } from 'node:path';
import * as vscode from 'vscode';
import { readPortableMcpFile, readVsCodeMcpFile } from '../../mcp/mcp-config-files.ts';
import type { McpServerConfig } from '../../mcp/mcp-config.ts';
import type { McpServerStatus } from '../../mcp/mcp-server.ts';
import { commandId, extensionName } from '../names.ts';
import type { RuntimeHolder } from '../runtime-holder.ts';
import { showMcpProblems } from '../mcp-diagnostics.ts';

/** Lenses of one configuration file; what is wrong in it is shown as problems of the editor on the way. */
export async function mcpLensesOf(document: vscode.TextDocument, holder: RuntimeHolder): Promise<vscode.CodeLens[]> {
  const read = basename(document.fileName) === '.mcp.json' ? readPortableMcpFile : readVsCodeMcpFile;
  const { servers, problems } = read(document.getText());
  showMcpProblems(document, problems);
  // A runtime that is not open yet has started nothing: it is not opened only to say so.
  const statuses = holder.isOpen ? await holder.use((runtime) => runtime.mcp.servers()) : [];
  return servers.flatMap((server) => lensesOf(server, statuses.find(({ name }) => name === server.name)));
}

function lensesOf({ name, enabled, provenance: { line = 1 } }: McpServerConfig, status: McpServerStatus | undefined): vscode.CodeLens[] {
  const range = new vscode.Range(line - 1, 0, line - 1, 0);
  if (!enabled) return [new vscode.CodeLens(range, { command: '', title: vscode.l10n.t('Switched off') })];
  const lens = (title: string, command: string) => new vscode.CodeLens(range, { title, command, arguments: command === '' ? [] : [name] });
  const start = lens(`$(play) ${vscode.l10n.t('Start')}`, commandId('startMcpServer'));
  const stop = lens(`$(debug-stop) ${vscode.l10n.t('Stop')}`, commandId('stopMcpServer'));
  const restart = lens(`$(debug-restart) ${vscode.l10n.t('Restart')}`, commandId('restartMcpServer'));
  const tools = status?.tools === undefined ? [] : [lens(status.tools === 1 ? vscode.l10n.t('1 tool') : vscode.l10n.t('{0} tools', status.tools), `${extensionName}.mcpServers.focus`)];
  if (status?.state === 'starting') return [lens(`$(loading~spin) ${vscode.l10n.t('Starting')}`, ''), stop];
  if (status?.startedByHand) return [stop, restart, ...tools];
  if (status?.error?.data?.['signIn'] === true) return [start, lens(`$(sign-in) ${vscode.l10n.t('Sign in')}`, commandId('signInMcpServer'))];
  if (status?.state === 'failed') return [start, lens(`$(error) ${vscode.l10n.t('Failed: show log')}`, commandId('showLog'))];
  return [start, ...tools];
}
