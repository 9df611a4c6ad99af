import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import type { SourceLocation } from '../shared/errors.ts';

/** Opens a file at a place whose line and column count from 1. */
export async function openLocation(location: SourceLocation | undefined, workspace: string | undefined): Promise<void> {
  if (location === undefined || workspace === undefined) return;
  const position = new vscode.Position(Math.max(0, location.line - 1), Math.max(0, location.column - 1));
  await vscode.window.showTextDocument(vscode.Uri.file(isAbsolute(location.file) ? location.file : join(workspace, location.file)), { selection: new vscode.Range(position, position) });
}
