import * as vscode from 'vscode';
import { requireTrust } from '../launch.ts';
import type { Services } from '../services.ts';
import { pickRun } from './pick-run.ts';
import { runIdOf } from './targets.ts';

/** Saves what a run did with pages as a chain, and opens it: its grants and inputs are worth a look before it is run. */
export async function freezePages(services: Services, target?: unknown): Promise<string | undefined> {
  requireTrust();
  const { holder, workspace } = services;
  const run = runIdOf(target) ?? (await pickRun(services, vscode.l10n.t('Save the page actions of which run as a chain?'), ({ state }) => state === 'done' || state === 'failed'));
  const folder = workspace();
  if (run === undefined || folder === undefined) return undefined;
  const { path, secrets = [] } = await holder.use((runtime) => runtime.freeze(run, undefined, { pages: true }));
  await vscode.window.showTextDocument(vscode.Uri.joinPath(vscode.Uri.file(folder), path));
  if (secrets.length > 0) void vscode.window.showInformationMessage(vscode.l10n.t('The chain needs stored secrets: {0}. Store them with "Store secret...".', secrets.join(', ')));
  return path;
}
