import * as vscode from 'vscode';
import { isTerminal } from '../../shared/run-state.ts';
import { launch, requireTrust } from '../launch.ts';
import type { Services } from '../services.ts';
import { pickRun } from './pick-run.ts';
import { chosenModel, tokensGranted } from './run-task.ts';
import { runIdOf } from './targets.ts';

/** Lets a model put right the chain whose run failed. What it changes is an edit like any other: to be looked at, and undone with the run. */
export async function repairChain(services: Services, target?: unknown): Promise<string | undefined> {
  requireTrust();
  const run = runIdOf(target) ?? (await pickRun(services, vscode.l10n.t('Repair the chain of which run?'), ({ kind, state }) => kind === 'chain' && state === 'failed', { nothing: vscode.l10n.t('A chain is repaired after it was run and has failed.') }));
  const model = run === undefined ? undefined : await chosenModel(services);
  if (run === undefined || model === undefined || !(await tokensGranted(services))) return undefined;
  return launch(services, (runtime) => runtime.tasks.repairChain(run, { model }), { show: 'chat' });
}

/** Goes on with a task that was interrupted, failed or was stopped. */
export async function resumeTask(services: Services, target?: unknown): Promise<string | undefined> {
  requireTrust();
  const run = runIdOf(target) ?? (await pickRun(services, vscode.l10n.t('Resume which task?'), ({ kind, state }) => kind === 'task' && (state === 'interrupted' || state === 'failed' || state === 'cancelled'), { nothing: vscode.l10n.t('A task can be resumed when it has failed, was stopped or was interrupted.') }));
  return run === undefined ? undefined : launch(services, (runtime) => runtime.tasks.resume(run), { show: 'chat' });
}

/** Begins the next turn of a task that goes on with all that was said, although it was shortened to make room. */
export async function useWholeConversation(services: Services, target?: unknown): Promise<void> {
  requireTrust();
  const run = runIdOf(target) ?? (await pickRun(services, vscode.l10n.t('Use the whole conversation of which task?'), ({ kind, state }) => kind === 'task' && !isTerminal(state), { nothing: vscode.l10n.t('Only a task that goes on can be given its whole conversation again.') }));
  if (run === undefined) return;
  const { tokens } = await services.holder.use((runtime) => runtime.tasks.useWhole(run));
  void vscode.window.setStatusBarMessage(vscode.l10n.t('The next turn begins with the whole conversation, about {0} tokens.', tokens), 5000);
}

/** Saves the code of a finished task as a chain, and opens it: its grants and inputs are worth a look before it is run. */
export async function freezeTask(services: Services, target?: unknown): Promise<void> {
  requireTrust();
  const { holder, workspace } = services;
  const run = runIdOf(target) ?? (await pickRun(services, vscode.l10n.t('Save the work of which task as a chain?'), ({ kind, state }) => kind === 'task' && state === 'done', { nothing: vscode.l10n.t('Give the agent a task first; what it did can then be saved.') }));
  const folder = workspace();
  if (run === undefined || folder === undefined) return;
  const { path } = await holder.use((runtime) => runtime.freeze(run));
  await vscode.window.showTextDocument(vscode.Uri.joinPath(vscode.Uri.file(folder), path));
}
