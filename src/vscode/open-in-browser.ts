import * as vscode from 'vscode';

/** Opens a web address in the person's browser, letter for letter. Gives whether it was opened. Throws what is no address. */
export async function openInBrowser(url: string): Promise<boolean> {
  const { scheme } = vscode.Uri.parse(url, true);
  if (!['https', 'http', 'mailto'].includes(scheme)) throw new TypeError(`${scheme} is no address of the web`);
  // The editor takes a text, too, which its types do not say. Its own kind of address forgets what was encoded: an "&" inside a value would end that value, and what opens would be
  // another page than the one that was shown, or a sign-in that comes back to nowhere.
  return await vscode.env.openExternal(url as unknown as vscode.Uri);
}
