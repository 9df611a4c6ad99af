import type { DeclaredLooks, OfStep } from '../shared/protocol-views.ts';
import { requireTrust } from './launch.ts';
import { openMcpApp } from './mcp-app-panel.ts';
import type { PanelMcpViews, ShownView } from './panel-ports.ts';
import { looksOf, recordedCall } from './recorded-call.ts';
import type { Services } from './services.ts';
import { readView, viewLook, viewPorts } from './view-ports.ts';

type ViewServices = Pick<Services, 'context' | 'history' | 'holder' | 'log'>;

/** Views of recorded calls: nothing is called again, only the view itself is read from its server. */
export class EditorViews implements PanelMcpViews {
  readonly #services: ViewServices;

  constructor(services: ViewServices) {
    this.#services = services;
  }

  declared(tools: readonly string[]): Promise<DeclaredLooks> {
    const { holder } = this.#services;
    // Looking at a record opens no runtime, and without one nothing is known of servers.
    return holder.isOpen ? holder.use(({ mcp }) => looksOf(tools, (server) => mcp.knownTools(server), (url) => mcp.icon(url))) : Promise.resolve({ tools: [], icons: {} });
  }

  async open(step: OfStep): Promise<ShownView> {
    requireTrust();
    const { history, holder } = this.#services;
    const { server, tool, view, input, result } = await holder.use(({ mcp }) => recordedCall(history, step, (name) => mcp.knownTools(name)));
    const html = await readView(this.#services, server, view);
    return { ...viewPorts(this.#services, server), ...viewLook(), title: tool.title ?? tool.name, html, input, result };
  }

  async openTab(step: OfStep): Promise<void> {
    openMcpApp({ ...(await this.open(step)), extensionUri: this.#services.context.extensionUri });
  }
}
