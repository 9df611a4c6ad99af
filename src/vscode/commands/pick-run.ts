import * as vscode from 'vscode';
import type { RunSummary } from '../../shared/dto.ts';
import { AssassinError } from '../../shared/errors.ts';
import type { Services } from '../services.ts';
import { runDescription } from '../trees/run-item.ts';

const listed = 200;

/** Lets a person choose among the newest runs of this folder that pass `filter`; one that is the only one needs no question. */
export async function pickRun({ history, workspace }: Services, title: string, filter: (run: RunSummary) => boolean, { askForOne = true }: { readonly askForOne?: boolean } = {}): Promise<string | undefined> {
  const folder = workspace();
  const { items } = folder === undefined ? { items: [] } : await history.runs({ workspace: folder, limit: listed });
  const runs = items.filter(filter);
  if (runs.length === 0) throw new AssassinError('run-not-found', vscode.l10n.t('There is no such run in this folder.'), { hint: vscode.l10n.t('Run a chain first.') });
  if (runs.length === 1 && !askForOne) return runs[0]?.id;
  const choices = runs.map((run) => ({ label: run.title, description: runDescription(run), detail: new Date(run.createdAt).toLocaleString(), id: run.id }));
  return (await vscode.window.showQuickPick(choices, { title, matchOnDescription: true, matchOnDetail: true }))?.id;
}
