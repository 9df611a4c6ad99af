import * as vscode from 'vscode';
import type { EventOf } from '../../shared/events.ts';
import { openOrigin } from '../open-origin.ts';
import type { Services } from '../services.ts';
import { stepOf } from './targets.ts';

type Decision = EventOf<'decision'>;

interface DecisionItem extends vscode.QuickPickItem {
  readonly rule?: string;
}

/** What the gate decided in a step (or in a whole run) and why, as it was recorded; picking one opens the rule or grant that decided. */
export async function explainDecision(services: Services, target?: unknown): Promise<readonly Decision[]> {
  const { history, workspace } = services;
  const of = stepOf(target);
  if (of === undefined) return [];
  const decisions = (await history.events(of.run)).filter((event): event is Decision => event.type === 'decision' && (of.step === undefined || event.step === of.step));
  if (decisions.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Nothing had to be decided here: it touched only what belongs to the run itself.'));
    return decisions;
  }
  const picked = await vscode.window.showQuickPick(decisions.map(itemOf), { title: vscode.l10n.t('Why was this decided so?'), placeHolder: vscode.l10n.t('Pick one to open the rule or grant that decided'), matchOnDetail: true, matchOnDescription: true });
  const folder = workspace();
  if (picked?.rule !== undefined && folder !== undefined && !(await openOrigin(picked.rule, folder))) {
    void vscode.window.showInformationMessage(vscode.l10n.t('It is not written in a file: {0}', picked.rule));
  }
  return decisions;
}

function itemOf({ action, outcome, reason, rule }: Decision): DecisionItem {
  const icon = outcome === 'allowed' ? 'pass' : 'error';
  const word = outcome === 'allowed' ? vscode.l10n.t('Allowed') : vscode.l10n.t('Denied');
  return { label: `$(${icon}) ${word}`, description: action, detail: reason, ...(rule === undefined ? {} : { rule }) };
}
