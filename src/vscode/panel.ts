import * as vscode from 'vscode';
import type { FigurePlace } from '../shared/protocol-figures.ts';
import type { RunPair } from '../shared/protocol-trace.ts';
import { panelViewType } from './names.ts';
import { openPage, type PageOptions } from './panel-page.ts';
import type { PanelService } from './panel-service.ts';

export type PanelOptions = PageOptions;

/** A page that is on its way to the screen will show what waits; one that takes longer is on its way nowhere. */
const pageLoadsMs = 5000;

interface OpenPage {
  readonly service: PanelService;
  readonly isVisible: () => boolean;
}

/** The panel in the editor area, and the same page in the side bar. They hold nothing that the store does not have, so they can be closed at any time. */
export class Panel implements vscode.Disposable {
  readonly #options: PanelOptions;
  readonly #visibility = new vscode.EventEmitter<void>();
  #open: (OpenPage & { readonly panel: vscode.WebviewPanel }) | undefined;
  #side: (OpenPage & { readonly view: vscode.WebviewView }) | undefined;

  constructor(options: PanelOptions) {
    this.#options = options;
  }

  /** Another page is on the screen than before. */
  readonly onDidChangeVisibility = this.#visibility.event;

  /** True where a person can see what waits for them, and answer it there. */
  get isVisible(): boolean {
    return [this.#open, this.#side].some((page) => page?.isVisible() === true);
  }

  /**
   * Opens the panel, or brings it to the front; on that run, else on what it showed before, else on the newest one. With `beside`
   * it opens next to the editor that is being typed in, and leaves the focus there; `place`, or the two runs of `compare`, then fill it.
   */
  show(run?: string, { beside = false, place, compare }: { readonly beside?: boolean; readonly place?: FigurePlace; readonly compare?: RunPair } = {}): void {
    if (this.#open) {
      this.#open.panel.reveal(undefined, beside);
      if (run !== undefined) this.#open.service.open(run);
      if (place !== undefined) this.#open.service.goTo(place);
      if (compare !== undefined) this.#open.service.compare(compare);
      return;
    }
    const column = { viewColumn: beside ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active, preserveFocus: beside };
    const service = this.#adopt(vscode.window.createWebviewPanel(panelViewType, vscode.l10n.t('Infrastructure Assassin'), column), run);
    if (place !== undefined) service.goTo(place);
    if (compare !== undefined) service.compare(compare);
  }

  /** Shows a conversation: in the chat of the side bar where that is on the screen, else next to the editor. The focus stays where it is. */
  showTask(run: string): void {
    const chat = this.#chatOnScreen;
    if (chat) chat.service.open(run);
    else this.show(run, { beside: true });
  }

  /** Shows the place where a new task is written: in the side bar where that is on the screen, else in the editor area. */
  compose(text?: string): void {
    const chat = this.#chatOnScreen;
    if (chat) {
      // The page takes the focus for its box, which only a view that has it can give.
      chat.view.show(false);
      return chat.service.compose(text);
    }
    this.show();
    this.#open?.service.compose(text);
  }

  /** Takes over a panel that the editor brings back after a reload of the window. The page then tells which run it showed. */
  restore(panel: vscode.WebviewPanel): void {
    this.#open?.panel.dispose();
    this.#adopt(panel);
  }

  /** Takes over the view of the side bar, which the editor makes when it is first shown. */
  resolve(view: vscode.WebviewView): void {
    const service = openPage(view.webview, 'side', this.#options);
    // A view that was folded while it was made counts as visible for the editor, and its page never loads: what waits for the person would be shown nowhere.
    const until = Date.now() + pageLoadsMs;
    const side = { view, service, isVisible: () => view.visible && (service.isLoaded || Date.now() < until) };
    this.#side = side;
    setTimeout(() => this.#visibility.fire(), pageLoadsMs + 1).unref();
    view.onDidChangeVisibility(() => this.#visibility.fire());
    view.onDidDispose(() => {
      service[Symbol.dispose]();
      if (this.#side === side) this.#side = undefined;
      this.#visibility.fire();
    });
    this.#visibility.fire();
  }

  dispose(): void {
    this.#open?.panel.dispose();
    this.#side?.service[Symbol.dispose]();
    this.#visibility.dispose();
  }

  /** One without a page may be folded, and is not unfolded. */
  get #chatOnScreen(): (OpenPage & { readonly view: vscode.WebviewView }) | undefined {
    return this.#side?.service.isLoaded === true && this.#side.isVisible() ? this.#side : undefined;
  }

  #adopt(panel: vscode.WebviewPanel, run?: string): PanelService {
    panel.iconPath = vscode.Uri.joinPath(this.#options.context.extensionUri, 'media', 'icon.png');
    const service = openPage(panel.webview, 'panel', this.#options, run);
    const open = { panel, service, isVisible: () => panel.visible };
    this.#open = open;
    panel.onDidChangeViewState(() => this.#visibility.fire());
    panel.onDidDispose(() => {
      service[Symbol.dispose]();
      if (this.#open === open) this.#open = undefined;
      this.#visibility.fire();
    });
    this.#visibility.fire();
    return service;
  }
}
