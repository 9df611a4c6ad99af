import { relative } from 'node:path';
import * as vscode from 'vscode';
import { AssassinError } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import { launch, requireTrust } from '../launch.ts';
import { isCandidate } from '../lenses/function-lens.ts';
import { needsOf, scanFunctions } from '../lenses/scan-functions.ts';
import { commandId } from '../names.ts';
import { requireFolder } from '../require-folder.ts';
import type { Services } from '../services.ts';
import { askForJson } from './ask-for-json.ts';
import { functionOf, type FunctionTarget } from './targets.ts';

/** The arguments of the last time, by file and name: whoever tries a function tries it again. */
const lastArguments = new Map<string, string>();

export function runFunction(services: Services, target?: unknown): Promise<string | undefined> {
  return run(services, target, { node: false });
}

/** With the same clock and random numbers in every run. */
export function runFunctionDeterministically(services: Services, target?: unknown): Promise<string | undefined> {
  return run(services, target, { node: false, deterministic: true });
}

/** In a Node process: weaker isolation. The gate asks before anything starts, unless a rule or a decision has answered. */
export function runFunctionInNode(services: Services, target?: unknown): Promise<string | undefined> {
  return run(services, target, { node: true });
}

async function run(services: Services, target: unknown, options: { readonly node: boolean; readonly deterministic?: boolean }): Promise<string | undefined> {
  requireTrust();
  const chosen = functionOf(target) ?? (await pickFunction(options.node));
  if (!chosen) return undefined;
  const { uri, name, hasParameters } = chosen;
  const folder = requireFolder(services.workspace());
  const key = `${uri.toString()}#${name}`;
  const args = hasParameters ? await askForArguments(services, name, lastArguments.get(key) ?? '[]') : [];
  if (args === undefined) return undefined;
  lastArguments.set(key, JSON.stringify(args));
  await saveFirst(uri);
  const file = relative(folder, uri.fsPath).replaceAll('\\', '/');
  // Only now does it show what the file's own imports need.
  const inNode = { title: vscode.l10n.t('Run in Node'), act: () => vscode.commands.executeCommand(commandId('runFunctionInNode'), chosen) };
  const id = await launch(services, (runtime) => runtime.functions.start(file, name, args, options), { actions: ({ data }) => (data?.['needsNode'] === true ? [inNode] : []) });
  services.functionRuns.note(uri, name, id);
  return id;
}

/** The sandbox gets the file as it lies on the disk. */
export async function saveFirst(uri: vscode.Uri): Promise<void> {
  await vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString() && document.isDirty)?.save();
}

/** `node`: those too that no sandbox could run. */
export async function pickFunction(node = false): Promise<FunctionTarget | undefined> {
  const document = vscode.window.activeTextEditor?.document;
  const text = document && isCandidate(document) ? document.getText() : '';
  const possible = node ? ['none', 'node'] : ['none'];
  const found = possible.includes(needsOf(text)) ? scanFunctions(text) : [];
  if (!document || found.length === 0) {
    if (node) throw new AssassinError('invalid-input', vscode.l10n.t('This file exports no function that could be run.'), { hint: vscode.l10n.t('Open a TypeScript or JavaScript file of the folder with an exported function.') });
    throw new AssassinError('invalid-input', vscode.l10n.t('This file exports no function that a sandbox could run.'), { hint: vscode.l10n.t('Open a TypeScript or JavaScript file of the folder with an exported function that needs nothing of Node.') });
  }
  const choices = found.map((each) => ({ label: each.name, description: vscode.l10n.t('line {0}', each.line + 1), found: each }));
  const chosen = (await vscode.window.showQuickPick(choices, { title: node ? vscode.l10n.t('Run which function in Node, with weaker isolation?') : vscode.l10n.t('Run which function in a sandbox?') }))?.found;
  return chosen && { uri: document.uri, name: chosen.name, hasParameters: chosen.hasParameters };
}

async function askForArguments({ context }: Services, name: string, value: string): Promise<readonly Json[] | undefined> {
  const answer = await askForJson(context, {
    title: vscode.l10n.t('Arguments of {0}', name), prompt: vscode.l10n.t('A JSON array, one element for each parameter'), value,
    check: (json) => (Array.isArray(json) ? undefined : vscode.l10n.t('Write an array, for example [1, "two"]')),
  });
  return Array.isArray(answer) ? (answer as readonly Json[]) : undefined;
}
