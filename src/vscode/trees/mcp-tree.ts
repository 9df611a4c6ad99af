import * as vscode from 'vscode';
import type { ConfigProblem } from '../../mcp/mcp-config.ts';
import type { McpServerState, McpServerStatus } from '../../mcp/mcp-server.ts';
import { toErrorInfo, type ErrorInfo } from '../../shared/errors.ts';
import type { McpServers } from '../mcp-servers.ts';
import { signInState, type SignInState } from '../mcp-sign-in-state.ts';
import type { Withheld } from '../../mcp/trust/server-trust.ts';
import type { Runtime } from '../../runtime.ts';
import { errorText } from '../notify.ts';
import type { RuntimeHolder } from '../runtime-holder.ts';
import { errorItem, locationCommand } from './common-items.ts';
import type * as OfferNodes from './mcp-offer-nodes.ts';
import { withheldItem, type McpWithheldNode } from './withheld-item.ts';

export interface McpServerNode {
  readonly kind: 'server';
  readonly status: McpServerStatus;
  readonly signIn: SignInState;
  /** How much of it waits for the person's word. */
  readonly waiting: number;
}
interface McpToolNode {
  readonly kind: 'tool';
  readonly server: string;
  readonly name: string;
  readonly description: string;
  readonly icon?: string;
}
type McpNode = McpServerNode | McpToolNode | McpWithheldNode | OfferNodes.McpOfferTreeNode | { readonly kind: 'problem'; readonly problem: ConfigProblem } | { readonly kind: 'error'; readonly error: ErrorInfo };

const settleMs = 100;

const icons: Readonly<Record<McpServerState, vscode.ThemeIcon>> = {
  stopped: new vscode.ThemeIcon('debug-disconnect'),
  starting: new vscode.ThemeIcon('loading~spin'),
  running: new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed')),
  failed: new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed')),
};

export interface McpTreeOptions {
  readonly holder: RuntimeHolder;
  readonly servers: McpServers;
  readonly workspace: () => string | undefined;
}

/** The view *MCP servers*: which are configured, how they are, what they offer. */
export class McpTree implements vscode.TreeDataProvider<McpNode>, vscode.Disposable {
  readonly #options: McpTreeOptions;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #subscriptions: readonly vscode.Disposable[];
  #timer: NodeJS.Timeout | undefined;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(options: McpTreeOptions) {
    this.#options = options;
    this.#subscriptions = [options.holder.onDidChangeServers(() => this.#soon()), options.servers.onDidChange(() => this.#soon()), options.holder.onDidChange(() => this.#soon())];
  }

  async getChildren(node?: McpNode): Promise<McpNode[]> {
    try {
      if (node === undefined) return await this.#roots();
      if (node.kind === 'offers') return await this.#offers(({ offersIn }, { mcp }) => offersIn(mcp, node));
      return node.kind === 'server' ? await this.#children(node.status) : [];
    } catch (error) {
      return [{ kind: 'error', error: toErrorInfo(error) }];
    }
  }

  getTreeItem(node: McpNode): vscode.TreeItem | Promise<vscode.TreeItem> {
    switch (node.kind) {
      case 'server':
        return serverItem(node);
      case 'tool':
        return toolItem(node);
      case 'withheld':
        return withheldItem(node);
      case 'offers':
      case 'offer':
        return import('./mcp-offer-nodes.ts').then(({ offerItem }) => offerItem(node));
      case 'problem':
        return this.#problemItem(node.problem);
      case 'error':
        return errorItem(node.error);
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  async #roots(): Promise<McpNode[]> {
    const { holder, servers, workspace } = this.#options;
    if (workspace() === undefined || !vscode.workspace.isTrusted) return [];
    const { problems } = await servers.load();
    const nodes = await holder.use((runtime) => Promise.all(runtime.mcp.servers().map(async (status): Promise<McpNode> => ({
      kind: 'server', status, signIn: await signInState(status, runtime.mcp.config(status.name), runtime.mcpSignIns), waiting: withheldOf(runtime, status.name).length,
    }))));
    return [...nodes, ...problems.map((problem): McpNode => ({ kind: 'problem', problem }))];
  }

  async #children({ name: server, startedByHand }: McpServerStatus): Promise<McpNode[]> {
    const groups = startedByHand ? await this.#offers(({ offerGroups }, { mcp }) => offerGroups(mcp, server)) : [];
    const { tools, withheld } = await this.#options.holder.use((runtime) => ({ tools: (runtime.mcp.knownTools(server) ?? []).map(({ iconUrl, ...tool }) => ({ icon: iconUrl === undefined ? undefined : runtime.mcp.icon(iconUrl), ...tool })), withheld: withheldOf(runtime, server) }));
    return [
      ...groups, ...withheld.map((each): McpNode => ({ kind: 'withheld', server, withheld: each })),
      ...tools.map(({ name, description, icon }): McpNode => ({ kind: 'tool', server, name, description, ...(icon === undefined ? {} : { icon }) })),
    ];
  }

  async #offers(work: (nodes: typeof OfferNodes, runtime: Runtime) => Promise<readonly OfferNodes.McpOfferTreeNode[]>): Promise<McpNode[]> {
    const nodes = await import('./mcp-offer-nodes.ts');
    return [...(await this.#options.holder.use((runtime) => work(nodes, runtime)))];
  }

  #problemItem({ severity, server, error }: ConfigProblem): vscode.TreeItem {
    const item = new vscode.TreeItem(server ?? error.location?.file ?? vscode.l10n.t('Configuration'));
    // The row bears the name of the server, and in a side bar there is room for little more than what is wrong.
    item.description = String(error.data?.['what'] ?? error.message);
    item.tooltip = errorText(error);
    item.iconPath = new vscode.ThemeIcon(severity, new vscode.ThemeColor(severity === 'error' ? 'list.errorForeground' : 'list.warningForeground'));
    item.accessibilityInformation = { label: `${severity === 'error' ? vscode.l10n.t('Error') : vscode.l10n.t('Warning')}: ${errorText(error)}` };
    const command = locationCommand(error.location, this.#options.workspace());
    if (command) item.command = command;
    return item;
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#changed.fire(undefined);
    }, settleMs);
  }
}

