import * as vscode from 'vscode';
import { panelViewType } from './names.ts';
import type { Panel, PanelOptions } from './panel.ts';

/** The panel's code is loaded when it is first shown: protocol checks and all, it would be half of what activation loads. */
export class LazyPanel implements vscode.Disposable {
  readonly #options: () => PanelOptions;
  readonly #serializer: vscode.Disposable;
  #panel: Promise<Panel> | undefined;

  constructor(options: () => PanelOptions) {
    this.#options = options;
    this.#serializer = vscode.window.registerWebviewPanelSerializer(panelViewType, {
      deserializeWebviewPanel: async (panel) => (await this.#load()).restore(panel),
    });
  }

  /** `beside` opens it next to the active editor and leaves the focus where it is. */
  async show(run?: string, options?: { readonly beside?: boolean }): Promise<void> {
    (await this.#load()).show(run, options);
  }

  dispose(): void {
    this.#serializer.dispose();
    void this.#panel?.then((panel) => panel.dispose());
  }

  #load(): Promise<Panel> {
    return (this.#panel ??= import('./panel.ts').then(({ Panel }) => new Panel(this.#options())));
  }
}
