import * as vscode from 'vscode';

/** What is wrong with a text that is to be the address of a page; `undefined` for one that a browser can be sent to. */
export function addressProblem(text: string): string | undefined {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? '') ? undefined : vscode.l10n.t('"{0}" is not an address that begins with http:// or https://.', text);
}
