/** Files in which people write down how agents should work in their project, in the order in which they are read. */
export const instructionFiles = ['AGENTS.md', 'CLAUDE.md', '.github/copilot-instructions.md', '.cursorrules'] as const;
/** Each file in it is one rule. */
export const instructionFolder = '.cursor/rules';

export interface ContextFile {
  readonly path: string;
  readonly text: string;
}

export interface ChosenFile extends ContextFile {
  /** In characters; more than `text.length` where it was cut. */
  readonly whole: number;
}

/** Fits files into a budget of characters, in their order, the same content once. What is cut says so through `whole`. */
export function fitFiles(files: readonly ContextFile[], budget: { readonly total: number; readonly each: number }): readonly ChosenFile[] {
  const seen = new Set<string>();
  const chosen: ChosenFile[] = [];
  let left = budget.total;
  for (const { path, text } of files) {
    // CLAUDE.md is often the same text as AGENTS.md, or a link to it.
    const key = text.trim();
    if (key === '' || seen.has(key) || left <= 0) continue;
    seen.add(key);
    const part = text.slice(0, Math.min(budget.each, left));
    left -= part.length;
    chosen.push({ path, text: part, whole: text.length });
  }
  return chosen;
}

/** Paths that a person names with `@` in a task, each once: `@src/a.ts`, `@"with space.md"`. */
export function mentionsIn(task: string): readonly string[] {
  const found = [...task.matchAll(/(?:^|[\s(])@(?:"([^"\n]+)"|([\w./\\-]*[\w/\\-]))/g)].map((match) => match[1] ?? match[2] ?? '');
  return [...new Set(found.filter((path) => path !== ''))];
}
