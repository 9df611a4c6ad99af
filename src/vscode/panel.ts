import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { SourceLocation } from '../shared/errors.ts';
import type { Wire } from '../shared/rpc.ts';
import { panelViewType } from './names.ts';
import { panelHtml } from './panel-html.ts';
import { PanelService, type PanelActions, type PanelServiceOptions } from './panel-service.ts';

export interface PanelOptions extends Pick<PanelServiceOptions, 'history' | 'workspace'> {
  readonly context: Pick<vscode.ExtensionContext, 'extensionUri'>;
  readonly actions: Omit<PanelActions, 'openSource'>;
  readonly log: Pick<vscode.LogOutputChannel, 'warn'>;
}

/** The one panel: result, trace and bill of a run. It holds nothing that the store does not have, so it can be closed at any time. */
export class Panel implements vscode.Disposable {
  readonly #options: PanelOptions;
  #open: OpenPanel | undefined;

  constructor(options: PanelOptions) {
    this.#options = options;
  }

  /**
   * Opens the panel, or brings it to the front; on that run, else on what it showed before, else on the newest one. With `beside`
   * it opens next to the editor that is being typed in, and leaves the focus there.
   */
  show(run?: string, { beside = false }: { readonly beside?: boolean } = {}): void {
    if (this.#open) {
      this.#open.panel.reveal(undefined, beside);
      if (run !== undefined) this.#open.service.open(run);
      return;
    }
    const place = { viewColumn: beside ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active, preserveFocus: beside };
    this.#adopt(vscode.window.createWebviewPanel(panelViewType, vscode.l10n.t('Infrastructure Assassin'), place), run);
  }

  /** Takes over a panel that the editor brings back after a reload of the window. The page then tells which run it showed. */
  restore(panel: vscode.WebviewPanel): void {
    this.#open?.panel.dispose();
    this.#adopt(panel);
  }

  dispose(): void {
    this.#open?.panel.dispose();
  }

  #adopt(panel: vscode.WebviewPanel, run?: string): void {
    const { context, history, workspace, actions, log } = this.#options;
    const resources = vscode.Uri.joinPath(context.extensionUri, 'dist', 'webview');
    const media = vscode.Uri.joinPath(context.extensionUri, 'media');
    const { webview } = panel;
    webview.options = { enableScripts: true, localResourceRoots: [resources, media] };
    panel.iconPath = vscode.Uri.joinPath(media, 'icon.png');
    const service = new PanelService({
      wire: wireOf(webview), history, workspace,
      actions: {
        isLive: (id) => actions.isLive(id),
        cancel: (id, reason) => actions.cancel(id, reason),
        again: (id) => actions.again(id),
        exportRun: (id) => actions.exportRun(id),
        openSource,
      },
      log: (message) => log.warn(message),
      ...(vscode.l10n.bundle ? { strings: vscode.l10n.bundle } : {}),
      ...(run === undefined ? {} : { run }),
    });
    const open: OpenPanel = { panel, service };
    this.#open = open;
    panel.onDidDispose(() => {
      service[Symbol.dispose]();
      if (this.#open === open) this.#open = undefined;
    });
    webview.html = panelHtml({
      cspSource: webview.cspSource,
      script: webview.asWebviewUri(vscode.Uri.joinPath(resources, 'panel.js')).toString(),
      style: webview.asWebviewUri(vscode.Uri.joinPath(resources, 'panel.css')).toString(),
      nonce: randomBytes(18).toString('base64'),
      language: vscode.env.language,
    });
  }
}

interface OpenPanel {
  readonly panel: vscode.WebviewPanel;
  readonly service: PanelService;
}

function wireOf(webview: vscode.Webview): Wire {
  return {
    post: (message) => void webview.postMessage(message),
    listen: (listener) => {
      const subscription = webview.onDidReceiveMessage(listener);
      return { [Symbol.dispose]: () => void subscription.dispose() };
    },
  };
}

async function openSource({ file, line, column }: SourceLocation): Promise<void> {
  const position = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
  await vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(position, position), viewColumn: vscode.ViewColumn.Beside, preserveFocus: false });
}
