import * as vscode from 'vscode';
import type { RunSummary } from '../../shared/dto.ts';
import { AssassinError } from '../../shared/errors.ts';
import { requireFolder } from '../require-folder.ts';
import type { Services } from '../services.ts';
import { runDescription } from '../trees/run-item.ts';

const listed = 200;

export interface PickOptions {
  readonly askForOne?: boolean;
  /** What to do where there is no such run. */
  readonly nothing?: string;
}

/** Lets a person choose among the newest runs of this folder that pass `filter`; one that is the only one needs no question. */
export async function pickRun({ history, workspace }: Services, title: string, filter: (run: RunSummary) => boolean | Promise<boolean>, { askForOne = true, nothing }: PickOptions = {}): Promise<string | undefined> {
  const { items } = await history.runs({ workspace: requireFolder(workspace()), limit: listed });
  const runs: RunSummary[] = [];
  // One after the other: some filters read the record of a run, and other work of the window goes on in between.
  for (const run of items) if (await filter(run)) runs.push(run);
  if (runs.length === 0) throw new AssassinError('run-not-found', vscode.l10n.t('There is no such run in this folder.'), { hint: nothing ?? vscode.l10n.t('Run a chain first.') });
  if (runs.length === 1 && !askForOne) return runs[0]?.id;
  const choices = runs.map((run) => ({ label: run.title, description: runDescription(run), detail: new Date(run.createdAt).toLocaleString(), id: run.id }));
  // A run that ends meanwhile may move the focus in the panel: the list must not vanish under the mouse for it.
  return (await vscode.window.showQuickPick(choices, { title, matchOnDescription: true, matchOnDetail: true, ignoreFocusOut: true }))?.id;
}
