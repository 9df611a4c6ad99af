import * as vscode from 'vscode';
import { AppHost, type AppHostOptions } from '../mcp/apps/app-host.ts';
import { describeError } from '../shared/errors.ts';
import { mcpAppHtml } from './mcp-app-html.ts';
import { viewLook } from './view-ports.ts';

export interface McpAppPanelOptions extends Pick<AppHostOptions, 'callTool' | 'readResource' | 'openLink' | 'log' | 'input' | 'result' | 'version'> {
  readonly extensionUri: vscode.Uri;
  /** What the tab is called. */
  readonly title: string;
  /** Whose view it is, for the line above it. */
  readonly from: string;
  /** What the server wrote. */
  readonly html: string;
}

/** Opens a view of an MCP server beside the editor, in a frame that reaches nothing but its host. */
export function openMcpApp(options: McpAppPanelOptions): void {
  const folder = vscode.Uri.joinPath(options.extensionUri, 'dist', 'webview');
  const panel = vscode.window.createWebviewPanel('infrastructureAssassin.mcpApp', options.title, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true }, { enableScripts: true, localResourceRoots: [folder] });
  const { webview } = panel;
  let host: AppHost | undefined;
  let gone = false;
  const open = async () => {
    await host?.[Symbol.asyncDispose]();
    const opened = await AppHost.open({
      ...options, ...viewLook(),
      post: (message) => void webview.postMessage({ kind: 'message', message }),
      cutOff: (why) => void webview.postMessage({ kind: 'end', why: vscode.l10n.t('The view was closed: {0}.', why) }),
    });
    if (gone) return void opened[Symbol.asyncDispose]();
    host = opened;
    void webview.postMessage({ kind: 'show', html: options.html, from: options.from, title: options.title, unwalled: vscode.l10n.t('This browser cannot keep a view of an MCP server from the network, so that none is shown. Use a browser with Trusted Types (Chrome, Edge, Firefox from 148 on, Safari from 26 on), or the editor on the desktop.') });
  };
  const listening = webview.onDidReceiveMessage((message: { readonly kind?: unknown; readonly message?: unknown }) => {
    // Again where the tab was hidden meanwhile: nothing of it was kept.
    if (message.kind === 'ready') open().catch((error: unknown) => void webview.postMessage({ kind: 'end', why: vscode.l10n.t('The view was closed: {0}.', describeError(error).replace(/\.$/, '')) }));
    else if (message.kind === 'message') host?.receive(message.message);
  });
  panel.onDidDispose(() => {
    gone = true;
    listening.dispose();
    void host?.[Symbol.asyncDispose]();
  });
  webview.html = mcpAppHtml({ cspSource: webview.cspSource, script: webview.asWebviewUri(vscode.Uri.joinPath(folder, 'mcp-app.js')).toString(), language: vscode.env.language });
}
