import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import type { McpServerConfig } from '../mcp/mcp-config.ts';
import type { McpTool } from '../mcp/mcp-tool.ts';
import type { Chains } from './chains.ts';
import type { McpServers } from './mcp-servers.ts';
import type { RuntimeHolder } from './runtime-holder.ts';

interface KnownTools {
  /** Hash of the server's configuration: another program under the same name has other tools. */
  readonly of: string;
  readonly tools: readonly Pick<McpTool, 'name' | 'description' | 'inputSchema' | 'outputSchema'>[];
}

const memoryKey = 'mcpTools';
const hashOf = ({ name, transport }: McpServerConfig) => createHash('sha256').update(JSON.stringify([name, transport])).digest('hex');

export interface ChainTypesOptions {
  readonly chains: Chains;
  readonly holder: RuntimeHolder;
  readonly mcpServers: McpServers;
  /** Remembers tools for this folder: a server that is not running now must not lose its types. */
  readonly memory: vscode.Memento;
  readonly workspace: () => string | undefined;
}

/** Keeps `.assassin/types` true to the tools that are known. A folder without `.assassin` is left as it is. */
export class ChainTypes {
  readonly #options: ChainTypesOptions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ChainTypesOptions) {
    this.#options = options;
  }

  /** Writes the files that changed. With `ask`, servers that were never seen are started for it and ended again. Gives the paths, relative to the workspace. */
  write({ ask = false }: { readonly ask?: boolean } = {}): Promise<readonly string[]> {
    // One after the other: two at once could each write what the other did not know yet.
    const next = this.#last.then(() => this.#write(ask));
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #write(ask: boolean): Promise<readonly string[]> {
    const { chains, workspace } = this.#options;
    const folder = workspace();
    if (folder === undefined || !existsSync(join(folder, '.assassin'))) return [];
    const servers = await this.#servers(ask);
    const [catalog, { mcpDeclarationsInSlices }] = await Promise.all([chains.catalog(), import('../tools/schema-to-typescript.ts')]);
    return catalog.writeTypes(servers.length === 0 ? {} : { mcpDeclarations: await mcpDeclarationsInSlices(servers) });
  }

  async #servers(ask: boolean): Promise<readonly { readonly name: string; readonly tools: KnownTools['tools'] }[]> {
    const { holder, mcpServers, memory } = this.#options;
    const { servers } = await mcpServers.load();
    const remembered = memory.get<Readonly<Record<string, KnownTools>>>(memoryKey, {});
    const now: Record<string, KnownTools> = {};
    for (const config of servers) {
      const of = hashOf(config);
      const before = remembered[config.name]?.of === of ? remembered[config.name] : undefined;
      const tools = await this.#toolsOf(config, ask && before === undefined);
      if (tools !== undefined) now[config.name] = { of, tools };
      else if (before) now[config.name] = before;
    }
    if (holder.isOpen || Object.keys(now).length < Object.keys(remembered).length) await memory.update(memoryKey, now);
    return Object.entries(now).map(([name, { tools }]) => ({ name, tools }));
  }

  async #toolsOf({ name, enabled }: McpServerConfig, ask: boolean): Promise<KnownTools['tools'] | undefined> {
    const { holder } = this.#options;
    if (!ask && !holder.isOpen) return undefined;
    const tools = await holder.use(({ mcp }) => mcp.knownTools(name) ?? (ask && enabled ? mcp.tools(name) : undefined));
    return tools?.map(({ name: tool, description, inputSchema, outputSchema }) => ({ name: tool, description, inputSchema, ...(outputSchema === undefined ? {} : { outputSchema }) }));
  }
}
