import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { readBytes } from '../files.ts';
import { realPath } from '../paths.ts';
import { fitsGlobs } from './ignore-rules.ts';
import { listFiles } from './list-files.ts';
import { maxSearchedBytes, shownLine, type SearchMatch, type SearchQuery, type SearchResult } from './search.ts';

/** What ripgrep does, in JavaScript and one file at a time. Throws where the pattern is no regular expression. */
export async function searchFiles(workspace: string, query: SearchQuery): Promise<SearchResult> {
  const pattern = new RegExp(query.regex ? query.pattern : query.pattern.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), query.caseSensitive ? 'u' : 'iu');
  const { files, cut } = await listFiles(workspace, { below: query.folder });
  const root = await realPath(workspace).catch(() => workspace);
  const matches: SearchMatch[] = [];
  const tooLarge: string[] = [];
  for (const path of files) {
    if (query.globs.length > 0 && !fitsGlobs(query.globs, path)) continue;
    const lines = await linesOf(join(root, path));
    if (lines === undefined) tooLarge.push(path);
    for (const [index, line] of (lines ?? []).entries()) {
      const found = pattern.exec(line);
      if (found === null) continue;
      if (matches.length >= query.limit) return { matches, cut: true, tooLarge };
      matches.push({ path, line: index + 1, column: found.index + 1, text: shownLine(line, found.index + 1) });
    }
  }
  return { matches, cut, tooLarge };
}

/** `undefined`: the file is too large. One that cannot be read has no lines. */
async function linesOf(path: string): Promise<readonly string[] | undefined> {
  try {
    const bytes = await readBytes({ path, shown: path }, maxSearchedBytes);
    return bytes.subarray(0, 8192).includes(0) ? [] : new TextDecoder().decode(bytes).split(/\r?\n/);
  } catch {
    const found = await lstat(path).catch(() => undefined);
    return found?.isFile() === true && found.size > maxSearchedBytes ? undefined : [];
  }
}
