import { dirname, join, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { AssassinError } from '../../shared/errors.ts';
import { scriptCommand, verifyAddress, verifyServer, type VerifyRequest } from '../../tools/verify-request.ts';
import { launch, requireTrust } from '../launch.ts';
import { scanAddresses, scanScripts } from '../lenses/scan-addresses.ts';
import { requireFolder } from '../require-folder.ts';
import { inRunFolder } from '../run-folder.ts';
import type { Services } from '../services.ts';
import { addressProblem } from './address-problem.ts';

type Target = { readonly url: string } | { readonly script: string; readonly uri: vscode.Uri };

/** What a lens, a key binding or another command names; `undefined` where a person has to be asked. */
function targetOf(value: unknown): Target | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if ('url' in value && typeof value.url === 'string') return { url: value.url };
  return 'script' in value && typeof value.script === 'string' && 'uri' in value && value.uri instanceof vscode.Uri ? { script: value.script, uri: value.uri } : undefined;
}

/** Checks a page, or what a script serves, in a throwaway browser; the panel shows what was found. Gives the run's id. */
export async function checkPage(services: Services, value?: unknown): Promise<string | undefined> {
  requireTrust();
  const folder = requireFolder(services.workspace());
  const target = targetOf(value) ?? (await ask());
  if (target === undefined) return undefined;
  const { tool, input, grants } = await requestOf(target, folder);
  const title = vscode.l10n.t('Check of {0}', 'url' in target ? target.url : target.script);
  return launch(services, (runtime) => runtime.startTool(tool, input, { title, grants }));
}

async function requestOf(target: Target, folder: string): Promise<VerifyRequest> {
  if ('url' in target) {
    const problem = addressProblem(target.url);
    if (problem !== undefined) throw new AssassinError('invalid-input', problem, { hint: vscode.l10n.t('Write for example http://localhost:5173.') });
    return verifyAddress(target.url);
  }
  const root = vscode.workspace.getWorkspaceFolder(target.uri)?.uri.fsPath;
  if (root === undefined || !inRunFolder(target.uri)) throw new AssassinError('invalid-input', vscode.l10n.t('This file is not in the folder that runs work in.'), { hint: vscode.l10n.t('Runs work in the first folder of the window.') });
  // What is started is what lies on the disk.
  await vscode.workspace.textDocuments.find((document) => document.uri.toString() === target.uri.toString() && document.isDirty)?.save();
  const inside = relative(root, dirname(target.uri.fsPath));
  return verifyServer({ argv: await scriptCommand(target.script, [join(folder, inside), folder]), workspace: folder, ...(inside === '' ? {} : { cwd: inside.split(sep).join('/') }) });
}

interface Choice extends vscode.QuickPickItem {
  readonly target?: Target;
}

/** The scripts of the folder and the addresses of the file in the editor; or any other address. */
async function ask(): Promise<Target | undefined> {
  const choices: Choice[] = [{ label: `$(globe) ${vscode.l10n.t('Enter an address...')}` }, ...(await scripts()), ...addresses()];
  const chosen = choices.length === 1 ? choices[0] : await vscode.window.showQuickPick(choices, { title: vscode.l10n.t('Check what in a throwaway browser?'), matchOnDescription: true });
  if (chosen === undefined || chosen.target !== undefined) return chosen?.target;
  const url = await vscode.window.showInputBox({
    title: vscode.l10n.t('Check a page'), prompt: vscode.l10n.t('The page is opened in a throwaway browser, which may reach this host and no other.'), value: 'http://localhost:', validateInput: addressProblem,
  });
  return url === undefined ? undefined : { url };
}

async function scripts(): Promise<readonly Choice[]> {
  const files = await vscode.workspace.findFiles('**/package.json', '**/node_modules/**', 20);
  const found = await Promise.all(files.filter((uri) => inRunFolder(uri)).map(async (uri) => {
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    return scanScripts(text).map(({ name, command }): Choice => ({ label: `$(terminal) ${name}`, description: command, detail: vscode.workspace.asRelativePath(uri), target: { script: name, uri } }));
  }));
  return found.flat();
}

function addresses(): readonly Choice[] {
  const text = vscode.window.activeTextEditor?.document.getText() ?? '';
  return scanAddresses(text).map(({ url, line }) => ({ label: `$(link) ${url}`, description: vscode.l10n.t('line {0}', line + 1), target: { url } }));
}
