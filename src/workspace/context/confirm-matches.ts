import { join } from 'node:path';
import { readBytes } from '../files.ts';
import { decodeWhole } from '../text-encoding.ts';
import { maxSearchedBytes, shownLine, type SearchMatch } from './search.ts';

/**
 * Keeps the matches of another program whose lines are in the files of those paths. Such a program opens what lies at a path at that moment: where a folder had
 * been swapped for a link, it has read what lies outside, and says that it stood in the workspace. `workspace` is a real path.
 */
export async function confirmMatches(workspace: string, matches: readonly SearchMatch[]): Promise<readonly SearchMatch[]> {
  const files = new Map<string, readonly string[]>();
  const confirmed: SearchMatch[] = [];
  for (const match of matches) {
    let lines = files.get(match.path);
    if (lines === undefined) files.set(match.path, (lines = await linesOf(join(workspace, match.path))));
    const line = lines[match.line - 1];
    if (line !== undefined && shownLine(line, match.column) === unmarked(match.text)) confirmed.push(match);
  }
  return confirmed;
}

async function linesOf(path: string): Promise<readonly string[]> {
  const bytes = await readBytes({ path, shown: path }, maxSearchedBytes).catch(() => undefined);
  if (bytes === undefined) return [];
  // Single bytes that are no UTF-8 spoil their own line only.
  return unmarked(decodeWhole(bytes)?.text ?? new TextDecoder().decode(bytes)).split('\n');
}

function unmarked(text: string): string {
  return text.replace(/^\ufeff/, '');
}
