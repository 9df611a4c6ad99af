import * as vscode from 'vscode';
import type { RunHandle, RunOutcome } from '../run/run-manager.ts';
import type { Runtime } from '../runtime.ts';
import { formatDuration } from '../shared/duration.ts';
import { AssassinError, fromErrorInfo, type ErrorInfo } from '../shared/errors.ts';
import { verificationOf } from '../shared/verification.ts';
import { formatCost, nameOf } from './format.ts';
import { extensionName } from './names.ts';
import { showError, type ErrorAction } from './notify.ts';
import type { Services } from './services.ts';

type LaunchServices = Pick<Services, 'holder' | 'history' | 'live' | 'log' | 'panel' | 'statusBar' | 'workspace'>;

/** Throws `denied` in an untrusted workspace: whatever the way to a command was, nothing runs there. */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new AssassinError('denied', vscode.l10n.t('This folder is in Restricted Mode, so nothing is run here.'), { hint: vscode.l10n.t('Trust the folder first, with the command "Workspaces: Manage Workspace Trust".'), data: { way: 'trust' } });
}

export interface LaunchOptions {
  /** `chat` for conversations: in the chat that is on the screen. `nowhere` where the page that asked for the run shows it. The panel where absent. */
  readonly show?: 'panel' | 'chat' | 'nowhere';
  /** What else can be done about a failure of the run. */
  readonly actions?: (error: ErrorInfo) => readonly ErrorAction[];
}

/** Starts a run and shows it: in the panel beside the editor, or in the chat of the side bar, progress over the view, its end in the status bar. Gives its id once it is recorded. */
export async function launch(services: LaunchServices, start: (runtime: Runtime) => Promise<RunHandle>, options: LaunchOptions = {}): Promise<string> {
  requireTrust();
  const handle = await services.holder.use(start);
  void follow(services, handle, options);
  if (options.show === 'chat') await services.panel.showTask(handle.id);
  else if (options.show !== 'nowhere') await services.panel.show(handle.id, { beside: true });
  return handle.id;
}

/** Tells in the views and the status bar how a run goes and ends. */
export async function follow(services: LaunchServices, handle: RunHandle, options: LaunchOptions = {}): Promise<void> {
  const outcome = await vscode.window.withProgress({ location: { viewId: `${extensionName}.runs` } }, () => handle.outcome);
  services.live.ended(handle.id);
  try {
    await tellEnd(services, outcome, options);
  } catch (error) {
    // Closing windows and full disks end here: the record says how the run ended, or the next start does.
    services.log.warn(`The end of ${handle.id} could not be shown: ${String(error)}`);
  }
}

async function tellEnd({ history, statusBar, log, workspace }: LaunchServices, { id, state, error, clean, result }: RunOutcome, { actions }: LaunchOptions): Promise<void> {
  const run = await history.run(id);
  const time = run.durationMs === undefined ? '' : formatDuration(run.durationMs);
  const name = nameOf(run.title);
  const check = result === undefined ? undefined : verificationOf(result);
  // A check that found something has ended well as a run: what it found is what the person waits for.
  if (state === 'done' && check !== undefined) statusBar.ended(check.passed ? vscode.l10n.t('{0}: passed in {1}', name, time) : vscode.l10n.t('{0}: the check failed', name), !check.passed);
  else if (state === 'done') statusBar.ended(vscode.l10n.t('{0}: done in {1}, {2}', name, time, formatCost(run)), false);
  else if (state === 'cancelled') statusBar.ended(vscode.l10n.t('{0}: stopped', name), false);
  else statusBar.ended(vscode.l10n.t('{0}: failed', name), true);
  if (error) {
    const folder = workspace();
    showError(fromErrorInfo(error), { log, run: id, doing: `run ${id} (${run.title})`, ...(actions ? { actions: actions(error) } : {}), ...(folder === undefined ? {} : { workspace: folder }) });
  } else log.info(`run ${id} (${run.title}): ${state} in ${time}, ${clean ? 'nothing left behind' : 'leftovers'}`);
}
