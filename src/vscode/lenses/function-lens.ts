import * as vscode from 'vscode';
import { commandId, extensionName } from '../names.ts';
import { scanFunctions } from './scan-functions.ts';

const languages = ['typescript', 'typescriptreact', 'javascript', 'javascriptreact'];
export const functionDocuments: vscode.DocumentSelector = languages.map((language) => ({ language, scheme: 'file' }));

/** *Run in sandbox* above exported functions. */
export class FunctionLens implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;

  refresh(): void {
    this.#changed.fire();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!vscode.workspace.isTrusted || !isCandidate(document)) return [];
    if (!vscode.workspace.getConfiguration(extensionName, document).get<boolean>('codeLens.functions', true)) return [];
    return scanFunctions(document.getText()).map(({ name, line, hasParameters }) => new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
      command: commandId('runFunction'),
      title: `$(beaker) ${vscode.l10n.t('Run in sandbox')}`,
      tooltip: vscode.l10n.t('Runs {0} in a throwaway sandbox: no files, no network, no Node.', name),
      arguments: [{ uri: document.uri, name, hasParameters }],
    }));
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

/** Only files of the workspace can be run; chains have lenses of their own, and declarations hold no code. */
export function isCandidate({ uri, fileName }: vscode.TextDocument): boolean {
  return vscode.workspace.getWorkspaceFolder(uri) !== undefined && !/\.d\.[cm]?ts$/.test(fileName) && !/[\\/](\.assassin|node_modules)[\\/]/.test(fileName);
}
