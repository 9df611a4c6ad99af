import * as vscode from 'vscode';
import { commandId, extensionName } from '../names.ts';
import { inRunFolder } from '../run-folder.ts';
import { scanComments } from './scan-comments.ts';

/** *Do this with the agent* above `// assassin: ...`. */
export class CommentLens implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;

  refresh(): void {
    this.#changed.fire();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!vscode.workspace.isTrusted || !inRunFolder(document.uri)) return [];
    if (!vscode.workspace.getConfiguration(extensionName, document).get<boolean>('codeLens.comments', true)) return [];
    return scanComments(document.getText()).map(({ line, text }) => new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
      command: commandId('doComment'), title: `$(hubot) ${vscode.l10n.t('Do this with the agent')}`, tooltip: text, arguments: [{ uri: document.uri, line, text }],
    }));
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
