import * as vscode from 'vscode';
import { formatDuration } from '../../shared/duration.ts';
import { formatUsd } from '../../shared/money.ts';
import { oldestPrice } from '../../shared/price-age.ts';
import { isTerminal } from '../../shared/run-state.ts';
import { formatCost } from '../format.ts';
import { commandId, extensionName } from '../names.ts';
import type { RunHistory } from '../run-history.ts';
import { inRunFolder } from '../run-folder.ts';
import { stateWord } from '../trees/run-item.ts';

export const chainDocuments: vscode.DocumentSelector = { scheme: 'file', pattern: '**/.assassin/chains/**/*.ts' };

interface ChainLensOptions {
  readonly history: RunHistory;
  readonly workspace: () => string | undefined;
}

/** *Run*, *Run with input...* and the last run, above the default export of a chain. */
export class ChainLens implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #options: ChainLensOptions;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(options: ChainLensOptions) {
    this.#options = options;
  }

  refresh(): void {
    this.#changed.fire();
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const folder = this.#options.workspace();
    if (!vscode.workspace.isTrusted || folder === undefined || !inRunFolder(document.uri)) return [];
    if (!vscode.workspace.getConfiguration(extensionName, document).get<boolean>('codeLens.chains', true)) return [];
    const line = lineOfDefaultExport(document.getText());
    if (line === undefined) return [];
    const range = new vscode.Range(line, 0, line, 0);
    const source = vscode.workspace.asRelativePath(document.uri, false);
    const last = await this.#lastRun(folder, source);
    return [
      new vscode.CodeLens(range, { command: commandId('runChain'), title: `$(play) ${vscode.l10n.t('Run')}`, arguments: [document.uri] }),
      new vscode.CodeLens(range, { command: commandId('runChainWithInput'), title: vscode.l10n.t('Run with input...'), arguments: [document.uri] }),
      ...(last === undefined ? [] : [new vscode.CodeLens(range, { command: commandId('openPanel'), title: last.text, tooltip: vscode.l10n.t('Open panel'), arguments: [{ kind: 'run', id: last.id }] })]),
    ];
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #lastRun(workspace: string, source: string): Promise<{ readonly id: string; readonly text: string } | undefined> {
    const { history } = this.#options;
    try {
      const [run] = (await history.runs({ workspace, source, limit: 1 })).items;
      if (!run) return undefined;
      if (!isTerminal(run.state)) return { id: run.id, text: `$(loading~spin) ${stateWord(run.state)}` };
      const { saving, baselines } = await history.bill(run.id);
      const parts = [
        ...(run.state === 'done' ? [] : [stateWord(run.state)]),
        ...(run.durationMs === undefined ? [] : [formatDuration(run.durationMs)]),
        formatCost(run),
        ...(saving && run.state === 'done' ? [saving.listUsd >= 0 ? vscode.l10n.t('saved {0}', formatUsd(saving.listUsd)) : vscode.l10n.t('{0} dearer than {1}', formatUsd(-saving.listUsd), saving.against), ...datesOf(oldestPrice(saving.against, baselines))] : []),
      ];
      return { id: run.id, text: vscode.l10n.t('last run: {0}', parts.join(', ')) };
    } catch {
      // The chain can be run all the same; what is wrong with the record is told by the view of the runs.
      return undefined;
    }
  }
}

/** A saving says of itself that it was worked out with an old price: what stands above a line of code is all that most people see of it. */
function datesOf(oldest: string | undefined): readonly string[] {
  return oldest === undefined ? [] : [vscode.l10n.t('at prices of {0}', oldest)];
}

/** Counts from 0. Found by the words alone: this runs at each keystroke. */
export function lineOfDefaultExport(text: string): number | undefined {
  const match = /^export\s+default\b|^export\s*\{[^}]*\bas\s+default\b/m.exec(text);
  return match ? text.slice(0, match.index).split('\n').length - 1 : undefined;
}
