import type { Prompt } from '@modelcontextprotocol/client';
import * as vscode from 'vscode';
import type { McpConnection } from '../../mcp/mcp-connection.ts';
import { AssassinError, fromErrorInfo } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import { requireTrust } from '../launch.ts';
import { extensionName } from '../names.ts';
import type { Services } from '../services.ts';
import { askWithCompletions } from './ask-with-completions.ts';
import { pickServer } from './mcp.ts';
import { offerOfTarget, serverNameOfTarget } from './targets.ts';

interface Chosen {
  readonly prompt: string;
  readonly arguments: Readonly<Record<string, string>>;
}

/** Fills in a prompt of an MCP server and puts it where a task is written: the person sees what it says before anybody acts on it. */
export async function usePrompt(services: Services, target?: unknown): Promise<void> {
  requireTrust();
  const { holder, panel } = services;
  const of = offerOfTarget(target);
  const server = of?.server ?? serverNameOfTarget(target) ?? (await pickServer(services, vscode.l10n.t('Prompt of which MCP server?'), ({ enabled }) => enabled));
  if (server === undefined) return;
  const view = { location: { viewId: `${extensionName}.mcpServers` } };
  const chosen = await vscode.window.withProgress(view, () => holder.use((runtime) => runtime.mcp.look(server, (connection) => choose(server, connection, of?.prompt))));
  if (chosen === undefined) return;
  const outcome = await vscode.window.withProgress(view, () => holder.use(async (runtime) => {
    const run = await runtime.startTool('prompts.get', { server, ...chosen }, { title: vscode.l10n.t('Prompt {0}', chosen.prompt), grants: [`mcp ${server}:prompts/get`] });
    return run.outcome;
  }));
  if (outcome.error) throw fromErrorInfo(outcome.error);
  await panel.compose(textOf(outcome.result ?? null));
}

/** @param named by the view, where nobody has to be asked for it */
async function choose(server: string, connection: McpConnection, named: string | undefined): Promise<Chosen | undefined> {
  const prompts = await connection.offers.prompts();
  if (prompts.length === 0) throw new AssassinError('tool-not-found', vscode.l10n.t('The MCP server {0} offers no prompts.', server), { hint: vscode.l10n.t('Its tools are used by naming what you want in a task.') });
  const known = prompts.find(({ name }) => name === named);
  if (known !== undefined) return fillIn(known, connection);
  const items = prompts.map((prompt) => ({ label: prompt.title ?? prompt.name, ...(prompt.title === undefined ? {} : { description: prompt.name }), ...(prompt.description === undefined ? {} : { detail: prompt.description }), prompt }));
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Prompts of {0}', server), matchOnDescription: true, matchOnDetail: true, ignoreFocusOut: true });
  return picked === undefined ? undefined : fillIn(picked.prompt, connection);
}

async function fillIn({ name, arguments: args = [] }: Prompt, { offers }: McpConnection): Promise<Chosen | undefined> {
  const filled: Record<string, string> = {};
  for (const [index, argument] of args.entries()) {
    const value = await askWithCompletions({
      title: `${name} (${index + 1}/${args.length})`, required: argument.required === true,
      prompt: argument.description === undefined ? argument.name : `${argument.name}: ${argument.description}`,
      complete: (text) => offers.complete({ type: 'ref/prompt', name }, argument.name, text, { filled }),
    });
    if (value === undefined) return undefined;
    if (value !== '') filled[argument.name] = value;
  }
  return { prompt: name, arguments: filled };
}

/** The words of its messages; what is no text is left out, and said to be. */
function textOf(result: Json): string {
  const messages = field(result, 'messages');
  if (!Array.isArray(messages)) return '';
  const parts = (messages as readonly Json[]).map((message) => {
    const text = field(field(message, 'content'), 'text');
    const words = typeof text === 'string' ? text : vscode.l10n.t('(something that is no text was left out)');
    return messages.length > 1 ? `${String(field(message, 'role'))}: ${words}` : words;
  });
  return parts.join('\n\n');
}

function field(value: Json | undefined, name: string): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as { readonly [key: string]: Json })[name] : undefined;
}
