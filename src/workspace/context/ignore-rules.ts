import ignore, { type Ignore } from 'ignore';

/** What is never looked into, whatever the workspace says: no text of anybody's lies there, and plenty of it. */
const always = ['.git/', 'node_modules/', '.hg/', '.svn/'];

interface Level {
  readonly folder: string;
  readonly rules: Ignore;
}

/** One for all: it keeps what it has made of its patterns, and is never added to. */
const top: Level = { folder: '', rules: ignore().add(always) };

/** The rules of the `.gitignore` files from the workspace down to one folder. */
export class IgnoreRules {
  readonly #levels: readonly Level[];

  private constructor(levels: readonly Level[]) {
    this.#levels = levels;
  }

  static top(): IgnoreRules {
    return new IgnoreRules([top]);
  }

  /** With the rules of a folder's own file; `folder` is relative with forward slashes, empty for the workspace. */
  with(folder: string, text: string): IgnoreRules {
    return new IgnoreRules([...this.#levels, { folder, rules: ignore().add(text) }]);
  }

  /** `path` is relative to the workspace with forward slashes. A nearer file may take back what one further up has left out. */
  ignores(path: string, isFolder: boolean): boolean {
    let ignored = false;
    for (const { folder, rules } of this.#levels) {
      const below = folder === '' ? path : path.slice(folder.length + 1);
      // Parents were asked before their entries, so only this path itself is of interest.
      const { ignored: leaves, unignored } = rules.test(isFolder ? `${below}/` : below);
      if (leaves) ignored = true;
      else if (unignored) ignored = false;
    }
    return ignored;
  }
}

/** Whether a path fits one of the globs, which are written as in `.gitignore`, with braces on top: `src/**`, `*.{ts,tsx}`. */
export function fitsGlobs(globs: readonly string[], path: string): boolean {
  return ignore().add(globs.flatMap(withoutBraces).filter((glob) => !glob.startsWith('!'))).ignores(path);
}

function withoutBraces(glob: string): readonly string[] {
  const [whole, inside] = /\{([^{}]*)\}/.exec(glob) ?? [];
  if (whole === undefined || inside === undefined) return [glob];
  return inside.split(',').flatMap((part) => withoutBraces(glob.replace(whole, () => part)));
}
