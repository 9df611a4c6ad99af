import * as vscode from 'vscode';
import type { McpConnection } from '../../mcp/mcp-connection.ts';
import { loadSdk } from '../../mcp/sdk.ts';
import type { Runtime } from '../../runtime.ts';
import { AssassinError, describeError, fromErrorInfo } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import { requireTrust } from '../launch.ts';
import { McpResourceFiles } from '../mcp-resource-files.ts';
import { extensionName } from '../names.ts';
import type { Services } from '../services.ts';
import { askWithCompletions } from './ask-with-completions.ts';
import { pickServer } from './mcp.ts';
import { offerOfTarget, serverNameOfTarget } from './targets.ts';

/** A resource that changes without end is read again at most so often, milliseconds. */
const readEveryMs = 2000;

const opened = new WeakMap<Services['holder'], McpResourceFiles>();
const inView = { location: { viewId: `${extensionName}.mcpServers` } };

/** Opens a resource of an MCP server as a read-only file, which follows its changes while the server is started. */
export async function openMcpResource(services: Services, target?: unknown): Promise<void> {
  requireTrust();
  const of = offerOfTarget(target);
  const server = of?.server ?? serverNameOfTarget(target) ?? (await pickServer(services, vscode.l10n.t('Resource of which MCP server?'), ({ enabled }) => enabled));
  if (server === undefined) return;
  const { mcp } = await services.holder.use((runtime) => runtime);
  const { uri, mimeType } = of?.uri === undefined ? await vscode.window.withProgress(inView, () => mcp.look(server, (connection) => choose(server, connection, of?.template))) : of;
  if (uri !== undefined) await show(services, { server, resource: uri, mimeType, tool: 'resources.read', input: { server, uri } });
}

/** Opens a skill that an MCP server publishes: its SKILL.md, once size and digest are those of the list. */
export async function openMcpSkill(services: Services, target?: unknown): Promise<void> {
  requireTrust();
  const of = offerOfTarget(target);
  const server = of?.server ?? serverNameOfTarget(target) ?? (await pickServer(services, vscode.l10n.t('Skill of which MCP server?'), ({ enabled }) => enabled));
  if (server === undefined) return;
  const { mcp } = await services.holder.use((runtime) => runtime);
  const skill = of?.skill ?? (await vscode.window.withProgress(inView, () => mcp.look(server, (connection) => chooseSkill(server, connection))));
  if (skill !== undefined) await show(services, { server, resource: skill, mimeType: 'text/markdown', tool: 'skills.read', input: { server, skill } });
}

interface Chosen {
  readonly uri?: string | undefined;
  /** As the list says. */
  readonly mimeType?: string | undefined;
}

async function choose(server: string, connection: McpConnection, template: string | undefined): Promise<Chosen> {
  if (template !== undefined) return { uri: await fillIn(template, connection) };
  const [resources, templates] = connection.capabilities.resources ? [await connection.offers.resources(), await connection.offers.templates()] : [[], []];
  const items = [
    ...resources.map(({ name, title, description = '', uri, mimeType }) => ({ label: title ?? name, description: uri, detail: description, uri, mimeType, template: undefined })),
    ...templates.map(({ name, title, description = '', uriTemplate, mimeType }) => ({ label: `$(symbol-parameter) ${title ?? name}`, description: uriTemplate, detail: description, uri: undefined, mimeType, template: uriTemplate })),
  ];
  if (items.length === 0) throw new AssassinError('file-not-found', vscode.l10n.t('The MCP server {0} offers no resources.', server), { hint: vscode.l10n.t('Its tools are used by naming what you want in a task.') });
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Resources of {0}', server), matchOnDescription: true, matchOnDetail: true, ignoreFocusOut: true });
  if (picked === undefined) return {};
  return { mimeType: picked.mimeType, uri: picked.template === undefined ? picked.uri : await fillIn(picked.template, connection) };
}

/** Throws `invalid-input` for a template that cannot be filled in. */
async function fillIn(template: string, { offers }: McpConnection): Promise<string | undefined> {
  const { UriTemplate } = await loadSdk();
  try {
    const parsed = new UriTemplate(template);
    const filled: Record<string, string> = {};
    const names = parsed.variableNames;
    for (const [index, name] of names.entries()) {
      const value = await askWithCompletions({
        title: `${template} (${index + 1}/${names.length})`, prompt: name, required: true,
        complete: (text) => offers.complete({ type: 'ref/resource', uri: template }, name, text, { filled }),
      });
      if (value === undefined) return undefined;
      filled[name] = value;
    }
    return parsed.expand(filled);
  } catch (cause) {
    throw new AssassinError('invalid-input', vscode.l10n.t('The address {0} cannot be filled in: {1}', template, describeError(cause)), { hint: vscode.l10n.t('Tell the author of the server.'), cause });
  }
}

