import * as vscode from 'vscode';
import type { InstallPlan } from '../mcp/catalog/install-plan.ts';
import { isServerName } from '../mcp/server-name.ts';
import { visible } from '../mcp/trust/hidden-characters.ts';
import { mcpFiles } from './mcp-servers.ts';
import { extensionName } from './names.ts';
import type { Services } from './services.ts';

/** Shows the whole command with what is dangerous about it: a dialog does at any length. The first button refuses: a key that was meant for a file must not agree to anything. */
export async function confirmPlan({ name, entry, command, dangers, notes, inputs }: InstallPlan): Promise<boolean> {
  const add = vscode.l10n.t('Add');
  const decline = vscode.l10n.t('Do not add');
  const detail = [
    visible(command), '',
    ...dangers.map(({ part, why }) => `⚠ ${visible(part)} ${why}.`), ...(dangers.length === 0 ? [] : ['']),
    ...inputs.map(({ id, description = id }) => vscode.l10n.t('It asks for {0}.', visible(description))), ...notes.map((note) => `${visible(note)}.`), '',
    entry.type === 'stdio' ? vscode.l10n.t('This program will run with your rights when a run needs it, or when you start it. Add it only if you trust it.') : vscode.l10n.t('What chains send to this server leaves your machine.'),
    vscode.l10n.t('It is written into {0}.', mcpFiles[0]),
  ].join('\n');
  return (await vscode.window.showWarningMessage(vscode.l10n.t('Add the MCP server "{0}"?', name), { modal: true, detail }, decline, add)) === add;
}

/** Writes an agreed plan into the file of the folder, under a free name, and shows the servers. */
export async function writePlan(services: Services, folder: string, plan: InstallPlan): Promise<void> {
  const { addToConfig } = await import('../mcp/import/add-to-config.ts');
  const { readEdited, writeText } = await import('./write-mcp-server.ts');
  const known = new Set((await services.mcpServers.load()).servers.map(({ name }) => name));
  const name = known.has(plan.name) ? await askForName(plan.name, known) : plan.name;
  if (name === undefined) return;
  const file = vscode.Uri.joinPath(vscode.Uri.file(folder), mcpFiles[0]);
  await writeText(file, addToConfig(await readEdited(file), file.fsPath, name, plan.entry, plan.inputs));
  await services.mcpServers.reload();
  await vscode.commands.executeCommand(`${extensionName}.mcpServers.focus`);
}

function askForName(value: string, taken: ReadonlySet<string>): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Name of the MCP server'), prompt: vscode.l10n.t('Chains call its tools as mcp.NAME.tool'), value: `${value}-2`, ignoreFocusOut: true,
    validateInput: (typed) => (!isServerName(typed) ? vscode.l10n.t('Use letters, digits, - and _, beginning with a letter') : taken.has(typed) ? vscode.l10n.t('There is a server of that name already') : undefined),
  });
}
