import { relative } from 'node:path';
import * as vscode from 'vscode';
import { AssassinError } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import { launch, requireTrust } from '../launch.ts';
import { isCandidate } from '../lenses/function-lens.ts';
import { scanFunctions } from '../lenses/scan-functions.ts';
import type { Services } from '../services.ts';
import { askForJson } from './ask-for-json.ts';
import { functionOf, type FunctionTarget } from './targets.ts';

/** The arguments of the last time, by file and name: whoever tries a function tries it again. */
const lastArguments = new Map<string, string>();

export async function runFunction(services: Services, target?: unknown): Promise<string | undefined> {
  requireTrust();
  const chosen = functionOf(target) ?? (await pickFunction());
  if (!chosen) return undefined;
  const { uri, name, hasParameters } = chosen;
  const folder = services.workspace();
  if (folder === undefined) throw new AssassinError('invalid-input', vscode.l10n.t('No folder is open.'), { hint: vscode.l10n.t('Open the folder of the file first.') });
  const key = `${uri.toString()}#${name}`;
  const args = hasParameters ? await askForArguments(services, name, lastArguments.get(key) ?? '[]') : [];
  if (args === undefined) return undefined;
  lastArguments.set(key, JSON.stringify(args));
  await saveFirst(uri);
  return launch(services, (runtime) => runtime.startFunction(relative(folder, uri.fsPath).replaceAll('\\', '/'), name, args));
}

/** The sandbox gets the file as it lies on the disk. */
export async function saveFirst(uri: vscode.Uri): Promise<void> {
  await vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString() && document.isDirty)?.save();
}

export async function pickFunction(): Promise<FunctionTarget | undefined> {
  const document = vscode.window.activeTextEditor?.document;
  const found = document && isCandidate(document) ? scanFunctions(document.getText()) : [];
  if (!document || found.length === 0) {
    throw new AssassinError('invalid-input', vscode.l10n.t('This file exports no function that a sandbox could run.'), { hint: vscode.l10n.t('Open a TypeScript or JavaScript file of the folder with an exported function that needs nothing of Node.') });
  }
  const choices = found.map((each) => ({ label: each.name, description: vscode.l10n.t('line {0}', each.line + 1), found: each }));
  const chosen = (await vscode.window.showQuickPick(choices, { title: vscode.l10n.t('Run which function in a sandbox?') }))?.found;
  return chosen && { uri: document.uri, name: chosen.name, hasParameters: chosen.hasParameters };
}

async function askForArguments({ context }: Services, name: string, value: string): Promise<readonly Json[] | undefined> {
  const answer = await askForJson(context, {
    title: vscode.l10n.t('Arguments of {0}', name), prompt: vscode.l10n.t('A JSON array, one element for each parameter'), value,
    check: (json) => (Array.isArray(json) ? undefined : vscode.l10n.t('Write an array, for example [1, "two"]')),
  });
  return Array.isArray(answer) ? (answer as readonly Json[]) : undefined;
}
