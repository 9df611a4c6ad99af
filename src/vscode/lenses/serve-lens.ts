import * as vscode from 'vscode';
import { commandId } from '../names.ts';
import type { ServedFunction } from '../servings.ts';

/** *Serve* above a function, or what can be done while it is served. */
export function serveLens(name: string, uri: vscode.Uri, served: ServedFunction | undefined): readonly vscode.Command[] {
  if (!served) return [{ command: commandId('serveFunction'), title: `$(radio-tower) ${vscode.l10n.t('Serve')}`, tooltip: vscode.l10n.t('Answers requests on a port of this computer with {0}, each in a throwaway sandbox.', name), arguments: [{ uri, name }] }];
  return [
    { command: commandId('stopServing'), title: `$(debug-stop) ${vscode.l10n.t('Stop serving')}`, tooltip: served.url, arguments: [served.id] },
    { command: commandId('copyServing'), title: vscode.l10n.t('Copy URL and token'), tooltip: served.url, arguments: [served.id] },
  ];
}
