import { join } from 'node:path';
import * as vscode from 'vscode';
import { decodeWhole } from '../../workspace/text-encoding.ts';
import type { Services } from '../services.ts';

export const beforeScheme = 'assassin-before';

/** A read-only document with what a file held before a run. Its path is the file's own: with another one the comparison would tell of a renamed file. */
export function beforeUri(run: string, file: vscode.Uri): vscode.Uri {
  return file.with({ scheme: beforeScheme, query: run });
}

/** Read from the record each time, so that an editor that comes back with the window shows it again. */
export async function beforeText({ holder, workspace }: Pick<Services, 'holder' | 'workspace'>, { path, query }: vscode.Uri): Promise<string> {
  const files = await holder.use((runtime) => runtime.changes.review(query));
  const before = files.find((file) => vscode.Uri.file(join(workspace() ?? '', file.path)).path === path)?.change.before;
  return (before === undefined ? undefined : decodeWhole(before)?.text.replace(/^\ufeff/, '')) ?? '';
}
