import type { Browser, Page } from 'puppeteer-core';
import type { SourceLocation } from '../../../src/shared/errors.ts';
import type { Wire } from '../../../src/shared/rpc.ts';
import type { PanelActions, PanelFigures, PanelHistory, PanelMcpViews, PanelMemory } from '../../../src/vscode/panel-ports.ts';
import { PanelService } from '../../../src/vscode/panel-service.ts';
import type { PanelTasks } from '../../../src/vscode/panel-ports.ts';
import { FakeFigures } from './figures.ts';
import { noTasks } from './tasks.ts';
import themes from './themes.json' with { type: 'json' };

export type Theme = keyof typeof themes;

export interface PanelPageOptions {
  readonly browser: Browser;
  readonly url: string;
  readonly history: PanelHistory;
  readonly workspace: string | undefined;
  /** What the host has kept of unsent words. */
  readonly memory?: PanelMemory;
  readonly actions?: Partial<PanelActions>;
  readonly tasks?: PanelTasks;
  readonly figures?: PanelFigures;
  readonly views?: PanelMcpViews;
  /** The clock of the host. */
  readonly now?: () => number;
  readonly sendWith?: 'enter' | 'ctrlEnter';
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
  /** What the editor kept from an earlier page. */
  readonly state?: unknown;
  readonly run?: string;
  readonly strings?: Readonly<Record<string, string>>;
}

/** What the page did outside of itself. */
export interface Traffic {
  readonly exported: string[];
  readonly opened: SourceLocation[];
  readonly violations: string[];
  readonly errors: string[];
  readonly requests: string[];
  /** Messages from the page, by method. */
  readonly methods: string[];
}

/** The built panel in a plain browser page, its editor replaced by a bridge to a real service over a real store. */
export class PanelPage implements AsyncDisposable {
  readonly page: Page;
  readonly service: PanelService;
  readonly traffic: Traffic;
  readonly #listeners = new Set<(message: unknown) => void>();
  #answering = true;

  static async open(options: PanelPageOptions): Promise<PanelPage> {
    const page = await options.browser.newPage();
    const panel = new PanelPage(page, options);
    await panel.#load(options);
    return panel;
  }

  private constructor(page: Page, options: PanelPageOptions) {
    this.page = page;
    const traffic: Traffic = { exported: [], opened: [], violations: [], errors: [], requests: [], methods: [] };
    this.traffic = traffic;
    this.service = new PanelService({
      wire: this.#wire(),
      history: options.history,
      workspace: () => options.workspace,
      tasks: options.tasks ?? noTasks,
      figures: options.figures ?? new FakeFigures(),
      settings: () => ({ sendWith: options.sendWith ?? 'enter' }),
      log: (message) => traffic.errors.push(message),
      actions: {
        isLive: () => false,
        cancel: () => false,
        again: () => Promise.reject(new Error('Nothing can be started here.')),
        exportRun: async (run) => void traffic.exported.push(run),
        openSource: async (location) => void traffic.opened.push(location),
        reload: () => void page.reload(),
        ...options.actions,
      },
      ...(options.views === undefined ? {} : { views: options.views }),
      ...(options.now === undefined ? {} : { now: options.now }),
      ...(options.memory === undefined ? {} : { memory: options.memory }),
      ...(options.run === undefined ? {} : { run: options.run }),
      ...(options.strings === undefined ? {} : { strings: options.strings }),
    });
  }

  /** What the editor would keep for the next page. */
  state(): Promise<unknown> {
    return this.page.evaluate(() => window.__state);
  }

  /** A host that is gone hears nothing and says nothing. */
  mute(muted: boolean): void {
    this.#answering = !muted;
  }

  text(selector: string): Promise<string> {
    return this.page.$eval(selector, (element) => element.textContent ?? '');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.service[Symbol.dispose]();
    await this.page.close();
  }

  #wire(): Wire {
    return {
      post: (message) => {
        // A page that is just closing cannot be told any more, as in the editor.
        if (this.#answering) this.page.evaluate((data) => window.postMessage(data, location.origin), message).catch(() => undefined);
      },
      listen: (listener) => {
        this.#listeners.add(listener);
        return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
      },
    };
  }

  async #load({ url, theme = 'dark', width = 1100, height = 760, state = null }: PanelPageOptions): Promise<void> {
    const { page, traffic } = this;
    await page.setViewport({ width, height });
    page.on('pageerror', (error) => traffic.errors.push(String(error)));
    page.on('console', (message) => { if (message.type() === 'error' || message.type() === 'warn') traffic.errors.push(message.text()); });
    page.on('request', (request) => traffic.requests.push(request.url()));
    await page.exposeFunction('toHost', (message: { readonly method?: string }) => {
      if (!this.#answering) return;
      if (message.method !== undefined) traffic.methods.push(message.method);
      for (const listener of this.#listeners) listener(message);
    });
    await page.exposeFunction('toViolations', (text: string) => void traffic.violations.push(text));
    await page.evaluateOnNewDocument(asEditor, themes[theme], state);
    await page.goto(url);
  }
}

declare global {
  interface Window {
    __state: unknown;
    toHost(message: unknown): Promise<void>;
    toViolations(text: string): Promise<void>;
  }
}

/** Runs in the page before its own script: theme and channel, the way the editor provides them. */
function asEditor(theme: { readonly bodyClass: string; readonly variables: Readonly<Record<string, string>> }, state: unknown): void {
  // The editor gives these to the page and to no frame in it.
  if (window !== top) return;
  window.__state = state;
  document.addEventListener('securitypolicyviolation', (event) => void window.toViolations(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
  Object.assign(window, {
    acquireVsCodeApi: () => ({
      postMessage: (message: unknown) => void window.toHost(message),
      getState: () => window.__state,
      setState: (value: unknown) => (window.__state = structuredClone(value)),
    }),
  });
  const paint = () => {
    for (const [name, value] of Object.entries(theme.variables)) document.documentElement.style.setProperty(name, value);
    if (!document.body) return false;
    document.body.className = theme.bodyClass;
    return true;
  };
  if (document.documentElement) paint();
  new MutationObserver((_changes, observer) => { if (document.documentElement && paint()) observer.disconnect(); }).observe(document, { childList: true, subtree: true });
}
