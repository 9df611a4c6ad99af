import * as vscode from 'vscode';
import type { StartTaskOptions } from '../../agent/task-options.ts';
import type { RunHandle } from '../../run/run-manager.ts';
import { AssassinError } from '../../shared/errors.ts';
import { chosenModel, tokensGranted } from '../commands/run-task.ts';
import { follow, requireTrust } from '../launch.ts';
import { offerModels } from '../models/offer-models.ts';
import type { Services } from '../services.ts';

/** Starts a task that belongs to a place in a file, and shows it. `undefined` where there is no model, or the person did not choose one. */
export async function startEditorTask(services: Services, text: string, options: StartTaskOptions = {}): Promise<RunHandle | undefined> {
  requireTrust();
  const model = options.model ?? (await chosenModel(services));
  if (model === undefined || !(options.budget !== undefined || (await tokensGranted(services)))) return undefined;
  try {
    const handle = await services.holder.use((runtime) => runtime.startTask(text, { ...options, model }));
    void follow(services, handle);
    await services.panel.showTask(handle.id);
    return handle;
  } catch (error) {
    if (!AssassinError.isInstance(error) || error.code !== 'no-model') throw error;
    // Not awaited: whoever called the command must not wait for an answer that may never come.
    void offerModels('');
    return undefined;
  }
}

/** `@file:src/a.ts:3-7`, as tasks name places. Lines count from 0 here. */
export function mentionOf(uri: vscode.Uri, from: number, to: number): string {
  const path = vscode.workspace.asRelativePath(uri, false);
  return `@file:${/[\s"\\]/.test(path) ? `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` : path}:${from + 1}-${to + 1}`;
}

/** A run reads what is on the disk. */
export async function savedDocument(uri: vscode.Uri): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.isDirty) await document.save();
  return document;
}
