import * as vscode from 'vscode';
import { formatDuration } from '../../shared/duration.ts';
import { isTerminal } from '../../shared/run-state.ts';
import { commandId } from '../names.ts';
import type { RunHistory } from '../run-history.ts';
import { stateWord } from '../trees/run-item.ts';

/** How the last run of a function goes or went; it opens that run. */
export async function lastRunLens(id: string, history: RunHistory): Promise<vscode.Command | undefined> {
  try {
    const { state, durationMs } = await history.run(id);
    const parts = [...(state === 'done' ? [] : [stateWord(state)]), ...(durationMs === undefined ? [] : [formatDuration(durationMs)])];
    const title = isTerminal(state) ? vscode.l10n.t('last run: {0}', parts.join(', ')) : `$(loading~spin) ${stateWord(state)}`;
    return { command: commandId('openPanel'), title, tooltip: vscode.l10n.t('Open panel'), arguments: [{ kind: 'run', id }] };
  } catch {
    // It may have been deleted meanwhile. The function can be run all the same.
    return undefined;
  }
}
