import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { addToConfig } from '../../mcp/import/add-to-config.ts';
import { mcpClients } from '../../mcp/import/clients.ts';
import { readClients, type FoundServer } from '../../mcp/import/read-clients.ts';
import { vscodeMcpFile } from '../../mcp/mcp-config-files.ts';
import { didYouMean, nearNames } from '../../shared/near-names.ts';
import { isServerName } from '../../mcp/server-name.ts';
import { AssassinError } from '../../shared/errors.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { inputVariable } from '../mcp-inputs.ts';
import { textOf } from '../mcp-plans.ts';
import { workspaceOf } from '../open-runtime.ts';
import { oneLine } from '../text.ts';
import { renderTable } from '../views/table.ts';

interface ImportOptions extends CommonOptions {
  readonly from?: string;
  readonly as?: string;
  readonly yes?: boolean;
}

export function addImportCommand(mcp: Command, context: CliContext): void {
  mcp.command('import [server]').description('list what other programs have configured on this machine, or take one of it over into .vscode/mcp.json; their files are never written')
    .option('--from <program>', 'only of this program, for example cursor, cline or claude-desktop')
    .option('--as <name>', 'under another name')
    .option('--yes', 'write it: I have read the command')
    .action((server: string | undefined, options: ImportOptions) => importServers(context, server, options));
}

async function importServers(context: CliContext, wanted: string | undefined, options: ImportOptions): Promise<void> {
  const workspace = workspaceOf(context, options);
  const places = { platform: process.platform, home: context.env['HOME'] ?? homedir(), workspace, env: context.env };
  const known = mcpClients(places).map(({ id }) => id);
  if (options.from !== undefined && !known.includes(options.from)) throw unknownProgram(options.from, known);
  const { servers, problems } = await readClients(places, options.from);
  for (const problem of problems) context.terminal.note(`warning: ${problem}`);
  if (wanted === undefined) return list(context, servers, options);
  const found = servers.filter(({ name }) => name === wanted);
  const [server, other] = found;
  if (!server) throw new AssassinError('invalid-input', `No program on this machine has an MCP server "${wanted}".`, { hint: 'List them with "mcp import".' });
  if (other) throw new AssassinError('invalid-input', `"${wanted}" is configured in ${found.map(({ client }) => client.id).join(' and ')}.`, { hint: `Say which one: --from ${server.client.id}.` });
  const name = options.as ?? server.name;
  if (!isServerName(name)) throw new AssassinError('invalid-input', `"${name}" cannot be the name of a server.`, { hint: 'Use letters, digits, - and _, beginning with a letter.' });
  const text = addToConfig(textOf(join(workspace, vscodeMcpFile)), vscodeMcpFile, name, server.entry, server.inputs);
  if (options.yes) {
    mkdirSync(dirname(join(workspace, vscodeMcpFile)), { recursive: true });
    writeFileSync(join(workspace, vscodeMcpFile), text);
  }
  report(context, server, name, options);
}

function unknownProgram(name: string, known: readonly string[]): AssassinError {
  const meant = didYouMean(nearNames(name, known));
  return new AssassinError('invalid-input', `"${name}" is no program whose servers are known.`, { hint: [meant, `Known are: ${known.join(', ')}.`].filter(Boolean).join(' ') });
}

function report({ terminal }: CliContext, { command, client, file, entry, notes, inputs }: FoundServer, name: string, { json, yes }: ImportOptions): void {
  const variables = inputs.map(({ id }) => inputVariable(id));
  if (json) {
    terminal.json({ name, from: client.id, file, entry, notes, variables, written: yes === true });
    return;
  }
  terminal.result(`${name}, from ${client.title}: ${command}`);
  for (const note of notes) terminal.note(`${note}.`);
  if (variables.length > 0) terminal.note(`Its keys were not copied. Set ${variables.join(' and ')} in the environment.`);
  terminal.note(yes ? `Written into ${vscodeMcpFile}.` : 'Nothing was written. This program will run with your rights: read the command, and add --yes to take it over.');
}

function list({ terminal }: CliContext, servers: readonly FoundServer[], { json }: ImportOptions): void {
  if (json) terminal.json({ servers: servers.map(({ secrets, ...server }) => ({ ...server, literalSecrets: secrets.length })) });
  else if (servers.length === 0) terminal.note('No MCP servers of other programs were found.');
  else {
    terminal.result(...renderTable([{ title: 'server', whole: true }, { title: 'program' }, { title: 'command', min: 20 }, { title: 'file', min: 20 }], servers.map(({ name, client, command, file }) => [name, client.id, oneLine(command), oneLine(file)]), terminal.width));
  }
}
