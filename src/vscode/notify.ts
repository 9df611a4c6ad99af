import * as vscode from 'vscode';
import { describeError, toErrorInfo, type ErrorInfo } from '../shared/errors.ts';
import { waysOutOf } from '../shared/setup-ways.ts';
import { commandId } from './names.ts';
import { openSetting } from './setting-command.ts';
import { goTo, labelOf } from './set-up-ways.ts';

export interface ErrorAction {
  readonly title: string;
  readonly act: () => unknown;
}

export interface ErrorContext {
  readonly log: vscode.LogOutputChannel;
  /** Absolute, for locations that are relative to it. */
  readonly workspace?: string;
  /** The run that failed: it can be opened in the panel. */
  readonly run?: string;
  /** What was attempted, for the log. */
  readonly doing: string;
  /** What else can be done about it; offered first. */
  readonly actions?: readonly ErrorAction[];
}

/** Tells of a failure in one notification, with what to do next, and in the log. A person who cancelled knows it already. */
export function showError(error: unknown, context: ErrorContext): void {
  const info = toErrorInfo(error);
  if (info.code === 'cancelled') return;
  context.log.error(`${context.doing}: [${info.code}] ${describeError(error)}`);
  if (info.code === 'internal' && error instanceof Error && error.stack) context.log.error(error.stack);
  void offer(info, context);
}

/** `What happened. What to do next. (code)` */
export function errorText({ message, hint, code }: ErrorInfo): string {
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`;
  return `${sentence}${hint === undefined ? '' : ` ${hint}`} (${code})`;
}

async function offer(info: ErrorInfo, { log, workspace, run, actions: more = [] }: ErrorContext): Promise<void> {
  const setting = info.data?.['setting'];
  const actions: readonly ErrorAction[] = [
    ...more,
    ...(info.location && workspace !== undefined ? [{ title: vscode.l10n.t('Go to line'), act: () => openLocation(info.location!, workspace) }] : []),
    ...waysOutOf(info).map((way) => ({ title: labelOf(way), act: () => goTo(way) })),
    ...(typeof setting === 'string' ? [{ title: vscode.l10n.t('Open settings'), act: () => openSetting(setting) }] : []),
    ...(run === undefined ? [] : [{ title: vscode.l10n.t('Open panel'), act: () => vscode.commands.executeCommand(commandId('openPanel'), { kind: 'run', id: run }) }]),
    { title: vscode.l10n.t('Show log'), act: () => log.show(true) },
  ];
  const chosen = await vscode.window.showErrorMessage(errorText(info), ...actions.map(({ title }) => title));
  await actions.find(({ title }) => title === chosen)?.act();
}

/** Opens a file at a line of it; lines and columns count from 1. */
export async function openLocation({ file, line, column }: { readonly file: string; readonly line: number; readonly column: number }, workspace: string): Promise<void> {
  const uri = vscode.Uri.file(/^([/\\]|[a-z]:)/i.test(file) ? file : `${workspace}/${file}`);
  const position = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(position, position) });
}
