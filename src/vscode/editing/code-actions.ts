import * as vscode from 'vscode';
import { commandId, extensionName } from '../names.ts';
import { keyInFile } from '../names.ts';
import { inRunFolder } from '../run-folder.ts';

const fixKind = vscode.CodeActionKind.QuickFix.append('assassin');
const workKind = vscode.CodeActionKind.Refactor.append('assassin');

export const codeActionKinds: readonly vscode.CodeActionKind[] = [fixKind, workKind];

/**
 * *Fix with the agent* on problems; *Write a test* and *Explain* on a selection, or where somebody opens the menu on purpose: a light bulb at each place of
 * the cursor would be one too many.
 */
export class EditingActions implements vscode.CodeActionProvider {
  provideCodeActions(document: vscode.TextDocument, range: vscode.Range, { diagnostics, triggerKind }: vscode.CodeActionContext): vscode.CodeAction[] {
    if (!vscode.workspace.isTrusted || !inRunFolder(document.uri)) return [];
    if (!vscode.workspace.getConfiguration(extensionName, document).get<boolean>('codeActions.enabled', true)) return [];
    const { uri } = document;
    // A key in the open is nothing that a model should be shown.
    const problems = diagnostics.filter(({ code }) => code !== keyInFile);
    const fix = problems.length === 0 ? [] : [action(fixKind, vscode.l10n.t('Fix with the agent'), 'fixProblem', {
      uri, range: problems.slice(1).reduce((all, { range: each }) => all.union(each), problems[0]!.range), problems: problems.map(problemText),
    })];
    for (const each of fix) each.diagnostics = problems;
    if (range.isEmpty && triggerKind !== vscode.CodeActionTriggerKind.Invoke) return fix;
    return [...fix, action(workKind, vscode.l10n.t('Write a test'), 'writeTest', { uri, range }), action(workKind, vscode.l10n.t('Explain'), 'explainCode', { uri, range })];
  }
}

function action(kind: vscode.CodeActionKind, title: string, command: string, target: object): vscode.CodeAction {
  const made = new vscode.CodeAction(title, kind);
  made.command = { command: commandId(command), title, arguments: [target] };
  return made;
}

function problemText({ message, source, code, range }: vscode.Diagnostic): string {
  const number = typeof code === 'object' ? code.value : code;
  return `line ${range.start.line + 1}: ${[source, number].filter((part) => part !== undefined && part !== '').join(' ')}${source === undefined && number === undefined ? '' : ': '}${message}`;
}
