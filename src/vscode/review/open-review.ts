import { join } from 'node:path';
import * as vscode from 'vscode';
import { AssassinError } from '../../shared/errors.ts';
import type { ReviewedFile } from '../../workspace/review/file-review.ts';
import { decodeWhole } from '../../workspace/text-encoding.ts';
import { extensionName } from '../names.ts';
import type { Services } from '../services.ts';
import { beforeUri } from './before-document.ts';
import { ReviewDesk } from './review-desk.ts';
import { ReviewLens } from './review-lens.ts';

const desks = new WeakMap<Services['holder'], ReviewDesk>();
const lensOfferKey = 'lensesInComparisonsOffered';

/** The desk of this window. Its lenses are registered when the first review is opened. */
export function deskOf(services: Services): ReviewDesk {
  let desk = desks.get(services.holder);
  if (desk) return desk;
  desk = new ReviewDesk(services);
  desks.set(services.holder, desk);
  const lens = new ReviewLens(desk);
  const files = { scheme: 'file' };
  services.context.subscriptions.push(
    desk, vscode.languages.registerCodeLensProvider(files, lens),
    vscode.languages.registerCodeActionsProvider(files, lens, { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix.append('assassin')] }),
  );
  return desk;
}

/** What a run has changed, each file against what it holds now, in the editor's own view of many changes. Reading only: in an untrusted workspace too. */
export async function openReview(services: Services, run: string): Promise<void> {
  const folder = services.workspace();
  const desk = deskOf(services);
  desk.refresh();
  const [{ title }, files] = await Promise.all([services.history.run(run), desk.files(run)]);
  if (folder === undefined || files.length === 0) throw new AssassinError('invalid-input', vscode.l10n.t('This run has changed no file.'), { hint: vscode.l10n.t('What programs and MCP servers wrote is not on record.') });
  const shown = files.filter(isText);
  desk.open(run, title);
  const changes = shown.map(({ path, change: { before }, now }): readonly [vscode.Uri, vscode.Uri | undefined, vscode.Uri | undefined] => {
    const file = vscode.Uri.file(join(folder, path));
    return [file, before === undefined ? undefined : beforeUri(run, file), now === undefined ? undefined : file];
  });
  if (changes.length > 0) await vscode.commands.executeCommand('vscode.changes', vscode.l10n.t('Changes of {0}', title), changes);
  const rest = files.length - shown.length;
  if (rest > 0) void vscode.window.showInformationMessage(vscode.l10n.t('{0} of the changed files are no text and are not shown. They can be put back with the whole run.', rest));
  if (vscode.workspace.isTrusted) void offerLenses(services);
}

function isText({ change: { before }, now }: ReviewedFile): boolean {
  return [before, now].every((bytes) => bytes === undefined || decodeWhole(bytes) !== undefined);
}

/** The editor shows no lenses in comparisons unless the person wants them; asked once. */
async function offerLenses({ context }: Services): Promise<void> {
  const settings = vscode.workspace.getConfiguration('diffEditor');
  if (settings.get<boolean>('codeLens') === true || context.globalState.get<boolean>(lensOfferKey) === true) return;
  if (!vscode.workspace.getConfiguration(extensionName).get<boolean>('codeLens.review', true)) return;
  await context.globalState.update(lensOfferKey, true);
  const show = vscode.l10n.t('Show them');
  const text = vscode.l10n.t('"Keep" and "Put back" can stand above each change here, too, if the editor shows lenses in comparisons. Without them, use the light bulb (Ctrl+.) or the commands.');
  if ((await vscode.window.showInformationMessage(text, show)) === show) await settings.update('codeLens', true, vscode.ConfigurationTarget.Global);
}
