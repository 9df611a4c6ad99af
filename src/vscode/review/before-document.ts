import * as vscode from 'vscode';
import { decodeWhole } from '../../workspace/text-encoding.ts';
import type { Services } from '../services.ts';

export const beforeScheme = 'assassin-before';

/** A read-only document with what a file held before a run, named like the file so that it is coloured like it. */
export function beforeUri(run: string, path: string): vscode.Uri {
  return vscode.Uri.from({ scheme: beforeScheme, path: `/${path}`, query: run });
}

/** Read from the record each time, so that an editor that comes back with the window shows it again. */
export async function beforeText({ holder }: Pick<Services, 'holder'>, { path, query }: vscode.Uri): Promise<string> {
  const files = await holder.use((runtime) => runtime.changes.review(query));
  const before = files.find((file) => `/${file.path}` === path)?.change.before;
  return (before === undefined ? undefined : decodeWhole(before)?.text.replace(/^\ufeff/, '')) ?? '';
}