/** What waits, as far as it is known without starting the server. */
function withheldOf({ mcp, mcpTrust }: Pick<Runtime, 'mcp' | 'mcpTrust'>, server: string): readonly Withheld[] {
  const config = mcp.config(server);
  const facts = mcp.facts(server);
  const changed = config === undefined || facts === undefined ? undefined : mcpTrust.configuration(config, facts);
  return changed === undefined ? mcpTrust.withheld(server) : [changed];
}

function stateWord({ state, enabled }: McpServerStatus): string {
  if (!enabled) return vscode.l10n.t('switched off');
  switch (state) {
    case 'stopped': return vscode.l10n.t('stopped');
    case 'starting': return vscode.l10n.t('starting');
    case 'running': return vscode.l10n.t('running');
    case 'failed': return vscode.l10n.t('failed');
  }
}

function serverItem({ status, signIn, waiting }: McpServerNode): vscode.TreeItem {
  const { name, title, state, tools, error, provenance, command, enabled, startedByHand, runs, restarts, since, retryAt } = status;
  const item = new vscode.TreeItem(title, tools || waiting > 0 || startedByHand ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None);
  item.id = name;
  item.iconPath = enabled ? icons[state] : new vscode.ThemeIcon('circle-slash');
  const parts = [
    stateWord(status),
    ...(retryAt === undefined ? [] : [vscode.l10n.t('starts again at {0}', new Date(retryAt).toLocaleTimeString())]),
    ...(restarts === 0 ? [] : [restarts === 1 ? vscode.l10n.t('started again once') : vscode.l10n.t('started again {0} times', restarts)]),
    ...(signIn === 'asks' ? [vscode.l10n.t('sign-in needed')] : signIn === 'signed' ? [vscode.l10n.t('signed in')] : []),
    ...(tools === undefined ? [] : [tools === 1 ? vscode.l10n.t('1 tool') : vscode.l10n.t('{0} tools', tools)]),
    ...(waiting === 0 ? [] : [waiting === 1 ? vscode.l10n.t('1 waits for approval') : vscode.l10n.t('{0} wait for approval', waiting)]),
    ...(runs === 0 ? [] : [runs === 1 ? vscode.l10n.t('used by 1 run') : vscode.l10n.t('used by {0} runs', runs)]),
  ];
  item.description = parts.join(' · ');
  // A run's own instance ends with the run: only what was started by hand can be stopped by hand.
  const life = enabled ? `mcp-${state === 'running' && !startedByHand ? 'stopped' : state}` : 'mcp-off';
  item.contextValue = signIn === 'none' ? life : `${life} ${signIn}`;
  const place = provenance.line === undefined ? provenance.file : `${provenance.file}:${provenance.line}`;
  const tooltip = new vscode.MarkdownString();
  tooltip.appendText(`${title}: ${parts.join(', ')}`).appendCodeblock(command, 'text').appendText(place);
  if (since !== undefined) tooltip.appendText(`\n\n${vscode.l10n.t('Runs since {0}', new Date(since).toLocaleString())}`);
  if (error) tooltip.appendText(`\n\n${errorText(error)}`);
  item.tooltip = tooltip;
  item.accessibilityInformation = { label: [title, ...parts, ...(error ? [errorText(error)] : []), place].join(', ') };
  return item;
}

function toolItem({ server, name, description, icon }: McpToolNode): vscode.TreeItem {
  const item = new vscode.TreeItem(name);
  item.id = `${server}/${name}`;
  item.iconPath = icon === undefined ? new vscode.ThemeIcon('tools') : vscode.Uri.parse(icon, true);
  item.description = description.split('\n', 1)[0] ?? '';
  // As plain text: the server wrote it, and Markdown could hold links and images of its choosing.
  item.tooltip = description;
  item.accessibilityInformation = { label: `${name}, ${description}` };
  return item;
}
