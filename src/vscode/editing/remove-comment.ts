import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { scanComments } from './scan-comments.ts';

const catchUpMs = 10_000;

/**
 * Takes an instruction that was carried out away, wherever it stands by now: whole lines, or the end of a line with code. False where it is not there any
 * more. An edit of the editor, so that it can be undone there.
 */
export async function removeComment(uri: vscode.Uri, text: string, nearLine: number): Promise<boolean> {
  const document = await caughtUp(await vscode.workspace.openTextDocument(uri));
  const [comment] = scanComments(document.getText()).filter((each) => each.text === text).sort((a, b) => Math.abs(a.line - nearLine) - Math.abs(b.line - nearLine));
  if (!comment) return false;
  const { line, endLine, column } = comment;
  const code = document.lineAt(line).text.slice(0, column).trimEnd();
  const lastLine = endLine + 1 >= document.lineCount;
  const range = code !== '' ? new vscode.Range(line, code.length, endLine, document.lineAt(endLine).text.length)
    : lastLine && line > 0 ? new vscode.Range(document.lineAt(line - 1).range.end, document.lineAt(endLine).range.end)
      : lastLine ? new vscode.Range(line, 0, endLine, document.lineAt(endLine).text.length) : new vscode.Range(line, 0, endLine + 1, 0);
  const unsaved = document.isDirty;
  const edit = new vscode.WorkspaceEdit();
  edit.delete(uri, range);
  if (!(await vscode.workspace.applyEdit(edit))) return false;
  // Only what the person had not left unsaved anyway.
  if (!unsaved) await document.save();
  return true;
}

/** The editor learns a moment later what a run has written; an edit of the older text would be in conflict with it. */
async function caughtUp(document: vscode.TextDocument): Promise<vscode.TextDocument> {
  for (const deadline = Date.now() + catchUpMs; !document.isDirty && Date.now() < deadline; await sleep(100)) {
    const onDisk = new TextDecoder().decode(await vscode.workspace.fs.readFile(document.uri));
    if (sameLines(onDisk, document.getText())) break;
  }
  return document;
}

function sameLines(a: string, b: string): boolean {
  return a.replaceAll('\r', '') === b.replaceAll('\r', '');
}