async function chooseSkill(server: string, { capabilities, offers }: McpConnection): Promise<string | undefined> {
  const skills = capabilities.resources ? await offers.skills() : [];
  if (skills.length === 0) throw new AssassinError('file-not-found', vscode.l10n.t('The MCP server {0} publishes no skills.', server), { hint: vscode.l10n.t('Look at its resources and prompts.') });
  const items = skills.map(({ uri, frontmatter: { name, description } }) => ({ label: name, description: uri, detail: description, uri }));
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Skills of {0}', server), matchOnDescription: true, matchOnDetail: true, ignoreFocusOut: true }))?.uri;
}

interface Shown extends Pick<Chosen, 'mimeType'> {
  readonly server: string;
  readonly resource: string;
  readonly tool: 'resources.read' | 'skills.read';
  readonly input: Json;
}

async function show(services: Services, of: Shown): Promise<void> {
  const { server, resource, tool } = of;
  const { holder, context, log } = services;
  let files = opened.get(holder);
  if (files === undefined) {
    opened.set(holder, (files = new McpResourceFiles()));
    context.subscriptions.push(files);
  }
  const read = () => holder.use((runtime) => partsOf(runtime, of));
  const parts = await vscode.window.withProgress(inView, read);
  if (parts.length === 0) throw new AssassinError('invalid-output', vscode.l10n.t('The resource {0} is empty.', resource), { hint: vscode.l10n.t('Tell the author of the server.') });
  for (const { uri, bytes } of parts) files.put(uri, bytes);
  const shown = files;
  for (const { uri } of parts) await vscode.commands.executeCommand('vscode.open', uri, { preview: parts.length === 1 });
  const [first] = parts;
  if (tool === 'skills.read' || first === undefined) return;
  const again = async () => {
    for (const { uri, bytes } of await read()) shown.put(uri, bytes);
  };
  const failed = (error: unknown) => log.warn(`[${server}] ${resource} is not followed any more: ${describeError(error)}`);
  shown.follow(first.uri, () => holder.use(({ mcp }) => (mcp.servers().some(({ name, startedByHand }) => name === server && startedByHand)
    ? mcp.look(server, (connection) => followed(connection, resource, again, failed)) : Promise.resolve(undefined))));
}

/** Reads again after each change: never twice at once, and with a pause. Nothing where the server does not tell of changes. */
async function followed({ capabilities, offers }: McpConnection, resource: string, again: () => Promise<void>, failed: (error: unknown) => void): Promise<AsyncDisposable | undefined> {
  if (!capabilities.subscriptions) return undefined;
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  let readAt = 0;
  const changed = () => {
    if (timer !== undefined || ended) return;
    timer = setTimeout(() => {
      readAt = Date.now();
      void again().catch(failed).finally(() => (timer = undefined));
    }, Math.max(0, readAt + readEveryMs - Date.now()));
  };
  const watching = await offers.watch(resource, { changed, lost: failed });
  return { [Symbol.asyncDispose]: async () => {
    ended = true;
    clearTimeout(timer);
    await watching[Symbol.asyncDispose]();
  } };
}

interface Part {
  readonly uri: vscode.Uri;
  readonly bytes: Uint8Array;
}

/** A run of its own with exactly this grant: what the person has looked at is on record like everything else. */
async function partsOf(runtime: Runtime, { server, resource, mimeType: listed, tool, input }: Shown): Promise<readonly Part[]> {
  const { outcome } = await runtime.startTool(tool, input, { title: vscode.l10n.t('Read {0}', resource), grants: [`mcp ${server}:${tool.replace('.', '/')}`] });
  const { result = null, error } = await outcome;
  if (error !== undefined) throw fromErrorInfo(error);
  const contents = Array.isArray(result) ? result : [result];
  return Promise.all(contents.map(async (content) => {
    const field = (name: string) => (typeof content === 'object' && content !== null && !Array.isArray(content) && typeof content[name] === 'string' ? content[name] : undefined);
    const blob = field('blob');
    const bytes = blob === undefined ? Buffer.from(typeof content === 'string' ? content : (field('text') ?? JSON.stringify(content, null, 2))) : await runtime.store.blobs.read(blob);
    return { uri: McpResourceFiles.uri(server, field('uri') ?? resource, field('mimeType') ?? listed), bytes };
  }));
}
