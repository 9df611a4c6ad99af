import { resultForView } from '../mcp/apps/view-calls.ts';
import type { McpTool } from '../mcp/mcp-tool.ts';
import { toolNamed } from '../mcp/tool-named.ts';
import { AssassinError } from '../shared/errors.ts';
import type { Json, JsonObject, StoredValue } from '../shared/json.ts';
import type { OfStep } from '../shared/protocol-views.ts';
import { requireTrust } from './launch.ts';
import { openMcpApp } from './mcp-app-panel.ts';
import type { PanelMcpViews, ShownView } from './panel-ports.ts';
import type { Services } from './services.ts';
import { readView, viewLook, viewPorts } from './view-ports.ts';

type ViewServices = Pick<Services, 'context' | 'history' | 'holder' | 'log'>;

/** A recorded result is handed to a view whole, or not at all: half of it would be another result. */
const resultLimit = 4 * 1024 * 1024;

/** Views of recorded calls: nothing is called again, only the view itself is read from its server. */
export class EditorViews implements PanelMcpViews {
  readonly #services: ViewServices;

  constructor(services: ViewServices) {
    this.#services = services;
  }

  declared(tools: readonly string[]): Promise<readonly string[]> {
    const { holder } = this.#services;
    // A record is looked at without a runtime, and then nothing is known of servers.
    if (!holder.isOpen) return Promise.resolve([]);
    return holder.use(({ mcp }) => tools.filter((name) => {
      const parts = partsOf(name);
      return parts !== undefined && toolNamed(mcp.knownTools(parts.server), parts.tool)?.view !== undefined;
    }));
  }

  async open({ run, step }: OfStep): Promise<ShownView> {
    requireTrust();
    const { history, holder } = this.#services;
    const span = (await history.spans(run)).find(({ id }) => id === step);
    const parts = span === undefined ? undefined : partsOf(span.name);
    if (span?.output === undefined || parts === undefined) throw new AssassinError('invalid-input', `The step ${step} is no call of an MCP tool that has ended well.`);
    const tool: McpTool | undefined = await holder.use(({ mcp }) => toolNamed(mcp.knownTools(parts.server), parts.tool));
    if (tool?.view === undefined) throw new AssassinError('not-supported', `The tool ${parts.tool} of the MCP server ${parts.server} has no view any more.`, { hint: 'Start the server and try again.' });
    const [input, result, html] = await Promise.all([span.input === undefined ? {} : this.#value(span.input), this.#value(span.output), readView(this.#services, parts.server, tool.view)]);
    return { ...viewPorts(this.#services, parts.server), ...viewLook(), title: tool.title ?? tool.name, html, input: isObject(input) ? input : {}, result: resultForView(result) };
  }

  async openTab(step: OfStep): Promise<void> {
    openMcpApp({ ...(await this.open(step)), extensionUri: this.#services.context.extensionUri });
  }

  async #value(value: StoredValue): Promise<Json> {
    if ('json' in value) return value.json;
    if (value.bytes > resultLimit) throw new AssassinError('not-supported', `The result has ${value.bytes} bytes; a view is told of ${resultLimit} at most.`, { hint: 'Look at the result in the trace.' });
    const bytes = await this.#services.history.read((store) => store.blobs.read(value.blob));
    return JSON.parse(new TextDecoder().decode(bytes)) as Json;
  }
}

/** Server names hold no dot, tool names may. */
function partsOf(name: string): { readonly server: string; readonly tool: string } | undefined {
  const [, server, tool] = /^mcp\.([^.]+)\.(.+)$/s.exec(name) ?? [];
  return server === undefined || tool === undefined ? undefined : { server, tool };
}

const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
