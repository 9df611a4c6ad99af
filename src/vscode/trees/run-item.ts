import * as vscode from 'vscode';
import type { RunSummary } from '../../shared/dto.ts';
import { isTerminal, type RunState } from '../../shared/run-state.ts';
import { commandId } from '../names.ts';
import { formatDuration } from '../../shared/duration.ts';
import { formatCost } from '../format.ts';

const icons: Readonly<Record<RunState, vscode.ThemeIcon>> = {
  queued: new vscode.ThemeIcon('clock'),
  running: new vscode.ThemeIcon('loading~spin'),
  waiting: new vscode.ThemeIcon('bell-dot', new vscode.ThemeColor('list.warningForeground')),
  done: new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed')),
  failed: new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed')),
  cancelled: new vscode.ThemeIcon('circle-slash'),
  interrupted: new vscode.ThemeIcon('debug-disconnect', new vscode.ThemeColor('list.warningForeground')),
};

export function stateWord(state: RunState): string {
  switch (state) {
    case 'queued': return vscode.l10n.t('queued');
    case 'running': return vscode.l10n.t('running');
    case 'waiting': return vscode.l10n.t('waiting for you');
    case 'done': return vscode.l10n.t('done');
    case 'failed': return vscode.l10n.t('failed');
    case 'cancelled': return vscode.l10n.t('cancelled');
    case 'interrupted': return vscode.l10n.t('interrupted');
  }
}

const stepsOf = ({ steps }: RunSummary): string => (steps === 1 ? vscode.l10n.t('1 step') : vscode.l10n.t('{0} steps', steps));

/** `2.3 s · $0`; what is not plain success says so in words too, because an icon alone tells a screen reader nothing. */
export function runDescription(run: RunSummary): string {
  const word = run.state === 'done' ? [] : [stateWord(run.state)];
  const time = run.durationMs === undefined ? [] : [formatDuration(run.durationMs)];
  return [...word, ...time, ...(isTerminal(run.state) ? [formatCost(run)] : [stepsOf(run)])].join(' · ');
}

/** @param here whether this window runs it and can stop it */
export function runItem(run: RunSummary, here: boolean): vscode.TreeItem {
  const item = new vscode.TreeItem(run.title, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = run.id;
  item.iconPath = icons[run.state];
  item.description = runDescription(run);
  item.contextValue = isTerminal(run.state) ? 'run-ended' : here ? 'run-live' : 'run-elsewhere';
  item.tooltip = tooltip(run, here);
  item.command = { command: commandId('openPanel'), title: vscode.l10n.t('Open panel'), arguments: [{ kind: 'run', id: run.id }] };
  item.accessibilityInformation = { label: `${run.title}, ${stateWord(run.state)}, ${runDescription(run)}, ${new Date(run.createdAt).toLocaleString()}` };
  return item;
}

function tooltip(run: RunSummary, here: boolean): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendText(`${run.title}\n`);
  const lines = [
    `${stateWord(run.state)}${isTerminal(run.state) || here ? '' : ` (${vscode.l10n.t('in another window or on the command line')})`}`,
    run.source,
    new Date(run.createdAt).toLocaleString(),
    ...(run.durationMs === undefined ? [] : [formatDuration(run.durationMs)]),
    stepsOf(run),
    vscode.l10n.t('cost: {0}', formatCost(run)),
    ...(run.error ? [`${run.error.message}${run.error.hint === undefined ? '' : ` ${run.error.hint}`} (${run.error.code})`] : []),
  ];
  for (const line of lines) text.appendText(`\n${line}\n`);
  return text;
}
