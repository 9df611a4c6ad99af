import type { PlatformPath } from 'node:path';
import type { Action } from './action.ts';
import { bareName, runsMore } from './command-options.ts';
import { invalidGrant } from './invalid-grant.ts';
import { splitWords } from './words.ts';

export interface ExecPattern {
  readonly kind: 'exec';
  /** One for each word of the argv; `undefined` is any word. */
  readonly words: readonly (string | undefined)[];
  /** Any further words may follow. */
  readonly more: boolean;
  /** What a program given by a relative path is relative to. */
  readonly workspace: string;
  readonly path: PlatformPath;
}

type Exec = Extract<Action, { kind: 'exec' }>;

/** The words of an argv, all of them: `*` is any one word, `**` at the end any further ones. Quoted, a star is a star. */
export function parseExecPattern(pattern: string, { text, workspace, path }: { readonly text: string; readonly workspace: string; readonly path: PlatformPath }): ExecPattern {
  const words = splitWords(pattern);
  const hint = 'Write the words of the command, as in "exec npm test", with ** at the end for any further ones.';
  if (typeof words === 'string') throw invalidGrant(`"${text}" is not a command: ${words}.`, hint);
  const more = isWild(words.at(-1), '**');
  const named = more ? words.slice(0, -1) : words;
  if (named.some((word) => !word.quoted && word.text.includes('*') && word.text !== '*')) throw invalidGrant(`"${text}" has a * inside a word.`, 'A * stands for one whole word, ** at the end for any further ones; quote a star that is meant as it stands.');
  const first = named[0];
  if (first && !first.quoted && /^\w+=/.test(first.text)) throw invalidGrant(`"${text}" begins with a variable.`, 'Variables are not part of a command: write the program first.');
  return { kind: 'exec', words: named.map((word) => (isWild(word, '*') ? undefined : word.text)), more, workspace, path };
}

export function execMatches(pattern: ExecPattern, action: Action): boolean {
  if (action.kind !== 'exec' || !fits(pattern, action)) return false;
  const named = (i: number) => pattern.words[i] !== undefined;
  return !runsMore(action.argv, named);
}

/** As a rule that denies or asks: whatever follows the words, and a bare name for every place in which that program may lie. */
export function execForbids(pattern: ExecPattern, action: Action): boolean {
  if (action.kind !== 'exec') return false;
  const { words } = pattern;
  const { argv } = action;
  if (argv.length < words.length) return false;
  // Backwards: the words after the program tell rules apart, and names of programs are costly to compare.
  for (let i = words.length - 1; i > 0; i--) if (words[i] !== undefined && words[i] !== argv[i]) return false;
  const program = words[0];
  return program === undefined || sameProgram(pattern, program, action) || bareName(program) === bareName(argv[0] ?? '');
}

export function execCovers(outer: ExecPattern, inner: ExecPattern): boolean {
  if (inner.more && !outer.more) return false;
  if (outer.more ? inner.words.length < outer.words.length : inner.words.length !== outer.words.length) return false;
  if (!outer.words.every((word, i) => word === undefined || word === inner.words[i])) return false;
  // What the inner one names, a wildcard of the outer one may not reach. A word that neither names is decided on when it comes.
  return !runsMore(inner.words.map((word) => word ?? ''), (i) => outer.words[i] !== undefined || inner.words[i] === undefined);
}

function fits(pattern: ExecPattern, action: Exec): boolean {
  const { words, more } = pattern;
  const { argv } = action;
  if (argv.length === 0 || (more ? argv.length < words.length : argv.length !== words.length)) return false;
  return words.every((word, i) => word === undefined || (i === 0 ? sameProgram(pattern, word, action) : word === argv[i]));
}

/** `./tool` is another program in another folder; the same file may be written relative to either. */
function sameProgram({ workspace, path }: ExecPattern, word: string, { argv: [program = ''], cwd }: Exec): boolean {
  if (!/[\\/]/.test(word) || !/[\\/]/.test(program)) return word === program;
  return path.resolve(workspace, word) === path.resolve(cwd, program);
}

function isWild(word: { readonly text: string; readonly quoted: boolean } | undefined, star: string): boolean {
  return word !== undefined && !word.quoted && word.text === star;
}
