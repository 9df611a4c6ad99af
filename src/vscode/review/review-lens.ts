import * as vscode from 'vscode';
import { commandId, extensionName } from '../names.ts';
import type { OpenChange, ReviewDesk } from './review-desk.ts';

/** *Keep* and *Put back* above each change of a run that is under review; in the light bulb too, which also works where lenses are off. */
export class ReviewLens implements vscode.CodeLensProvider, vscode.CodeActionProvider {
  readonly #desk: ReviewDesk;
  readonly onDidChangeCodeLenses: vscode.Event<void>;

  constructor(desk: ReviewDesk) {
    this.#desk = desk;
    this.onDidChangeCodeLenses = desk.onDidChange;
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    if (!vscode.workspace.isTrusted || !vscode.workspace.getConfiguration(extensionName, document).get<boolean>('codeLens.review', true)) return [];
    const changes = await this.#desk.changesIn(document);
    const last = Math.max(0, document.lineCount - 1);
    const lens = (line: number, command: vscode.Command) => new vscode.CodeLens(new vscode.Range(Math.min(line, last), 0, Math.min(line, last), 0), command);
    return changes.flatMap((change) => commandsOf(change).map((command) => lens(change.line, command)));
  }

  async provideCodeActions(document: vscode.TextDocument, range: vscode.Range): Promise<vscode.CodeAction[]> {
    if (!vscode.workspace.isTrusted) return [];
    const changes = (await this.#desk.changesIn(document)).filter((change) => touches(change, range));
    return changes.flatMap((change) => commandsOf(change).map((command) => {
      const action = new vscode.CodeAction(plain(command.title), vscode.CodeActionKind.QuickFix.append('assassin'));
      action.command = command;
      return action;
    }));
  }
}

export function touches({ line, lines }: OpenChange, range: vscode.Range): boolean {
  return range.start.line <= line + Math.max(1, lines) - 1 && range.end.line >= line;
}

function commandsOf(change: OpenChange): readonly vscode.Command[] {
  const whole = change.hunk === 0;
  const keep = { command: commandId('keepChange'), title: `$(check) ${whole ? vscode.l10n.t('Keep this file') : vscode.l10n.t('Keep')}`, tooltip: vscode.l10n.t('Accept this change of the run.'), arguments: [change] };
  const back = { command: commandId('putBackChange'), title: `$(discard) ${whole ? vscode.l10n.t('Put this file back') : vscode.l10n.t('Put back')}`, tooltip: vscode.l10n.t('Put these lines back as they were before the run. Everything else stays, and this can be undone.'), arguments: [change] };
  return change.edited ? [{ ...keep, title: `$(check) ${vscode.l10n.t('Keep (edited since)')}` }] : [keep, back];
}

const plain = (title: string) => title.replace(/^\$\([^)]*\) /, '');
