import * as vscode from 'vscode';
import type { McpHub } from '../../mcp/mcp-hub.ts';
import { visible } from '../../mcp/trust/hidden-characters.ts';
import { commandId } from '../names.ts';

type OfferKind = 'resources' | 'prompts' | 'skills';

/** What a server has beside its tools, by its kind. */
export interface McpOffersNode {
  readonly kind: 'offers';
  readonly server: string;
  readonly of: OfferKind;
}

/** One of these: what it is called, and what is handed to the command that opens it. */
export interface McpOfferNode {
  readonly kind: 'offer';
  readonly of: OfferKind;
  readonly name: string;
  readonly description: string;
  readonly target: { readonly server: string; readonly uri?: string; readonly mimeType?: string; readonly template?: string; readonly prompt?: string; readonly skill?: string };
}

export type McpOfferTreeNode = McpOffersNode | McpOfferNode;

const commands: Readonly<Record<OfferKind, string>> = { resources: 'openMcpResource', prompts: 'usePrompt', skills: 'openMcpSkill' };
const icons: Readonly<Record<OfferKind, string>> = { resources: 'file', prompts: 'comment-draft', skills: 'book' };

/** Of a server that a person has started; of others it is not known without starting them. */
export function offerGroups(mcp: McpHub, server: string): Promise<readonly McpOffersNode[]> {
  return mcp.look(server, async ({ capabilities, offers }) => {
    const there: readonly (readonly [OfferKind, boolean])[] = [['resources', capabilities.resources], ['prompts', capabilities.prompts], ['skills', capabilities.resources && (await offers.publishesSkills())]];
    return there.flatMap(([of, has]) => (has ? [{ kind: 'offers' as const, server, of }] : []));
  });
}

export function offersIn(mcp: McpHub, { server, of }: McpOffersNode): Promise<readonly McpOfferNode[]> {
  const node = (name: string, description: string | undefined, target: Omit<McpOfferNode['target'], 'server'>): McpOfferNode => ({ kind: 'offer', of, name: visible(name), description: visible(description ?? ''), target: { server, ...target } });
  return mcp.look(server, async ({ offers }) => {
    switch (of) {
      case 'resources': {
        const [resources, templates] = [await offers.resources(), await offers.templates()];
        return [
          ...resources.map(({ name, title, description, uri, mimeType }) => node(title ?? name, description ?? uri, { uri, ...(mimeType === undefined ? {} : { mimeType }) })),
          ...templates.map(({ name, title, description, uriTemplate }) => node(title ?? name, description ?? uriTemplate, { template: uriTemplate })),
        ];
      }
      case 'prompts':
        return (await offers.prompts()).map(({ name, title, description }) => node(title ?? name, description, { prompt: name }));
      case 'skills':
        return (await offers.skills()).map(({ uri, frontmatter }) => node(frontmatter.name, frontmatter.description, { skill: uri }));
    }
  });
}

export function offerItem(node: McpOfferTreeNode): vscode.TreeItem {
  if (node.kind === 'offers') {
    const item = new vscode.TreeItem(groupTitle(node.of), vscode.TreeItemCollapsibleState.Collapsed);
    item.id = `${node.server}/${node.of}`;
    item.iconPath = new vscode.ThemeIcon(icons[node.of]);
    return item;
  }
  const { of, name, description, target } = node;
  const item = new vscode.TreeItem(name);
  item.iconPath = new vscode.ThemeIcon(target.template === undefined ? icons[of] : 'symbol-parameter');
  item.description = description.split('\n', 1)[0] ?? '';
  // As plain text: the server wrote it.
  item.tooltip = description;
  item.command = { command: commandId(commands[of]), title: vscode.l10n.t('Open'), arguments: [target] };
  item.accessibilityInformation = { label: `${name}, ${description}` };
  return item;
}

function groupTitle(of: OfferKind): string {
  switch (of) {
    case 'resources': return vscode.l10n.t('Resources');
    case 'prompts': return vscode.l10n.t('Prompts');
    case 'skills': return vscode.l10n.t('Skills');
  }
}
