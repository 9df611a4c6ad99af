import { join } from 'node:path';
import * as vscode from 'vscode';
import { AssassinError } from '../../shared/errors.ts';
import { launch, type LaunchOptions } from '../launch.ts';
import type { Services } from '../services.ts';
import { pickRun } from './pick-run.ts';
import { runIdOf } from './targets.ts';

export async function runAgainCommand(services: Services, target?: unknown): Promise<string | undefined> {
  const id = runIdOf(target) ?? (await pickRun(services, vscode.l10n.t('Run which one again?'), () => true));
  return id === undefined ? undefined : await runAgain(services, id);
}

/** Starts it once more with the input that it had, and a deterministic one with its clock and random numbers; gives the new run's id. It is shown where runs of its kind are, unless said otherwise. */
export async function runAgain(services: Services, id: string, show?: LaunchOptions['show']): Promise<string> {
  const detail = await services.history.detail(id);
  const { kind, source, grants, workspace } = detail;
  if (kind === 'trace') throw new AssassinError('invalid-input', vscode.l10n.t('This was run by another program, which has only sent its trace.'), { hint: vscode.l10n.t('Run it there once more.') });
  const at = source.lastIndexOf('#');
  if (kind === 'function' && at >= 0 && grants.includes('fn.serve')) return (await import('./serve-function.ts')).serve(services, { uri: vscode.Uri.file(join(workspace, source.slice(0, at))), name: source.slice(at + 1) }, show);
  const { startAgain } = await import('../../start-again.ts');
  return launch(services, (runtime) => startAgain(runtime, detail), { show: show ?? (kind === 'task' ? 'chat' : 'panel') });
}
