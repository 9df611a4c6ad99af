import * as vscode from 'vscode';
import type { SetupWay } from '../../shared/protocol-chat.ts';
import { commandId } from '../names.ts';

/** What the editor calls its own way to sign in to Copilot; forks may not have it. */
const signInCommand = 'workbench.action.chat.triggerSetup';

/** Says that there is no model, and leads to the three quickest ways to one. `problem` tells why those that are configured do not count. */
export async function offerModels(problem: string): Promise<void> {
  const copilot = vscode.l10n.t('Sign in to Copilot');
  const ollama = vscode.l10n.t('Install Ollama');
  const provider = vscode.l10n.t('Add a provider');
  const message = vscode.l10n.t('A task needs a model, and none is connected. Sign in to GitHub Copilot, install Ollama (it is found by itself), or add a provider that you have a key of. Chains work without one.');
  const answer = await vscode.window.showInformationMessage(problem === '' ? message : `${message} ${problem}`, copilot, ollama, provider);
  if (answer !== undefined) await goToModels(answer === copilot ? 'copilot' : answer === ollama ? 'ollama' : 'provider');
}

export async function goToModels(way: SetupWay): Promise<void> {
  switch (way) {
    case 'copilot':
      if ((await vscode.commands.getCommands(true)).includes(signInCommand)) await vscode.commands.executeCommand(signInCommand);
      else await vscode.env.openExternal(vscode.Uri.parse('https://code.visualstudio.com/docs/copilot/setup'));
      break;
    case 'ollama':
      await vscode.env.openExternal(vscode.Uri.parse('https://ollama.com/download'));
      break;
    case 'provider':
      await vscode.commands.executeCommand(commandId('setModelKey'));
      break;
  }
}
