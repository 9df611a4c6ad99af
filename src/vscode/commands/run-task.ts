import * as vscode from 'vscode';
import { commandId } from '../names.ts';
import { requireTrust } from '../launch.ts';
import type { Services } from '../services.ts';

/** Says honestly what a task needs and what can be done without it; the words that were typed are not lost. */
export async function runTask({ log }: Services): Promise<void> {
  requireTrust();
  const task = await vscode.window.showInputBox({
    title: vscode.l10n.t('Run task'), prompt: vscode.l10n.t('What is to be done?'), placeHolder: vscode.l10n.t('Compare the prices of the three shops in shops.json'), ignoreFocusOut: true,
  });
  if (task === undefined || task.trim() === '') return;
  log.info(`A task was asked for, which needs an agent with a model: ${task}`);
  const write = vscode.l10n.t('Write a chain');
  const run = vscode.l10n.t('Run a chain');
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t('A task needs an agent with a model, and this version has none. A chain does the same kind of work without a model: you write down the steps once, and they run for nothing.'), write, run,
  );
  if (answer === write) await vscode.commands.executeCommand(commandId('newChain'), { description: task.trim() });
  else if (answer === run) await vscode.commands.executeCommand(commandId('runChain'));
}
