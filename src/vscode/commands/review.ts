import { join } from 'node:path';
import * as vscode from 'vscode';
import { isTerminal } from '../../shared/run-state.ts';
import type { UndoPart } from '../../tools/undo-run.ts';
import { follow, requireTrust } from '../launch.ts';
import { undoRun } from '../panel-dialogs.ts';
import { deskOf, openReview } from '../review/open-review.ts';
import type { OpenChange } from '../review/review-desk.ts';
import { touches } from '../review/review-lens.ts';
import type { Services } from '../services.ts';
import { pickRun } from './pick-run.ts';
import { runIdOf } from './targets.ts';

/** Shows what a run has changed, to be kept or put back change by change. */
export async function reviewChanges(services: Services, target?: unknown): Promise<void> {
  const run = runIdOf(target) ?? (await pickChanged(services, vscode.l10n.t('Review the changes of which run?')));
  if (run !== undefined) await openReview(services, run);
}

export async function keepChange(services: Services, target?: unknown): Promise<void> {
  const change = changeOf(target) ?? (await atCursor(services))[0];
  if (change) await keep(services, [change]);
}

export async function putBackChange(services: Services, target?: unknown): Promise<string | undefined> {
  const change = changeOf(target) ?? (await atCursor(services)).find(({ edited }) => !edited);
  return change ? putBack(services, change.run, [{ path: change.path, ...(change.hunk === 0 ? {} : { hunks: [change.hunk] }) }]) : undefined;
}

export async function keepFile(services: Services): Promise<void> {
  await keep(services, await inActiveFile(services));
}

/** Of the newest run under review that has changed the file. */
export async function putBackFile(services: Services): Promise<string | undefined> {
  const [first] = await inActiveFile(services);
  return first ? putBack(services, first.run, [{ path: first.path }]) : undefined;
}

export async function keepRun(services: Services, target?: unknown): Promise<void> {
  const run = reviewed(services, target);
  if (run !== undefined) await keep(services, await deskOf(services).changesOf(run));
}

/** Asks first: it is everything that the run has changed, also what is not on the screen. */
export async function putBackRun(services: Services, target?: unknown): Promise<string | undefined> {
  requireTrust();
  const run = reviewed(services, target) ?? (await pickChanged(services, vscode.l10n.t('Put back the changes of which run?')));
  return run === undefined ? undefined : undoRun(services, run);
}

/** Among the runs that have ended and have written files. */
function pickChanged(services: Services, title: string): Promise<string | undefined> {
  const hasWritten = (id: string) => services.history.read((store) => store.eventsOf(id, ['file.written']).length > 0);
  return pickRun(services, title, async ({ id, state }) => isTerminal(state) && (await hasWritten(id)), { nothing: vscode.l10n.t('No run on record here has changed a file.') });
}

/** Resolves when it is done: what follows in a review looks at the files. Gives the run that did it. */
async function putBack(services: Services, run: string, part: readonly UndoPart[]): Promise<string> {
  requireTrust();
  await saveOpen(services, part);
  const handle = await services.holder.use((runtime) => runtime.undo(run, { part }));
  void follow(services, handle);
  const { result } = await handle.outcome;
  const { conflicts = [] } = (result ?? {}) as { readonly conflicts?: readonly string[] };
  if (conflicts.length > 0) void vscode.window.showWarningMessage(vscode.l10n.t('{0} was edited since, on the same lines, and was left alone. Change it by hand.', conflicts.join(', ')));
  await settle(services, run);
  return handle.id;
}

/** What is not saved would be in the way of what is written to the disk, and lost to one of the two. */
async function saveOpen({ workspace }: Services, part: readonly UndoPart[]): Promise<void> {
  const folder = workspace();
  if (folder === undefined) return;
  const paths = new Set(part.map(({ path }) => vscode.Uri.file(join(folder, path)).fsPath));
  for (const document of vscode.workspace.textDocuments) if (document.isDirty && paths.has(document.uri.fsPath)) await document.save();
}

async function keep(services: Services, changes: readonly OpenChange[]): Promise<void> {
  const desk = deskOf(services);
  for (const { run, path, hunk } of changes) await desk.kept.add(run, path, [hunk]);
  for (const run of new Set(changes.map((change) => change.run))) await settle(services, run);
}

/** A review in which nothing is left to be decided is over. */
async function settle(services: Services, run: string): Promise<void> {
  const desk = deskOf(services);
  desk.refresh();
  if ((await desk.changesOf(run)).length > 0) return;
  desk.close(run);
  vscode.window.setStatusBarMessage(vscode.l10n.t('All changes of this run are decided on.'), 5000);
}

function reviewed(services: Services, target: unknown): string | undefined {
  return runIdOf(target) ?? [...deskOf(services).runs.keys()][0];
}

async function inActiveFile(services: Services): Promise<readonly OpenChange[]> {
  const editor = vscode.window.activeTextEditor;
  return editor ? deskOf(services).changesIn(editor.document) : [];
}

async function atCursor(services: Services): Promise<readonly OpenChange[]> {
  const editor = vscode.window.activeTextEditor;
  const found = (await inActiveFile(services)).filter((change) => editor !== undefined && touches(change, editor.selection));
  if (found.length === 0) vscode.window.setStatusBarMessage(vscode.l10n.t('There is no change of a run under review at the cursor.'), 5000);
  return found;
}

function changeOf(target: unknown): OpenChange | undefined {
  if (typeof target !== 'object' || target === null) return undefined;
  const { run, path, hunk } = target as Partial<OpenChange>;
  return typeof run === 'string' && typeof path === 'string' && typeof hunk === 'number' ? { line: 0, lines: 0, edited: false, ...target, run, path, hunk } : undefined;
}
