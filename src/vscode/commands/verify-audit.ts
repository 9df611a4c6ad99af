import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { AuditReport } from '../../store/audit-inspection.ts';
import type { Services } from '../services.ts';

/** What `audit verify` and `audit export` of the command line do. */
export async function verifyAuditCommand(services: Services): Promise<AuditReport> {
  const { inspectAudit } = await import('../../store/audit-inspection.ts');
  const report = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Verifying the audit log') }, () => services.history.read((store) => inspectAudit(store.audit)));
  // Not awaited: a notification stays until somebody answers it.
  void offer(services, report);
  return report;
}

async function offer(services: Services, report: AuditReport): Promise<void> {
  const [copyHead, exportAll] = [vscode.l10n.t('Copy head'), vscode.l10n.t('Export...')];
  const chosen = report.ok
    ? await vscode.window.showInformationMessage(vscode.l10n.t('The audit log is whole ({0}): each entry follows from the one before. A head that is kept elsewhere proves later that nothing was cut off.', report.entries), copyHead, exportAll)
    : await vscode.window.showErrorMessage(problemsOf(report).join(' '), exportAll);
  if (chosen === copyHead) await vscode.env.clipboard.writeText(report.head);
  if (chosen === exportAll) await exportAudit(services);
}

function problemsOf({ entries, brokenAt, cutOff, missing }: AuditReport): readonly string[] {
  return [
    brokenAt === undefined ? vscode.l10n.t('The audit log is not whole: what is left ({0}) follows one from the other.', entries) : vscode.l10n.t('The audit log is broken: entry {0} does not follow from the one before.', brokenAt),
    ...(cutOff === undefined ? [] : [vscode.l10n.t('On {0} it was longer ({1}), and the last entry of then is not there any more. Somebody has changed the database, or the power failed.', new Date(cutOff.at).toLocaleString(), cutOff.entries)]),
    ...(missing === undefined ? [] : [missing === 1 ? vscode.l10n.t('1 decision in the record of the runs is not in it.') : vscode.l10n.t('{0} decisions in the record of the runs are not in it.', missing)]),
  ];
}

async function exportAudit({ history, workspace }: Services): Promise<void> {
  const uri = await vscode.window.showSaveDialog({ title: vscode.l10n.t('Export audit log'), filters: { [vscode.l10n.t('Lines of JSON')]: ['jsonl'] }, defaultUri: vscode.Uri.file(join(workspace() ?? homedir(), 'audit.jsonl')) });
  if (!uri) return;
  const { auditLines } = await import('../../store/audit-inspection.ts');
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(await history.read((store) => [...auditLines(store.audit)].join(''))));
  void vscode.window.showInformationMessage(vscode.l10n.t('Wrote the audit log to {0}.', vscode.workspace.asRelativePath(uri)));
}
