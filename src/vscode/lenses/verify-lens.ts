import * as vscode from 'vscode';
import { commandId, extensionName } from '../names.ts';
import { inRunFolder } from '../run-folder.ts';
import { scanAddresses, scanScripts } from './scan-addresses.ts';

export const verifyDocuments: vscode.DocumentSelector = { scheme: 'file' };

/** *Check in a throwaway browser* above addresses of this computer and above scripts that serve something. */
export class VerifyLens implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;

  refresh(): void {
    this.#changed.fire();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!vscode.workspace.isTrusted || !inRunFolder(document.uri) || /[\\/]node_modules[\\/]/.test(document.fileName)) return [];
    if (!vscode.workspace.getConfiguration(extensionName, document).get<boolean>('codeLens.verify', true)) return [];
    const text = document.getText();
    const lens = (line: number, tooltip: string, target: object) => new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
      command: commandId('checkPage'), title: `$(beaker) ${vscode.l10n.t('Check in a throwaway browser')}`, tooltip, arguments: [target],
    });
    const scripts = /[\\/]package\.json$/.test(document.fileName) ? scanScripts(text) : [];
    return [
      ...scripts.map(({ name, command, line }) => lens(line, vscode.l10n.t('Starts "{0}" ({1}), checks the page that it serves, and ends it with everything it started.', name, command), { uri: document.uri, script: name })),
      ...scanAddresses(text).filter(({ line }) => !scripts.some((script) => script.line === line)).map(({ url, line }) => lens(line, url, { url })),
    ];
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
