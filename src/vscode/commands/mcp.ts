import * as vscode from 'vscode';
import type { McpServerStatus } from '../../mcp/mcp-server.ts';
import { AssassinError } from '../../shared/errors.ts';
import { requireTrust } from '../launch.ts';
import { mcpInputsOf } from '../mcp-inputs.ts';
import { extensionName } from '../names.ts';
import { openLocation, showError } from '../notify.ts';
import type { Services } from '../services.ts';
import { serverNameOfTarget } from './targets.ts';

/** Throws `mcp-not-configured` where there is none to pick. */
export async function pickServer({ holder }: Services, title: string, filter: (server: McpServerStatus) => boolean): Promise<string | undefined> {
  const all = await holder.use((runtime) => runtime.mcp.servers());
  const servers = all.filter(filter);
  if (servers.length === 0) {
    throw new AssassinError('mcp-not-configured', all.length === 0 ? vscode.l10n.t('No MCP server is configured.') : vscode.l10n.t('There is no such MCP server.'), {
      hint: vscode.l10n.t('Add one with "Add MCP server".'),
    });
  }
  return (await vscode.window.showQuickPick(servers.map(({ name, title: label, state, command }) => ({ label, description: state, detail: command, name })), { title }))?.name;
}

export async function startMcpServer(services: Services, target?: unknown): Promise<void> {
  requireTrust();
  const { holder, log, mcpServers, workspace } = services;
  const mcpInputs = mcpInputsOf(services);
  const name = serverNameOfTarget(target) ?? (await pickServer(services, vscode.l10n.t('Start which MCP server?'), ({ startedByHand, enabled }) => enabled && !startedByHand));
  if (name === undefined) return;
  // A lens can be newer than the configuration, which is read again a moment after its file was saved.
  await holder.use(async ({ mcp }) => {
    if (!mcp.servers().some((server) => server.name === name)) await mcp.configure((await mcpServers.reload()).servers);
  });
  try {
    await vscode.window.withProgress({ location: { viewId: `${extensionName}.mcpServers` } }, () => holder.use((runtime) => runtime.mcp.start(name)));
  } catch (error) {
    const folder = workspace();
    // A secret that was mistyped would be used for ever, because it is asked only once.
    const forget = { title: vscode.l10n.t('Forget its inputs'), act: () => mcpInputs.forget(name) };
    const review = { title: vscode.l10n.t('Review'), act: () => vscode.commands.executeCommand(`${extensionName}.reviewMcpServer`, name) };
    const actions = [...(AssassinError.isInstance(error) && error.data?.['reason'] === 'configuration-changed' ? [review] : []), ...(mcpInputs.remembers(name) ? [forget] : [])];
    showError(error, { log, doing: `start MCP server ${name}`, ...(folder === undefined ? {} : { workspace: folder }), actions });
  }
}

export async function stopMcpServer(services: Services, target?: unknown): Promise<void> {
  const name = serverNameOfTarget(target) ?? (await pickServer(services, vscode.l10n.t('Stop which MCP server?'), ({ startedByHand, state }) => startedByHand || state === 'starting'));
  if (name !== undefined) await services.holder.use((runtime) => runtime.mcp.stop(name));
}

/** As *Stop* and *Start*: inputs that are known are not asked for again. */
export async function restartMcpServer(services: Services, target?: unknown): Promise<void> {
  requireTrust();
  const name = serverNameOfTarget(target) ?? (await pickServer(services, vscode.l10n.t('Restart which MCP server?'), ({ startedByHand }) => startedByHand));
  if (name === undefined) return;
  await services.holder.use((runtime) => runtime.mcp.stop(name));
  await startMcpServer(services, name);
}

export async function openMcpConfiguration(services: Services, target?: unknown): Promise<void> {
  const name = serverNameOfTarget(target) ?? (await pickServer(services, vscode.l10n.t('Configuration of which MCP server?'), () => true));
  if (name === undefined) return;
  const { provenance } = (await services.holder.use((runtime) => runtime.mcp.servers())).find((server) => server.name === name) ?? {};
  const folder = services.workspace();
  if (provenance === undefined || provenance.file.startsWith(`${extensionName}.`) || folder === undefined) {
    await vscode.commands.executeCommand('workbench.action.openSettings', `${extensionName}.mcp.servers`);
  } else await openLocation({ file: provenance.file, line: provenance.line ?? 1, column: 1 }, folder);
}

export async function forgetSecrets(services: Services, target?: unknown): Promise<void> {
  const count = await mcpInputsOf(services).forget(serverNameOfTarget(target));
  const text = count === 0 ? vscode.l10n.t('No input of an MCP server is stored.') : vscode.l10n.t('Forgotten: {0} stored inputs. Servers that run keep theirs until they are stopped.', count);
  vscode.window.setStatusBarMessage(text, 8000);
}
