import * as vscode from 'vscode';
import { fromErrorInfo } from '../../shared/errors.ts';
import { saveRecording, startRecording } from '../../runtime-recording.ts';
import { requireTrust } from '../launch.ts';
import { requireFolder } from '../require-folder.ts';
import type { Services } from '../services.ts';
import { addressProblem } from './address-problem.ts';

/** Opens an address in a throwaway browser with a window, records what the person does there, and opens the chain that comes of it. Gives its path. */
export async function recordPages(services: Services, target?: unknown): Promise<string | undefined> {
  requireTrust();
  const folder = requireFolder(services.workspace());
  const url = typeof target === 'string' ? target : await ask();
  if (url === undefined) return undefined;
  const stop = new AbortController();
  const { path, secrets, refused } = await services.holder.use(async (runtime) => {
    const handle = await startRecording(runtime, { url, stop: stop.signal });
    const { error } = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Recording what you do in the browser. To save it as a chain, close its window or press Cancel here.'), cancellable: true }, async (_progress, token) => {
      const stopping = token.onCancellationRequested(() => stop.abort());
      try {
        return await handle.outcome;
      } finally {
        stopping.dispose();
      }
    });
    if (error !== undefined) throw fromErrorInfo(error);
    const saved = await saveRecording(runtime, handle.id);
    return { path: saved.path, secrets: saved.secrets ?? [], refused: runtime.network(handle.id).refused.map(({ action }) => action) };
  });
  await vscode.window.showTextDocument(vscode.Uri.joinPath(vscode.Uri.file(folder), path));
  if (secrets.length > 0) void vscode.window.showInformationMessage(vscode.l10n.t('The chain needs stored secrets: {0}. Store them with "Store secret...".', secrets.join(', ')));
  if (refused.length > 0) void vscode.window.showWarningMessage(vscode.l10n.t('The pages were refused: {0}. Where the site needs that, record it on the command line with --allow.', refused.join(', ')));
  return path;
}

function ask(): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Record what you do in a browser'), prompt: vscode.l10n.t('The page is opened in a throwaway browser with a window, which may reach this host and no other. Passwords are not recorded.'), value: 'http://localhost:', ignoreFocusOut: true, validateInput: addressProblem,
  });
}
