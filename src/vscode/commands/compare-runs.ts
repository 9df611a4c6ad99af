import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import { pickRun } from './pick-run.ts';
import { runIdOf } from './targets.ts';

/** Asks for the other run and shows both side by side in the panel. */
export async function compareRunsCommand(services: Services, target?: unknown): Promise<void> {
  const a = runIdOf(target) ?? (await pickRun(services, vscode.l10n.t('Compare which run?'), () => true));
  if (a === undefined) return;
  const b = await pickRun(services, vscode.l10n.t('Compare with which run?'), ({ id }) => id !== a, { nothing: vscode.l10n.t('There is only one run.') });
  if (b !== undefined) await services.panel.show(undefined, { compare: { a, b } });
}
