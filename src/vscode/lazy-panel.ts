import * as vscode from 'vscode';
import { chatViewId, panelViewType } from './names.ts';
import type { Panel, PanelOptions } from './panel.ts';

/** The panel's code is loaded when it is first shown: protocol checks and all, it would be half of what activation loads. */
export class LazyPanel implements vscode.Disposable {
  readonly #options: () => Promise<PanelOptions>;
  readonly #registrations: vscode.Disposable;
  #panel: Promise<Panel> | undefined;

  constructor(options: () => Promise<PanelOptions>) {
    this.#options = options;
    this.#registrations = vscode.Disposable.from(
      vscode.window.registerWebviewPanelSerializer(panelViewType, { deserializeWebviewPanel: async (panel) => (await this.#load()).restore(panel) }),
      vscode.window.registerWebviewViewProvider(chatViewId, { resolveWebviewView: async (view) => (await this.#load()).resolve(view) }),
    );
  }

  /** `beside` opens it next to the active editor and leaves the focus where it is. */
  async show(run?: string, options?: Parameters<Panel['show']>[1]): Promise<void> {
    (await this.#load()).show(run, options);
  }

  /** Shows a conversation where the person has the chat, without taking the focus. */
  async showTask(run: string): Promise<void> {
    (await this.#load()).showTask(run);
  }

  /** Shows the place where a new task is written, with these words in it. */
  async compose(text?: string): Promise<void> {
    (await this.#load()).compose(text);
  }

  /** Resolves as soon as no page is on the screen that shows what waits for the person; at once where there is none. */
  async hidden(signal: AbortSignal): Promise<void> {
    // A page that is on its way to the screen will show the question: its code is still loaded the first time.
    const panel = await this.#panel;
    if (!panel?.isVisible) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const subscription = panel.onDidChangeVisibility(() => {
      if (!panel.isVisible) resolve();
    });
    const end = () => resolve();
    signal.addEventListener('abort', end, { once: true });
    await promise;
    subscription.dispose();
    signal.removeEventListener('abort', end);
  }

  dispose(): void {
    this.#registrations.dispose();
    void this.#panel?.then((panel) => panel.dispose());
  }

  #load(): Promise<Panel> {
    return (this.#panel ??= Promise.all([import('./panel.ts'), this.#options()]).then(([{ Panel }, options]) => new Panel(options)));
  }
}
