import { foldersOf } from './complete-mention.ts';

/** Words that stand in any task and in many paths. */
const common = new Set(['the', 'and', 'for', 'with', 'that', 'this', 'from', 'into', 'make', 'file', 'files', 'test', 'tests', 'src', 'index', 'add', 'fix', 'all', 'not', 'are', 'use', 'new', 'code']);
const maxPaths = 40;
const maxFolders = 60;
/** So much tells every path of a small workspace, in characters. */
const maxWhole = 1500;

/** Files whose paths share words with the task, most of them first. */
export function relevantFiles(task: string, files: readonly string[]): readonly string[] {
  const words = new Set(wordsOf(task));
  const counts = new Map<string, number>();
  const wordsByPath = files.map((path) => [path, new Set(wordsOf(path))] as const);
  for (const [, inPath] of wordsByPath) for (const word of inPath) if (words.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const scored = wordsByPath.flatMap(([path, inPath]) => {
    let score = 0;
    // A word that few paths have says more than one that all have.
    for (const word of inPath) if (words.has(word)) score += 1 / Math.sqrt(counts.get(word) ?? 1);
    return score > 0.05 ? [{ path, score }] : [];
  });
  return scored.sort((a, b) => b.score - a.score || a.path.length - b.path.length || (a.path < b.path ? -1 : 1)).slice(0, maxPaths).map(({ path }) => path);
}

/** What there is in the workspace, for somebody who sees it for the first time: all files where they are few; else files at the top, folders with their numbers, and what the task may be about. */
export function outlineOf(task: string, files: readonly string[], cut: boolean): string {
  const whole = files.join(', ');
  if (!cut && files.length <= maxPaths && whole.length <= maxWhole) return `${files.length} ${files.length === 1 ? 'file' : 'files'}: ${whole}`;
  const top = files.filter((path) => !path.includes('/'));
  const counts = new Map<string, number>();
  for (const file of files) for (let at = file.indexOf('/'); at > 0; at = file.indexOf('/', at + 1)) counts.set(file.slice(0, at), (counts.get(file.slice(0, at)) ?? 0) + 1);
  const depth = (path: string) => path.split('/').length;
  const folders = [...foldersOf(files)].sort((a, b) => depth(a) - depth(b) || (counts.get(b) ?? 0) - (counts.get(a) ?? 0)).slice(0, maxFolders).sort();
  const relevant = relevantFiles(task, files);
  return [
    `${cut ? 'More than ' : ''}${files.length} files. At the top: ${top.slice(0, 40).join(', ') || 'none'}${top.length > 40 ? ', ...' : ''}.`,
    ...(relevant.length === 0 ? [] : [`Files whose names fit the task: ${relevant.join(', ')}`]),
    ...(folders.length === 0 ? [] : [`Folders, with the number of files below: ${folders.map((folder) => `${folder} ${counts.get(folder) ?? 0}`).join(', ')}`]),
  ].join('\n');
}

function wordsOf(text: string): readonly string[] {
  const split = text.replace(/([a-z\d])([A-Z])/g, '$1 $2').toLowerCase().match(/[\p{L}\d]{3,}/gu) ?? [];
  return split.filter((word) => !common.has(word)).map((word) => word.replace(/(?:ies|s)$/, ''));
}
