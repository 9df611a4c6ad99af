import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { FoundServer } from '../../mcp/import/read-clients.ts';
import { requireTrust } from '../launch.ts';
import { mcpInputsOf } from '../mcp-inputs.ts';
import { mcpFiles } from '../mcp-servers.ts';
import { extensionName } from '../names.ts';
import type { Services } from '../services.ts';

interface ServerItem extends vscode.QuickPickItem {
  readonly server: FoundServer;
}

/** Takes over what other programs have configured. Their files are read and never written; trust that they were given is not taken over. */
export async function importMcpServers(services: Services): Promise<void> {
  requireTrust();
  const folder = services.workspace();
  if (folder === undefined) return;
  const { readClients } = await import('../../mcp/import/read-clients.ts');
  const { servers, problems } = await readClients({ platform: process.platform, home: homedir(), workspace: folder, env: process.env });
  for (const problem of problems) services.log.warn(problem);
  const known = new Set((await services.mcpServers.load()).servers.map(({ name }) => name));
  const fresh = uniqueNames(servers.filter(({ name }) => !known.has(name)));
  if (fresh.length === 0) {
    void vscode.window.showInformationMessage(servers.length === 0 ? vscode.l10n.t('No MCP servers of other programs were found on this machine.') : vscode.l10n.t('All MCP servers of other programs are here already.'));
    return;
  }
  const chosen = await vscode.window.showQuickPick<ServerItem>(
    fresh.map((server) => ({ label: server.name, description: server.client.title, detail: server.command, server })),
    { title: vscode.l10n.t('Import MCP servers'), placeHolder: vscode.l10n.t('Nothing is started, and no file of another program is changed'), canPickMany: true, matchOnDescription: true, matchOnDetail: true },
  );
  if (!chosen || chosen.length === 0 || !(await confirm(chosen.map(({ server }) => server)))) return;
  await write(vscode.Uri.joinPath(vscode.Uri.file(folder), mcpFiles[0]), chosen.map(({ server }) => server));
  await services.mcpServers.reload();
  await keepSecrets(services, chosen.map(({ server }) => server));
  await vscode.commands.executeCommand(`${extensionName}.mcpServers.focus`);
}

/** Two programs may have a server of one name. */
function uniqueNames(servers: readonly FoundServer[]): readonly FoundServer[] {
  const names = new Set<string>();
  const commands = new Set<string>();
  return servers.flatMap((server) => {
    if (commands.has(`${server.name} ${server.command}`)) return [];
    commands.add(`${server.name} ${server.command}`);
    const name = names.has(server.name) ? `${server.name}-${server.client.id}` : server.name;
    names.add(name);
    return [{ ...server, name }];
  });
}

/** Each is a program that runs with the person's rights: the commands are shown whole. The first button refuses. */
async function confirm(servers: readonly FoundServer[]): Promise<boolean> {
  const add = vscode.l10n.t('Import');
  const decline = vscode.l10n.t('Do not import');
  const detail = [
    ...servers.flatMap(({ name, client, command, notes }) => [`${name} (${client.title}):`, command, ...notes.map((note) => `${note}.`), '']),
    vscode.l10n.t('These programs will run with your rights when a run needs them, or when you start them. Import only what you trust.'),
    vscode.l10n.t('They are written into {0}.', mcpFiles[0]),
  ].join('\n');
  return (await vscode.window.showWarningMessage(vscode.l10n.t('Import {0} MCP servers?', servers.length), { modal: true, detail }, decline, add)) === add;
}

async function write(file: vscode.Uri, servers: readonly FoundServer[]): Promise<void> {
  const { addToConfig } = await import('../../mcp/import/add-to-config.ts');
  const { readEdited, writeText } = await import('../write-mcp-server.ts');
  let text = await readEdited(file);
  for (const { name, entry, inputs } of servers) text = addToConfig(text, file.fsPath, name, entry, inputs);
  await writeText(file, text);
}

/** Keys that stood in the open are kept in the secret storage, if the person says so; else they are asked for when the server starts. */
async function keepSecrets(services: Services, servers: readonly FoundServer[]): Promise<void> {
  const secrets = servers.flatMap(({ name, secrets: own }) => own.map((secret) => ({ name, secret })));
  if (secrets.length === 0) return;
  const keep = vscode.l10n.t('Keep them');
  const detail = [
    ...secrets.map(({ secret: { input } }) => input.description ?? input.id), '',
    vscode.l10n.t('They stand in the open in files of other programs. Here they would be kept in the secret storage of the editor, and handed to their servers only. Without it you are asked when a server starts. The other files are not changed: take the keys out of them yourself.'),
  ].join('\n');
  if ((await vscode.window.showWarningMessage(secrets.length === 1 ? vscode.l10n.t('Keep the key in the secret storage?') : vscode.l10n.t('Keep {0} keys in the secret storage?', secrets.length), { modal: true, detail }, keep)) !== keep) return;
  const inputs = mcpInputsOf(services);
  for (const { name, secret } of secrets) await inputs.remember(name, secret.input.id, secret.value);
}
