import { hostname } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { usageFormats, type UsageFormat } from '../../shared/protocol-figures.ts';
import { savingsAssumptions } from '../savings-assumptions.ts';
import type { Services } from '../services.ts';

/** What `savings export` of the command line writes, of all workspaces of this machine or of the open one. */
export async function exportSavings(services: Services): Promise<void> {
  const folder = services.workspace();
  const here = { label: vscode.l10n.t('This folder'), workspace: folder };
  const everywhere = { label: vscode.l10n.t('All folders on this machine'), workspace: undefined };
  const scope = folder === undefined ? everywhere : await vscode.window.showQuickPick([here, everywhere], { title: vscode.l10n.t('Export savings report: of which runs?') });
  if (!scope) return;
  const { recordsOfStore } = await import('../../savings/report/records-of-store.ts');
  const records = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Reading runs') }, () =>
    services.history.read((store) => recordsOfStore(store, { machine: hostname(), ...(scope.workspace === undefined ? {} : { workspace: scope.workspace }) })));
  if (records.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('There are no runs to report on yet.'));
    return;
  }
  const uri = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export savings report'),
    filters: { HTML: ['html'], CSV: ['csv'], [vscode.l10n.t('Records for a report over several machines')]: ['json'] },
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.file(join(folder, 'savings.html')) }),
  });
  if (!uri) return;
  const format = formatOf(uri);
  const { usageText } = await import('../usage-text.ts');
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(await usageText(records, format, savingsAssumptions())));
  const open = vscode.l10n.t('Open');
  const place = vscode.workspace.asRelativePath(uri);
  const written = records.length === 1 ? vscode.l10n.t('Wrote 1 run to {0}.', place) : vscode.l10n.t('Wrote {0} runs to {1}.', records.length, place);
  if ((await vscode.window.showInformationMessage(written, open)) === open) await vscode.env.openExternal(uri);
}

/** By the ending that was chosen; a page where there is another. */
const formatOf = ({ path }: vscode.Uri): UsageFormat => usageFormats.find((format) => path.endsWith(`.${format}`)) ?? 'html';
