import * as vscode from 'vscode';
import type { McpServerStatus } from '../../mcp/mcp-server.ts';
import { toErrorInfo, type ErrorInfo } from '../../shared/errors.ts';
import type { McpServers } from '../mcp-servers.ts';
import { signInState } from '../mcp-sign-in-state.ts';
import type { Withheld } from '../../mcp/trust/server-trust.ts';
import type { Runtime } from '../../runtime.ts';
import type { RuntimeHolder } from '../runtime-holder.ts';
import { errorItem } from './common-items.ts';
import type { McpProblemNode, McpServerNode, McpToolNode } from './mcp-items.ts';
import { SteadyRows } from './steady-rows.ts';
import type * as OfferNodes from './mcp-offer-nodes.ts';
import { withheldItem, type McpWithheldNode } from './withheld-item.ts';

type McpNode = McpServerNode | McpToolNode | McpWithheldNode | OfferNodes.McpOfferTreeNode | McpProblemNode | { readonly kind: 'error'; readonly error: ErrorInfo };

const settleMs = 100;

export interface McpTreeOptions {
  readonly holder: RuntimeHolder;
  readonly servers: McpServers;
  readonly workspace: () => string | undefined;
  readonly isVisible: () => boolean;
}

/** The view *MCP servers*: which are configured, how they are, what they offer. */
export class McpTree implements vscode.TreeDataProvider<McpNode>, vscode.Disposable {
  readonly #options: McpTreeOptions;
  readonly #changed = new vscode.EventEmitter<McpNode[] | undefined>();
  readonly #rows: SteadyRows<McpServerNode | McpProblemNode>;
  readonly #subscriptions: readonly vscode.Disposable[];
  #timer: NodeJS.Timeout | undefined;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(options: McpTreeOptions) {
    this.#options = options;
    this.#rows = new SteadyRows({
      read: () => this.#roots(), keyOf: (row, index) => (row.kind === 'server' ? `server ${row.status.name}` : `problem ${index}`),
      draw: (rows) => this.#changed.fire(rows && [...rows]),
    });
    this.#subscriptions = [options.holder.onDidChangeServers(() => this.#soon()), options.servers.onDidChange(() => this.#soon()), options.holder.onDidChange(() => this.#soon())];
  }

  async getChildren(node?: McpNode): Promise<McpNode[]> {
    try {
      if (node === undefined) return await this.#rows.list();
      if (node.kind === 'offers') return await this.#offers(({ offersIn }, { mcp }) => offersIn(mcp, node));
      return node.kind === 'server' ? await this.#children(node.status) : [];
    } catch (error) {
      return [{ kind: 'error', error: toErrorInfo(error) }];
    }
  }

  getTreeItem(node: McpNode): vscode.TreeItem | Promise<vscode.TreeItem> {
    switch (node.kind) {
      case 'server':
      case 'tool':
      case 'problem':
        return import('./mcp-items.ts').then(({ mcpItem }) => mcpItem(node, this.#options.workspace()));
      case 'withheld':
        return withheldItem(node);
      case 'offers':
      case 'offer':
        return import('./mcp-offer-nodes.ts').then(({ offerItem }) => offerItem(node));
      case 'error':
        return errorItem(node.error);
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  async #roots(): Promise<readonly (McpServerNode | McpProblemNode)[]> {
    const { holder, servers, workspace } = this.#options;
    if (workspace() === undefined || !vscode.workspace.isTrusted) return [];
    const { problems } = await servers.load();
    const nodes = await holder.use((runtime) => Promise.all(runtime.mcp.servers().map(async (status): Promise<McpServerNode> => ({
      kind: 'server', status, signIn: await signInState(status, runtime.mcp.config(status.name), runtime.mcpSignIns), waiting: withheldOf(runtime, status.name).length,
    }))));
    return [...nodes, ...problems.map((problem): McpProblemNode => ({ kind: 'problem', problem }))];
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

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      // A runtime is opened for who looks at the list, and not by a change that nobody sees.
      if (this.#options.holder.isOpen || this.#options.isVisible()) void this.#rows.changed();
      else this.#rows.forget();
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
