import * as vscode from 'vscode';
import { commandId, extensionName } from '../names.ts';
import type { Servings } from '../servings.ts';
import { scanFunctions } from './scan-functions.ts';
import { serveLens } from './serve-lens.ts';

const languages = ['typescript', 'typescriptreact', 'javascript', 'javascriptreact'];
export const functionDocuments: vscode.DocumentSelector = languages.map((language) => ({ language, scheme: 'file' }));

/** *Run in sandbox* and *Serve* above exported functions. */
export class FunctionLens implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #servings: Servings;
  readonly #subscription: vscode.Disposable;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(servings: Servings) {
    this.#servings = servings;
    this.#subscription = servings.onDidChange(() => this.refresh());
  }

  refresh(): void {
    this.#changed.fire();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!vscode.workspace.isTrusted || !isCandidate(document)) return [];
    if (!vscode.workspace.getConfiguration(extensionName, document).get<boolean>('codeLens.functions', true)) return [];
    return scanFunctions(document.getText()).flatMap(({ name, line, hasParameters }) => [
      {
        command: commandId('runFunction'),
        title: `$(beaker) ${vscode.l10n.t('Run in sandbox')}`,
        tooltip: vscode.l10n.t('Runs {0} in a throwaway sandbox: no files, no network, no Node.', name),
        arguments: [{ uri: document.uri, name, hasParameters }],
      },
      ...serveLens(name, document.uri, this.#servings.of(document.uri, name)),
    ].map((command) => new vscode.CodeLens(new vscode.Range(line, 0, line, 0), command)));
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}

/** Only files of the workspace can be run; chains have lenses of their own, and declarations hold no code. */
export function isCandidate({ uri, fileName }: vscode.TextDocument): boolean {
  return vscode.workspace.getWorkspaceFolder(uri) !== undefined && !/\.d\.[cm]?ts$/.test(fileName) && !/[\\/](\.assassin|node_modules)[\\/]/.test(fileName);
}
