import * as vscode from 'vscode';
import { isTerminal } from '../../shared/run-state.ts';
import type { Services } from '../services.ts';
import type { MoreNode } from '../trees/runs-nodes.ts';
import { pickRun } from './pick-run.ts';
import { runIdOf } from './targets.ts';

export async function openPanel({ panel }: Services, target?: unknown): Promise<void> {
  await panel.show(runIdOf(target));
}

/** Shows what many runs cost and saved. */
export async function openUsage({ panel }: Services): Promise<void> {
  await panel.show(undefined, { place: 'usage' });
}

/** Shows what the program holds now. */
export async function openInfrastructure({ panel }: Services): Promise<void> {
  await panel.show(undefined, { place: 'infrastructure' });
}

export async function stopRun(services: Services, target?: unknown): Promise<void> {
  const { holder, live } = services;
  const id = runIdOf(target) ?? (await pickRun(services, vscode.l10n.t('Stop which run?'), (run) => live.has(run.id), { askForOne: false, nothing: vscode.l10n.t('Nothing runs in this window now.') }));
  if (id !== undefined) holder.cancel(id, vscode.l10n.t('Stopped in the editor.'));
}

export async function deleteRun(services: Services, target?: unknown): Promise<void> {
  const { history } = services;
  const id = runIdOf(target) ?? (await pickRun(services, vscode.l10n.t('Delete which run?'), (run) => isTerminal(run.state)));
  if (id === undefined) return;
  const { title } = await history.run(id);
  const remove = vscode.l10n.t('Delete');
  const answer = await vscode.window.showWarningMessage(vscode.l10n.t('Delete the record of "{0}"?', title), { modal: true, detail: vscode.l10n.t('Its trace, result and bill go with it. Files that the run wrote stay.') }, remove);
  if (answer === remove) await history.deleteRun(id);
}

export function showMore({ runsTree }: Services, target?: unknown): void {
  runsTree.showMore(target as MoreNode);
}

/** Shows the place in the panel where a task is written. */
export async function newTask({ panel }: Services): Promise<void> {
  await panel.compose();
}
