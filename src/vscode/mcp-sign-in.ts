import * as vscode from 'vscode';
import type { SignInDoor, SignInRequest } from '../mcp/oauth/sign-in-door.ts';
import { UriWayBacks } from './mcp-sign-in-uri.ts';
import { openInBrowser } from './open-in-browser.ts';

/** Sign-ins at MCP servers in the editor. A dialog is shown where a server asks by itself; a sign-in by hand goes straight to the browser. */
export function editorSignIn(extension: string): SignInDoor {
  const ways = new UriWayBacks(extension);
  return {
    canAsk: true,
    agree,
    open: async ({ server, url }) => {
      // It is checked before it comes here: http or https, and no shell is between.
      if (!(await openInBrowser(url))) {
        const copy = vscode.l10n.t('Copy address');
        void vscode.window.showWarningMessage(vscode.l10n.t('The page for the sign-in at {0} was not opened.', server), copy).then((picked) => (picked === copy ? vscode.env.clipboard.writeText(url) : undefined));
      }
    },
    clientId: async ({ server, issuer, redirectUrl, signal }) => {
      const source = new vscode.CancellationTokenSource();
      const cancel = () => source.cancel();
      signal.addEventListener('abort', cancel, { once: true });
      try {
        return await vscode.window.showInputBox({
          title: vscode.l10n.t('Sign in at {0}', server), ignoreFocusOut: true, placeHolder: vscode.l10n.t('Client id'),
          prompt: vscode.l10n.t('{0} registers no clients by itself. Register one there, with this address to come back to: {1}', issuer, redirectUrl),
        }, source.token);
      } finally {
        signal.removeEventListener('abort', cancel);
        source.dispose();
      }
    },
    wayBack: (state, signal) => (vscode.env.remoteName === undefined && vscode.env.uiKind === vscode.UIKind.Desktop ? Promise.resolve(undefined) : ways.open(state, signal)),
  };
}

/** The first button refuses: a key that was meant for a file must not agree to anything. */
async function agree({ server, domain, url, warnings, scopes, more, signal }: SignInRequest): Promise<boolean> {
  const open = vscode.l10n.t('Open {0}', domain);
  const decline = vscode.l10n.t('Do not sign in');
  const message = more ? vscode.l10n.t('The MCP server {0} asks for more rights than it was given.', server) : vscode.l10n.t('The MCP server {0} asks for a sign-in.', server);
  const detail = [...(scopes.length === 0 ? [] : [vscode.l10n.t('Rights: {0}', scopes.join(', '))]), new URL(url).origin, ...warnings].join('\n\n');
  const picked = await vscode.window.showWarningMessage(message, { modal: true, detail }, decline, open);
  return picked === open && !signal.aborted;
}
