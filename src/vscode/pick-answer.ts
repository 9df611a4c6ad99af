import * as vscode from 'vscode';
import type { Approval, ApprovalAnswer } from '../shared/approvals.ts';

interface AnswerItem extends vscode.QuickPickItem {
  readonly answer?: ApprovalAnswer;
}

/** All answers to a question with the rule that each would make and what it would cover. `undefined` where the person went away. */
export async function pickAnswer(approval: Approval, end: AbortSignal): Promise<ApprovalAnswer | undefined> {
  const source = new vscode.CancellationTokenSource();
  end.addEventListener('abort', () => source.cancel(), { once: true });
  const { text, reason, offers } = approval;
  const deny: AnswerItem = { label: vscode.l10n.t('Deny'), iconPath: new vscode.ThemeIcon('circle-slash'), answer: { answer: 'deny' } };
  const because: AnswerItem = { label: vscode.l10n.t('Deny and say why…'), description: vscode.l10n.t('The reason is told to the model.'), iconPath: new vscode.ThemeIcon('comment') };
  // What refuses comes first: Enter on what was not read must not allow anything.
  const items: readonly AnswerItem[] = [
    deny, because,
    { label: vscode.l10n.t('Allow once'), description: text, detail: sourcesOf(approval), iconPath: new vscode.ThemeIcon('check'), answer: { answer: 'once' } },
    ...offers.map((offer): AnswerItem => ({
      label: offer.scope === 'run' ? vscode.l10n.t('Allow for this run') : vscode.l10n.t('Allow in this workspace'),
      description: offer.grant,
      detail: offer.examples.length > 1 ? vscode.l10n.t('{0} Covers of this run so far: {1}.', offer.sentence, offer.examples.join(', ')) : offer.sentence,
      iconPath: new vscode.ThemeIcon(offer.scope === 'run' ? 'check' : 'check-all'),
      answer: { answer: offer.scope, grant: offer.grant },
    })),
  ];
  const picked = await vscode.window.showQuickPick(items, { title: text, placeHolder: reason, ignoreFocusOut: true, matchOnDescription: true }, source.token);
  if (picked !== because) return picked?.answer;
  const why = await vscode.window.showInputBox({ title: text, prompt: vscode.l10n.t('Why not? The model reads this.'), ignoreFocusOut: true }, source.token);
  return why === undefined ? undefined : { answer: 'deny', reason: why };
}

function sourcesOf({ untrusted }: Approval): string {
  if (untrusted.length === 0) return vscode.l10n.t('The run has read nothing of strangers.');
  return vscode.l10n.t('The run has read what strangers wrote: {0}', untrusted.slice(-5).map(({ source }) => source).join(', '));
}
