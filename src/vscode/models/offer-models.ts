import * as vscode from 'vscode';
import { modelWays } from '../../shared/setup-ways.ts';
import { goTo, labelOf } from '../set-up-ways.ts';

/** Says that there is no model, and leads to the three quickest ways to one. `problem` tells why those that are configured do not count. */
export async function offerModels(problem: string): Promise<void> {
  const message = vscode.l10n.t('A task needs a model, and none is connected. Sign in to GitHub Copilot, install Ollama (it is found by itself), or add a provider that you have a key of. Chains work without one.');
  const answer = await vscode.window.showInformationMessage(problem === '' ? message : `${message} ${problem}`, ...modelWays.map(labelOf));
  const way = modelWays.find((each) => labelOf(each) === answer);
  if (way !== undefined) await goTo(way);
}
