import * as vscode from 'vscode';
import { commandLine, type McpTransportConfig } from '../../mcp/mcp-config.ts';
import { isServerName } from '../../mcp/server-name.ts';
import { requireTrust } from '../launch.ts';
import { mcpFiles } from '../mcp-servers.ts';
import { extensionName } from '../names.ts';
import type { Services } from '../services.ts';
import { splitCommand } from '../split-command.ts';
import { suggestServerName } from '../suggest-server-name.ts';
import { addToFile, addToSettings, type ServerEntry } from '../write-mcp-server.ts';

type Place = 'file' | 'user';

/** Asks for a server step by step, shows the whole command, and writes it down only then. Starts nothing. */
export async function addMcpServer(services: Services): Promise<void> {
  requireTrust();
  const folder = services.workspace();
  if (folder === undefined) return;
  const entry = await askForEntry();
  if (!entry) return;
  const { servers } = await services.mcpServers.load();
  const name = await askForName(suggestServerName(entry), servers.map((server) => server.name));
  if (name === undefined) return;
  const place = await askForPlace();
  if (place === undefined || !(await confirm(name, entry, place))) return;
  if (place === 'file') await addToFile(vscode.Uri.joinPath(vscode.Uri.file(folder), mcpFiles[0]), name, entry);
  else await addToSettings(name, entry);
  await services.mcpServers.reload();
  await vscode.commands.executeCommand(`${extensionName}.mcpServers.focus`);
}

async function askForEntry(): Promise<ServerEntry | undefined> {
  const title = vscode.l10n.t('Add MCP server');
  const choices: readonly (vscode.QuickPickItem & { readonly transport: ServerEntry['type'] })[] = [
    { label: `$(terminal) ${vscode.l10n.t('A program on this machine')}`, description: 'stdio', transport: 'stdio' },
    { label: `$(globe) ${vscode.l10n.t('A server at an address')}`, description: 'HTTP', transport: 'http' },
  ];
  switch ((await vscode.window.showQuickPick(choices, { title }))?.transport) {
    case 'stdio': {
      const line = await vscode.window.showInputBox({
        title, ignoreFocusOut: true, prompt: vscode.l10n.t('Command that starts the server, with its arguments'), placeHolder: 'npx -y @modelcontextprotocol/server-filesystem ${workspaceFolder}',
        validateInput: (typed) => (splitCommand(typed) === undefined ? vscode.l10n.t('A quote is not closed') : undefined),
      });
      const [command, ...args] = splitCommand(line ?? '') ?? [];
      return command === undefined ? undefined : { type: 'stdio', command, args };
    }
    case 'http': {
      const url = await vscode.window.showInputBox({
        title, ignoreFocusOut: true, prompt: vscode.l10n.t('Address of the server'), placeHolder: 'https://example.com/mcp',
        validateInput: (typed) => (/^https?:$/.test(URL.parse(typed.trim())?.protocol ?? '') ? undefined : vscode.l10n.t('Write an address that begins with https:// or http://')),
      });
      return url === undefined ? undefined : { type: 'http', url: url.trim() };
    }
    case undefined:
      return undefined;
  }
}

function askForName(value: string, taken: readonly string[]): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Name of the MCP server'), prompt: vscode.l10n.t('Chains call its tools as mcp.NAME.tool'), value, ignoreFocusOut: true,
    validateInput: (typed) => {
      if (!isServerName(typed)) return vscode.l10n.t('Use letters, digits, - and _, beginning with a letter');
      return taken.includes(typed) ? vscode.l10n.t('There is a server of that name already') : undefined;
    },
  });
}

async function askForPlace(): Promise<Place | undefined> {
  const choices: readonly (vscode.QuickPickItem & { readonly place: Place })[] = [
    { label: mcpFiles[0], description: vscode.l10n.t('this folder; other programs that read the file see it too'), place: 'file' },
    { label: vscode.l10n.t('User settings'), description: vscode.l10n.t('all folders, on this machine'), place: 'user' },
  ];
  return (await vscode.window.showQuickPick(choices, { title: vscode.l10n.t('Where is the server written down?') }))?.place;
}

/** A server is a program that runs with the person's rights: the command is shown whole, which only a dialog does at any length. The first button refuses. */
async function confirm(name: string, entry: ServerEntry, place: Place): Promise<boolean> {
  const transport: McpTransportConfig = entry.type === 'http' ? { ...entry, headers: {} } : { ...entry, env: {} };
  const add = vscode.l10n.t('Add');
  const decline = vscode.l10n.t('Do not add');
  const where = place === 'file' ? mcpFiles[0] : vscode.l10n.t('the user settings');
  const detail = [
    commandLine({ transport }), '',
    entry.type === 'http' ? vscode.l10n.t('What chains send to this server leaves your machine.') : vscode.l10n.t('This program will run with your rights when a run needs it, or when you start it. Add it only if you trust it.'),
    vscode.l10n.t('It is written into {0}.', where),
  ].join('\n');
  return (await vscode.window.showWarningMessage(vscode.l10n.t('Add the MCP server "{0}"?', name), { modal: true, detail }, decline, add)) === add;
}
