import * as vscode from 'vscode';
import { AssassinError } from '../../shared/errors.ts';
import { requireTrust } from '../launch.ts';
import type { Services } from '../services.ts';
import { pickServer } from './mcp.ts';
import { serverNameOfTarget } from './targets.ts';

const isRemote = ({ command }: { readonly command: string }): boolean => /^(https?:\/\/|\$\{)/.test(command);

export async function signInMcpServer(services: Services, target?: unknown): Promise<void> {
  requireTrust();
  const name = serverNameOfTarget(target) ?? (await pickServer(services, vscode.l10n.t('Sign in at which MCP server?'), (server) => server.enabled && isRemote(server)));
  if (name === undefined) return;
  const title = vscode.l10n.t('Signing in at {0}: go on in the browser', name);
  const state = await services.holder.use(async (runtime) => vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (_progress, token) => {
    const stop = new AbortController();
    using _cancel = asDisposable(token.onCancellationRequested(() => stop.abort(new AssassinError('cancelled', vscode.l10n.t('The sign-in was given up.')))));
    try {
      await runtime.mcpSignIns.signIn(await runtime.mcp.remote(name), stop.signal);
    } catch (error) {
      if (stop.signal.aborted) return undefined;
      throw error;
    }
    return runtime.mcp.servers().find((server) => server.name === name)?.state;
  }));
  if (state === undefined) return;
  vscode.window.setStatusBarMessage(vscode.l10n.t('Signed in at {0}.', name), 8000);
  // What had failed for want of it is tried again.
  if (state === 'failed') await services.holder.use((runtime) => runtime.mcp.start(name));
}

export async function signOutMcpServer(services: Services, target?: unknown): Promise<void> {
  const name = serverNameOfTarget(target) ?? (await pickServer(services, vscode.l10n.t('Sign out of which MCP server?'), isRemote));
  if (name === undefined) return;
  const { was, revoked } = await services.holder.use(async (runtime) => {
    const out = await runtime.mcpSignIns.signOut(await runtime.mcp.remote(name), AbortSignal.timeout(30_000));
    await runtime.mcp.stop(name);
    return out;
  });
  const text = !was ? vscode.l10n.t('There was no sign-in at {0}.', name) : revoked > 0 ? vscode.l10n.t('Signed out of {0}. Its tokens were given back.', name) : vscode.l10n.t('Signed out of {0}. Its tokens are forgotten here; they end by themselves.', name);
  vscode.window.setStatusBarMessage(text, 8000);
}

function asDisposable(disposable: vscode.Disposable): Disposable {
  return { [Symbol.dispose]: () => void disposable.dispose() };
}
