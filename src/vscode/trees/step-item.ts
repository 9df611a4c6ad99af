import * as vscode from 'vscode';
import type { Span } from '../../shared/dto.ts';
import type { StepKind } from '../../shared/events.ts';
import { formatDuration } from '../../shared/duration.ts';
import { commandId } from '../names.ts';

const kindIcons: Readonly<Record<StepKind, string>> = {
  run: 'play-circle', chain: 'link', sandbox: 'beaker', tool: 'tools', browser: 'browser', mcp: 'plug', http: 'globe', workspace: 'file', edit: 'edit',
  model: 'sparkle', approval: 'question', agent: 'hubot', lease: 'key', retriever: 'database', evaluator: 'law',
};

function stepIcon(span: Span): vscode.ThemeIcon {
  switch (span.status) {
    case 'running':
      return new vscode.ThemeIcon('loading~spin');
    case 'error':
      return new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed'));
    case 'denied':
      return new vscode.ThemeIcon('shield', new vscode.ThemeColor('testing.iconFailed'));
    case 'cancelled':
    case 'unknown':
      return new vscode.ThemeIcon('circle-slash');
    case 'ok':
      return new vscode.ThemeIcon(kindIcons[span.kind]);
  }
}

function statusWord(span: Span): string {
  switch (span.status) {
    case 'ok': return vscode.l10n.t('done');
    case 'error': return vscode.l10n.t('failed');
    case 'denied': return vscode.l10n.t('denied');
    case 'cancelled': return vscode.l10n.t('cancelled');
    case 'running': return vscode.l10n.t('running');
    case 'unknown': return vscode.l10n.t('end not recorded');
  }
}

export function stepItem(run: string, span: Span, hasChildren: boolean): vscode.TreeItem {
  const item = new vscode.TreeItem(span.name, hasChildren ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None);
  item.id = `${run}/${span.id}`;
  item.iconPath = stepIcon(span);
  const time = span.endedAt === undefined ? [] : [formatDuration(span.endedAt - span.startedAt)];
  const word = span.status === 'ok' ? [] : [statusWord(span)];
  item.description = [...word, ...time].join(' · ');
  item.contextValue = 'step';
  if (span.error) item.tooltip = `${span.error.message}${span.error.hint === undefined ? '' : ` ${span.error.hint}`} (${span.error.code})`;
  item.command = { command: commandId('openPanel'), title: vscode.l10n.t('Open panel'), arguments: [{ kind: 'run', id: run }] };
  item.accessibilityInformation = { label: [span.name, statusWord(span), ...time, ...(span.error ? [span.error.message] : [])].join(', ') };
  return item;
}
