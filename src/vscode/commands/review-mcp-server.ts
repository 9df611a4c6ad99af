import * as vscode from 'vscode';
import type { Withheld } from '../../mcp/trust/server-trust.ts';
import { requireTrust } from '../launch.ts';
import { definitionUri } from '../definition-document.ts';
import { extensionName } from '../names.ts';
import type { Services } from '../services.ts';
import { withheldTitle } from '../trees/withheld-item.ts';
import { pickServer } from './mcp.ts';
import { serverNameOfTarget } from './targets.ts';

/** Shows what a server has changed beside what was approved, one thing at a time, and approves exactly what was shown. */
export async function reviewMcpServer(services: Services, target?: unknown): Promise<void> {
  requireTrust();
  const { holder } = services;
  const server = serverNameOfTarget(target) ?? (await pickServer(services, vscode.l10n.t('Review which MCP server?'), ({ enabled }) => enabled));
  if (server === undefined) return;
  const { reviewServer } = await import('../../mcp/trust/review-server.ts');
  const view = { location: { viewId: `${extensionName}.mcpServers` } };
  const waiting = await vscode.window.withProgress(view, () => holder.use(({ mcp, mcpTrust }) => reviewServer(mcp, mcpTrust, server)));
  if (waiting.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Nothing of {0} waits for approval.', server));
    return;
  }
  const chosen = await choose(server, waiting);
  if (chosen === undefined) return;
  await show(services, server, chosen);
  if (chosen.why === 'twice' || !(await confirmed(server, chosen))) return;
  await holder.use(async ({ mcp, mcpTrust }) => {
    mcpTrust.approve(server, [chosen]);
    await mcp.readmit(server);
  });
  vscode.window.setStatusBarMessage(vscode.l10n.t('Approved: {0} of {1}.', withheldTitle(chosen.now), server), 8000);
}

async function choose(server: string, waiting: readonly Withheld[]): Promise<Withheld | undefined> {
  const [only] = waiting;
  if (waiting.length === 1) return only;
  const items = waiting.map((withheld) => ({ label: withheldTitle(withheld.now), detail: withheld.reason, withheld }));
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('What of {0} do you want to look at?', server), matchOnDetail: true }))?.withheld;
}

async function show(services: Services, server: string, { before, now }: Withheld): Promise<void> {
  const title = vscode.l10n.t('{0} of {1}: approved and now', withheldTitle(now), server);
  await vscode.commands.executeCommand('vscode.diff', await definitionUri(services, server, 'approved', before), await definitionUri(services, server, 'now', now), title, { preview: true });
}

/** Not modal: the comparison has to be read meanwhile. */
async function confirmed(server: string, { now, reason, findings }: Withheld): Promise<boolean> {
  const approve = vscode.l10n.t('Approve');
  const notes = findings.filter(({ serious }) => !serious).map(({ text }) => `${text}.`).join(' ');
  const text = vscode.l10n.t('Approve {0} of {1} as it stands on the right? {2}', withheldTitle(now), server, `${reason} ${notes}`.trim());
  return (await vscode.window.showWarningMessage(text, approve, vscode.l10n.t('Leave it out'))) === approve;
}
