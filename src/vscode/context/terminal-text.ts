import * as vscode from 'vscode';

/**
 * What the active terminal shows. The editor tells no extension; it is copied by the editor's own commands, and the clipboard is put back as it was.
 * `undefined` where no terminal is open or nothing was copied.
 */
export async function terminalText(): Promise<string | undefined> {
  if (vscode.window.activeTerminal === undefined) return undefined;
  const before = await vscode.env.clipboard.readText();
  const mark = `infrastructure-assassin ${Date.now()}`;
  try {
    await vscode.env.clipboard.writeText(mark);
    await vscode.commands.executeCommand('workbench.action.terminal.selectAll');
    await vscode.commands.executeCommand('workbench.action.terminal.copySelection');
    await vscode.commands.executeCommand('workbench.action.terminal.clearSelection');
    const text = await vscode.env.clipboard.readText();
    return text === mark ? undefined : text.trimEnd();
  } finally {
    await vscode.env.clipboard.writeText(before);
  }
}
