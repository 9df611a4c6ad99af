import * as vscode from 'vscode';
import { requireTrust } from '../launch.ts';
import { extensionName } from '../names.ts';
import type { Services } from '../services.ts';

/** Writes the types anew; MCP servers whose tools are not known yet are started for a moment and asked. */
export async function regenerateTypes({ writeTypes }: Services): Promise<void> {
  requireTrust();
  const changed = await vscode.window.withProgress({ location: { viewId: `${extensionName}.chains` } }, () => writeTypes({ ask: true }));
  const text = changed.length === 0 ? vscode.l10n.t('The types of chains are up to date.') : vscode.l10n.t('Written: {0}', changed.join(', '));
  vscode.window.setStatusBarMessage(text, 8000);
}
