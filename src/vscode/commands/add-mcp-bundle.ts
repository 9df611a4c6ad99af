import * as vscode from 'vscode';
import { AssassinError } from '../../shared/errors.ts';
import { requireTrust } from '../launch.ts';
import { confirmPlan, writePlan } from '../mcp-plans.ts';
import { requireFolder } from '../require-folder.ts';
import type { Services } from '../services.ts';

/** Unpacks a bundle, shows the whole command that it would be started with, and writes it down only then. Starts nothing. */
export async function addMcpBundle(services: Services, target?: unknown): Promise<void> {
  requireTrust();
  const folder = requireFolder(services.workspace());
  const [file] = target instanceof vscode.Uri ? [target] : (await vscode.window.showOpenDialog({ title: vscode.l10n.t('Add MCP bundle'), openLabel: vscode.l10n.t('Look at it'), filters: { [vscode.l10n.t('MCP bundles')]: ['mcpb', 'dxt'] } })) ?? [];
  if (file === undefined) return;
  try {
    await writePlan(services, folder, await services.holder.use(({ mcpCatalog }) => mcpCatalog.addBundle(file.fsPath, { confirm: confirmPlan })));
  } catch (error) {
    if (!AssassinError.isInstance(error) || error.code !== 'cancelled') throw error;
  }
}
