import * as vscode from 'vscode';
import type { ConfigProblem } from '../mcp/mcp-config.ts';
import { extensionName } from './names.ts';

let collection: vscode.DiagnosticCollection | undefined;

/** Shows what is wrong in a configuration file where it stands, as it is in the editor now. Gone when the file is closed. */
export function showMcpProblems(document: vscode.TextDocument, problems: readonly ConfigProblem[]): void {
  collection ??= open();
  collection.set(document.uri, problems.map(({ severity, error: { message, hint, location } }) => {
    const line = document.lineAt(Math.min(Math.max((location?.line ?? 1) - 1, 0), document.lineCount - 1));
    const from = Math.min(Math.max((location?.column ?? 1) - 1, line.firstNonWhitespaceCharacterIndex), line.text.length);
    const diagnostic = new vscode.Diagnostic(new vscode.Range(line.lineNumber, from, line.lineNumber, line.text.length), hint === undefined ? message : `${message} ${hint}`, severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning);
    diagnostic.source = vscode.l10n.t('Infrastructure Assassin');
    return diagnostic;
  }));
}

function open(): vscode.DiagnosticCollection {
  const opened = vscode.languages.createDiagnosticCollection(`${extensionName}.mcp`);
  vscode.workspace.onDidCloseTextDocument(({ uri }) => opened.delete(uri));
  return opened;
}
