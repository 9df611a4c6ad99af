import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import { placeIn } from '../policy/origin-place.ts';

/** Opens the file and line where a rule or grant is written. False where it is not written in a file. */
export async function openOrigin(origin: string, workspace: string): Promise<boolean> {
  // A grant says its text first and its place in brackets.
  const place = placeIn(/\(([^()]*)\)$/.exec(origin)?.[1] ?? origin);
  if (place === undefined) return false;
  const position = new vscode.Position(place.line - 1, place.column - 1);
  await vscode.window.showTextDocument(vscode.Uri.file(isAbsolute(place.file) ? place.file : join(workspace, place.file)), { selection: new vscode.Range(position, position) });
  return true;
}
