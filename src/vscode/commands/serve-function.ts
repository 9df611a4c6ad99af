import { relative } from 'node:path';
import * as vscode from 'vscode';
import type { ServingHandle } from '../../chains/functions/serve-function.ts';
import { AssassinError } from '../../shared/errors.ts';
import { launch, requireTrust, type LaunchOptions } from '../launch.ts';
import { requireFolder } from '../require-folder.ts';
import type { Services } from '../services.ts';
import type { ServedFunction } from '../servings.ts';
import { pickFunction, saveFirst } from './run-function.ts';
import { functionOf, runIdOf, type FunctionTarget } from './targets.ts';

let view: vscode.Disposable | undefined;

/** Serves a function until it is stopped or the window closes. Gives the id of its run. */
export async function serveFunction(services: Services, target?: unknown): Promise<string | undefined> {
  requireTrust();
  const chosen = functionOf(target) ?? (await pickFunction());
  return chosen && serve(services, chosen);
}

/** As `serveFunction`, of a function that is known; its run is shown in the panel, unless said otherwise. */
export async function serve(services: Services, { uri, name }: Pick<FunctionTarget, 'uri' | 'name'>, show: LaunchOptions['show'] = 'panel'): Promise<string> {
  const folder = requireFolder(services.workspace());
  const already = services.servings.of(uri, name);
  if (already) {
    tell(services, already);
    return already.id;
  }
  await saveFirst(uri);
  const file = relative(folder, uri.fsPath).replaceAll('\\', '/');
  const started = Promise.withResolvers<ServingHandle>();
  const id = await launch(services, async (runtime) => {
    // Whoever chooses this command means it to be served; a rule that denies it holds all the same.
    const handle = await runtime.functions.serve(file, name, { grants: ['fn.serve'] });
    started.resolve(handle);
    return handle;
  }, { show });
  const handle = await started.promise;
  const ready = await handle.ready.catch(() => undefined);
  // What kept it from answering is the end of its run, which is told already.
  if (!ready) return id;
  if (!view) services.context.subscriptions.push((view = (await import('../trees/functions-tree.ts')).showFunctions(services.servings)));
  const served: ServedFunction = { kind: 'serving', id, uri, file, name, ...ready, stop: () => handle.stop() };
  services.servings.add(served, handle.outcome);
  tell(services, served);
  return id;
}

function tell(services: Services, served: ServedFunction): void {
  const [copy, stop] = [vscode.l10n.t('Copy URL and token'), vscode.l10n.t('Stop serving')];
  void vscode.window.showInformationMessage(vscode.l10n.t('{0} answers at {1}', `${served.name}()`, served.url), copy, stop).then((choice) => {
    if (choice === copy) return copyServing(services, served);
    if (choice === stop) served.stop();
    return undefined;
  });
}

/** The command with which one would try it: the token alone is of no use without knowing where it goes. */
export async function copyServing(services: Services, target?: unknown): Promise<void> {
  const served = await servedOf(services, target);
  if (!served) return;
  await vscode.env.clipboard.writeText(`curl -H "Authorization: Bearer ${served.token}" -H "Content-Type: application/json" -d "{}" ${served.url}`);
  vscode.window.setStatusBarMessage(vscode.l10n.t('A command with URL and token of {0} is in the clipboard. Whoever has it can call the function while it is served.', `${served.name}()`), 5000);
}

export async function stopServing(services: Services, target?: unknown): Promise<void> {
  (await servedOf(services, target))?.stop();
}

async function servedOf({ servings }: Services, target: unknown): Promise<ServedFunction | undefined> {
  const id = runIdOf(target) ?? (typeof target === 'object' && target !== null && 'id' in target ? target.id : undefined);
  const { all } = servings;
  const found = all.find((served) => served.id === id);
  if (found || id !== undefined) return found;
  if (all.length === 0) throw new AssassinError('invalid-input', vscode.l10n.t('No function is served.'), { hint: vscode.l10n.t('Serve one with the lens above it.') });
  if (all.length === 1) return all[0];
  const choice = await vscode.window.showQuickPick(all.map((served) => ({ label: `${served.name}()`, description: served.url, served })), { title: vscode.l10n.t('Served functions') });
  return choice?.served;
}
