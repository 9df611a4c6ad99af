import * as vscode from 'vscode';
import { extensionName } from '../names.ts';
import type { Services } from '../services.ts';
import { codeActionKinds, EditingActions } from './code-actions.ts';
import { CommentLens } from './comment-lens.ts';

/** As in the manifest, which tells the editor of them before this extension is loaded. */
const chatTools = ['assassin_run_chain', 'assassin_run_code', 'assassin_read_page', 'assassin_search_tools', 'assassin_search_servers'];

/** What the agent offers where people work: in the light bulb, above comments, and as tools of the editor's chat. */
export function registerEditing(services: Services): vscode.Disposable {
  const comments = new CommentLens();
  const files = { scheme: 'file' };
  return vscode.Disposable.from(
    comments,
    vscode.languages.registerCodeLensProvider(files, comments),
    vscode.languages.registerCodeActionsProvider(files, new EditingActions(), { providedCodeActionKinds: codeActionKinds }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => comments.refresh()),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration(`${extensionName}.codeLens`) && comments.refresh()),
    ...chatTools.map((name) => vscode.lm.registerTool<Readonly<Record<string, unknown>>>(name, {
      prepareInvocation: async ({ input }) => (await import('./chat-tools.ts')).prepareChatTool(services, name, input),
      invoke: async ({ input }, token) => (await import('./chat-tools.ts')).invokeChatTool(services, name, input, token),
    })),
  );
}
