import * as vscode from 'vscode';
import type { WorkspaceDecision } from '../../shared/approvals.ts';
import type { Services } from '../services.ts';

/** What the person has allowed for good in this workspace; picking one takes it back. */
export async function workspaceDecisions({ holder }: Services): Promise<void> {
  const decisions = await holder.use((runtime) => runtime.decisions.list());
  if (decisions.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Nothing is allowed for good in this workspace.'));
    return;
  }
  const picked = await vscode.window.showQuickPick(decisions.map(itemOf), { title: vscode.l10n.t('Allowed for good in this workspace'), placeHolder: vscode.l10n.t('Pick one to take it back'), matchOnDetail: true });
  if (picked === undefined) return;
  const revoke = vscode.l10n.t('Revoke');
  const sure = await vscode.window.showWarningMessage(vscode.l10n.t('Take back "{0}"?', picked.decision.grant), { modal: true, detail: vscode.l10n.t('From then on it is asked again.') }, revoke);
  if (sure !== revoke) return;
  const revoked = await holder.use((runtime) => runtime.decisions.revoke(picked.decision.id));
  void vscode.window.showInformationMessage(revoked ? vscode.l10n.t('Taken back: {0}', picked.decision.grant) : vscode.l10n.t('It had been taken back already.'));
}

function itemOf(decision: WorkspaceDecision): vscode.QuickPickItem & { readonly decision: WorkspaceDecision } {
  const { grant, at, action } = decision;
  return { label: grant, description: new Date(at).toLocaleString(), detail: vscode.l10n.t('Asked for: {0}', action), decision };
}
