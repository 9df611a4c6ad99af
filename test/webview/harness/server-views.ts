import { resourceForView, resultForView } from '../../../src/mcp/apps/view-calls.ts';
import type { JsonObject } from '../../../src/shared/json.ts';
import type { AssassinError } from '../../../src/shared/errors.ts';
import type { DeclaredLooks, OfStep } from '../../../src/shared/protocol-views.ts';
import type { PanelMcpViews, ShownView } from '../../../src/vscode/panel-ports.ts';

/** Begins the protocol as a view does; `ask(method, params)` gives the answer, `tell` is called with what the host says by itself. */
export const speaks = `let last = 0; const waiting = new Map(); let tell = () => {};
  const ask = (method, params) => new Promise((resolve) => { waiting.set(++last, resolve); parent.postMessage({ jsonrpc: '2.0', id: last, method, params }, '*'); });
  const note = (method, params) => parent.postMessage({ jsonrpc: '2.0', method, params }, '*');
  addEventListener('message', ({ data }) => { if (waiting.has(data.id)) waiting.get(data.id)(data.result ?? data.error); else tell(data); });
  const begin = () => ask('ui/initialize', { protocolVersion: '2026-01-26', appInfo: { name: 'v', version: '1' }, appCapabilities: {} }).then(() => note('ui/notifications/initialized'));`;

/** Views as the editor gives them to the panel, without its dialogs: what a view had done is noted. */
export class ServerViews implements PanelMcpViews {
  readonly called: { readonly tool: string; readonly args: JsonObject }[] = [];
  readonly opened: OfStep[] = [];
  readonly tabs: OfStep[] = [];
  html = '';
  icons: Readonly<Record<string, string>> = {};
  problem: AssassinError | undefined;

  declared(tools: readonly string[]): Promise<DeclaredLooks> {
    return Promise.resolve({ tools: tools.filter((name) => name.startsWith('mcp.weather.')), icons: this.icons });
  }

  open(step: OfStep): Promise<ShownView> {
    this.opened.push(step);
    if (this.problem !== undefined) return Promise.reject(this.problem);
    return Promise.resolve({
      title: 'Weather', from: 'Made by the server weather.', html: this.html, version: '0.0.0', theme: 'dark', locale: 'en', input: { city: 'Oslo' }, result: resultForView({ degrees: 4 }),
      callTool: (tool, args) => {
        this.called.push({ tool, args });
        return Promise.resolve(resultForView('called'));
      },
      readResource: (uri) => Promise.resolve(resourceForView(uri, 'text')), openLink: () => Promise.resolve(false), log: () => undefined,
    });
  }

  openTab(step: OfStep): Promise<void> {
    this.tabs.push(step);
    return Promise.resolve();
  }
}
