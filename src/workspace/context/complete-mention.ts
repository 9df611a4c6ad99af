import { mentionKinds, type MentionCandidate, type MentionCompletion, type MentionKind } from '../../shared/mentions.ts';

export interface CompletionSources {
  /** Files of the workspace, relative with forward slashes. */
  readonly files: readonly string[];
  /** Of the latest runs first. */
  readonly runs: readonly { readonly id: string; readonly title: string }[];
  /** Why this door cannot give something; `undefined` where it can. */
  readonly lacks: (kind: MentionKind) => string | undefined;
}

const maxCandidates = 50;

const details: Readonly<Record<MentionKind, string>> = {
  file: 'A file, or some of its lines',
  folder: 'What lies in a folder',
  selection: 'What is selected in the editor',
  problems: 'Errors and warnings of the editor',
  diff: 'What was changed since the last commit',
  url: 'A page, read in a throwaway browser',
  terminal: 'What the terminal shows',
  run: 'The result of an earlier run',
};

/** What could stand in place of the mention that the cursor is in. */
export function completeMention(text: string, cursor: number, sources: CompletionSources): MentionCompletion {
  const from = beginning(text, cursor);
  if (from === undefined) return { from: cursor, to: cursor, candidates: [] };
  const typed = text.slice(from + 1, cursor);
  const quoted = /^(?:[a-z]+:)?"/.test(typed);
  const to = cursor + (/^[^\s"]*/.exec(text.slice(cursor))?.[0].length ?? 0) + (quoted && text[cursor] === '"' ? 1 : 0);
  const [, kind, rest = ''] = /^(?:([a-z]+):)?"?(.*)$/s.exec(typed) ?? [];
  return { from, to, candidates: candidatesFor(kind, rest, sources).slice(0, maxCandidates) };
}

/** Where the mention begins whose text reaches the cursor. White space ends one, except in quotes. */
function beginning(text: string, cursor: number): number | undefined {
  for (let at = text.lastIndexOf('@', cursor - 1); at >= 0; at = at === 0 ? -1 : text.lastIndexOf('@', at - 1)) {
    const inside = text.slice(at + 1, cursor);
    if (at > 0 && !/[\s([{,;]/.test(text[at - 1]!)) continue;
    if (/^(?:[a-z]+:)?(?:"[^"\n]*|[^\s"]*)$/.test(inside)) return at;
  }
  return undefined;
}

function candidatesFor(kind: string | undefined, query: string, sources: CompletionSources): readonly MentionCandidate[] {
  switch (kind) {
    case undefined: {
      const kinds = mentionKinds.filter((each) => each.startsWith(query.toLowerCase())).map((each) => kindCandidate(each, sources));
      return [...kinds, ...paths('file', query, sources.files)];
    }
    case 'file':
    case 'problems':
      return paths(kind, query, sources.files);
    case 'folder':
      return paths(kind, query, foldersOf(sources.files));
    case 'run':
      return sources.runs.filter(({ id, title }) => `${id} ${title}`.toLowerCase().includes(query.toLowerCase())).map(({ id, title }) => ({ insert: `@run:${id} `, label: title, detail: id, kind: 'run', available: true }));
    default:
      return [];
  }
}

function kindCandidate(kind: MentionKind, { lacks }: CompletionSources): MentionCandidate {
  const more = kind === 'file' || kind === 'folder' || kind === 'url' || kind === 'run';
  const problem = lacks(kind);
  return { insert: `@${kind}${more ? ':' : ' '}`, label: `@${kind}`, detail: problem ?? details[kind], kind, available: problem === undefined };
}

function paths(kind: 'file' | 'folder' | 'problems', query: string, all: readonly string[]): readonly MentionCandidate[] {
  return ranked(query, all).map((path) => ({ insert: `@${kind}:${/[\s"]/.test(path) ? JSON.stringify(path) : path} `, label: path, kind, available: true }));
}

export function foldersOf(files: readonly string[]): readonly string[] {
  const folders = new Set<string>();
  for (const file of files) for (let at = file.lastIndexOf('/'); at > 0 && !folders.has(file.slice(0, at)); at = file.lastIndexOf('/', at - 1)) folders.add(file.slice(0, at));
  return [...folders].sort();
}

/** Best first: the name begins with it, then holds it, then the path holds it, then its letters stand in the path in this order. */
function ranked(query: string, all: readonly string[]): readonly string[] {
  const wanted = query.toLowerCase();
  const scored: { readonly path: string; readonly score: number }[] = [];
  for (const path of all) {
    const score = scoreOf(wanted, path.toLowerCase());
    if (score !== undefined) scored.push({ path, score });
  }
  return scored.sort((a, b) => a.score - b.score || a.path.length - b.path.length || (a.path < b.path ? -1 : 1)).slice(0, maxCandidates).map(({ path }) => path);
}

function scoreOf(query: string, path: string): number | undefined {
  if (query === '') return 4;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name.startsWith(query) || path.startsWith(query)) return 0;
  if (name.includes(query)) return 1;
  if (path.includes(query)) return 2;
  let at = -1;
  for (const letter of query) {
    at = path.indexOf(letter, at + 1);
    if (at < 0) return undefined;
  }
  return 3;
}
