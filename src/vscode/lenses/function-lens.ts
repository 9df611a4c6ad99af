import * as vscode from 'vscode';
import type { FunctionRuns } from '../function-runs.ts';
import { commandId, extensionName } from '../names.ts';
import type { RunHistory } from '../run-history.ts';
import type { Servings } from '../servings.ts';
import { needsOf, scanFunctions, type FoundFunction } from './scan-functions.ts';
import { serveLens } from './serve-lens.ts';

const languages = ['typescript', 'typescriptreact', 'javascript', 'javascriptreact'];
export const functionDocuments: vscode.DocumentSelector = languages.map((language) => ({ language, scheme: 'file' }));

export interface FunctionLensOptions {
  readonly servings: Servings;
  readonly functionRuns: FunctionRuns;
  readonly history: RunHistory;
}

/** *Run in sandbox* and *Serve* above exported functions, *Run in Node* above those of files that need it, and the last run of this window. */
export class FunctionLens implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #options: FunctionLensOptions;
  readonly #subscription: vscode.Disposable;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(options: FunctionLensOptions) {
    this.#options = options;
    this.#subscription = vscode.Disposable.from(options.servings.onDidChange(() => this.refresh()), options.functionRuns.onDidChange(() => this.refresh()));
  }

  refresh(): void {
    this.#changed.fire();
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    if (!vscode.workspace.isTrusted || !isCandidate(document)) return [];
    if (!vscode.workspace.getConfiguration(extensionName, document).get<boolean>('codeLens.functions', true)) return [];
    const text = document.getText();
    const found = scanFunctions(text);
    const needs = found.length === 0 ? 'editor' : needsOf(text);
    if (needs === 'editor') return [];
    const lenses = await Promise.all(found.map(async (each) => {
      const run = this.#options.functionRuns.lastOf(document.uri, each.name);
      // Not part of what activation loads.
      const last = run === undefined ? undefined : await (await import('./last-run-lens.ts')).lastRunLens(run, this.#options.history);
      const commands = [...(needs === 'node' ? [runLens(document.uri, each, 'node')] : this.#sandboxLenses(document.uri, each)), ...(last ? [last] : [])];
      return commands.map((command) => new vscode.CodeLens(new vscode.Range(each.line, 0, each.line, 0), command));
    }));
    return lenses.flat();
  }

  #sandboxLenses(uri: vscode.Uri, found: FoundFunction): readonly vscode.Command[] {
    return [runLens(uri, found, 'sandbox'), ...serveLens(found.name, uri, this.#options.servings.of(uri, found.name))];
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}

function runLens(uri: vscode.Uri, { name, hasParameters }: FoundFunction, where: 'sandbox' | 'node'): vscode.Command {
  const target = [{ uri, name, hasParameters }];
  return where === 'sandbox'
    ? { command: commandId('runFunction'), title: `$(beaker) ${vscode.l10n.t('Run in sandbox')}`, tooltip: vscode.l10n.t('Runs {0} in a throwaway sandbox: no files, no network, no Node.', name), arguments: target }
    : { command: commandId('runFunctionInNode'), title: `$(warning) ${vscode.l10n.t('Run in Node')}`, tooltip: vscode.l10n.t('Runs {0} in a Node process of its own, after asking: it can read the whole workspace. That is weaker isolation than a sandbox.', name), arguments: target };
}

/** Only files of the workspace can be run; chains have lenses of their own, and declarations hold no code. */
export function isCandidate({ uri, fileName }: vscode.TextDocument): boolean {
  return vscode.workspace.getWorkspaceFolder(uri) !== undefined && !/\.d\.[cm]?ts$/.test(fileName) && !/[\\/](\.assassin|node_modules)[\\/]/.test(fileName);
}
