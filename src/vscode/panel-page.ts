import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { SourceLocation } from '../shared/errors.ts';
import type { Wire } from '../shared/rpc.ts';
import { draftFile } from './draft-file.ts';
import { panelHtml } from './panel-html.ts';
import type { PanelActions, PanelFigures, PanelMcpViews, PanelTasks } from './panel-ports.ts';
import { PanelService, type PanelServiceOptions } from './panel-service.ts';
import { configuration } from './settings.ts';

export interface PageOptions extends Pick<PanelServiceOptions, 'history' | 'workspace'> {
  readonly context: Pick<vscode.ExtensionContext, 'extensionUri' | 'storageUri'>;
  readonly actions: Omit<PanelActions, 'openSource' | 'reload'>;
  readonly tasks: PanelTasks;
  readonly figures: PanelFigures;
  readonly views: PanelMcpViews;
  readonly log: Pick<vscode.LogOutputChannel, 'warn'>;
}

/** Puts the page into a webview, of the editor area or of the side bar, and answers it until it is disposed. */
export function openPage(webview: vscode.Webview, place: 'panel' | 'side', { context, history, workspace, actions, tasks, figures, views, log }: PageOptions, run?: string): PanelService {
  const resources = vscode.Uri.joinPath(context.extensionUri, 'dist', 'webview');
  webview.options = { enableScripts: true, localResourceRoots: [resources] };
  const memory = draftFile(context.storageUri, `drafts-${place}`);
  const service = new PanelService({
    wire: wireOf(webview), history, workspace, tasks, figures, views,
    actions: {
      isLive: (id) => actions.isLive(id),
      cancel: (id, reason) => actions.cancel(id, reason),
      again: (id) => actions.again(id),
      exportRun: (id) => actions.exportRun(id),
      openSource,
      reload: () => draw(),
    },
    ...(memory === undefined ? {} : { memory }),
    settings: () => ({ sendWith: configuration(undefined).get<string>('chat.sendWith', 'enter') === 'ctrlEnter' ? 'ctrlEnter' : 'enter' }),
    log: (message) => log.warn(message),
    ...(vscode.l10n.bundle ? { strings: vscode.l10n.bundle } : {}),
    ...(run === undefined ? {} : { run }),
  });
  // Each page has a nonce of its own, so that the editor takes it for another one and loads it.
  const draw = () => {
    webview.html = panelHtml({
      cspSource: webview.cspSource,
      script: webview.asWebviewUri(vscode.Uri.joinPath(resources, 'panel.js')).toString(),
      style: webview.asWebviewUri(vscode.Uri.joinPath(resources, 'panel.css')).toString(),
      nonce: randomBytes(18).toString('base64'),
      language: vscode.env.language,
    });
  };
  draw();
  return service;
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
