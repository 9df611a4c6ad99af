import { fitsGlobs } from './context/ignore-rules.ts';

/** A file in which people wrote down how agents should work in their project. */
export interface InstructionFile {
  readonly path: string;
  /** Rules with conditions say in their head when they hold; the others hold always where they lie. */
  readonly conditional: boolean;
}

/** In these names they lie in any folder, and hold for what is below it. */
const nested = ['AGENTS.md', 'CLAUDE.md'];
const atTop = ['.github/copilot-instructions.md', '.cursorrules'];
const ruleFolders = [/^\.github\/instructions\/.*\.instructions\.md$/, /(?:^|\/)\.cursor\/rules\/.*\.mdc?$/];

/**
 * The instructions among the files of a workspace that may hold for work on `touched` files: from the top down to the nearest, so that the nearest
 * are read last and win. With no files known, only those at the top.
 */
export function instructionFiles(files: readonly string[], touched: readonly string[]): readonly InstructionFile[] {
  const folders = new Set(['', ...touched.flatMap(parents)]);
  const holds = (path: string) => nested.some((name) => path === name || path.endsWith(`/${name}`)) && folders.has(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
  const depth = (path: string) => path.split('/').length;
  const always = files.filter((path) => atTop.includes(path) || holds(path)).sort((a, b) => rank(a) - rank(b) || depth(a) - depth(b) || (a < b ? -1 : 1));
  const rules = files.filter((path) => ruleFolders.some((pattern) => pattern.test(path))).sort();
  return [...always.map((path) => ({ path, conditional: false })), ...rules.map((path) => ({ path, conditional: true }))];
}

/** What is written for all agents goes before what is written for one of them; nearer ones follow. */
function rank(path: string): number {
  return path.includes('/') && !atTop.includes(path) ? 2 : atTop.includes(path) ? 1 : 0;
}

function parents(path: string): readonly string[] {
  const found: string[] = [];
  for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) found.push(path.slice(0, at));
  return found;
}

export interface Rule {
  readonly text: string;
  readonly description?: string;
  /** Files it is for, as in `.gitignore`; none: it is for whoever finds that its description fits. */
  readonly globs: readonly string[];
  readonly always: boolean;
}

/** Reads the head of a rule: `alwaysApply`, `globs` and `description` of Cursor's, `applyTo` of Copilot's. A rule without a head holds always. */
export function parseRule(text: string): Rule {
  const head = /^\ufeff?---\r?\n([\s\S]*?)\r?\n---(?:\r?\n|$)/.exec(text);
  if (head === null) return { text, globs: [], always: true };
  const fields = new Map<string, string>();
  let last = '';
  for (const line of (head[1] ?? '').split(/\r?\n/)) {
    const [, key, value] = /^([A-Za-z]+)\s*:\s*(.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) fields.set((last = key), value.trim());
    // Globs are also written as a list below their name.
    else if (last !== '' && /^\s*-\s+/.test(line)) fields.set(last, [fields.get(last), line.replace(/^\s*-\s+/, '').trim()].filter(Boolean).join(','));
  }
  const globs = splitGlobs(fields.get('globs') || fields.get('applyTo') || '');
  const description = plain(fields.get('description') ?? '');
  const everything = globs.some((glob) => glob === '**' || glob === '**/*' || glob === '*');
  return { text: text.slice(head[0].length), globs, always: fields.get('alwaysApply') === 'true' || everything, ...(description === '' ? {} : { description }) };
}

/** Whether a rule is sent with its text. Otherwise the model is told that there is such a rule, and may read it. */
export function holdsFor({ always, globs }: Rule, touched: readonly string[]): boolean {
  return always || (globs.length > 0 && touched.some((path) => fitsGlobs(globs, path)));
}

/** A comma inside of braces parts nothing. */
function splitGlobs(value: string): readonly string[] {
  const list = value.startsWith('[') && value.endsWith(']') ? value.slice(1, -1) : value;
  return list.split(/,(?![^{]*\})/).map((glob) => plain(glob.trim())).filter((glob) => glob !== '');
}

function plain(value: string): string {
  return /^(["']).*\1$/.test(value) ? value.slice(1, -1) : value;
}
