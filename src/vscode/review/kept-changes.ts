import type * as vscode from 'vscode';

/** Runs of which it is remembered what was kept; older ones can be reviewed again from the start. */
const runsRemembered = 100;
const memoryKey = 'keptChanges';

/** Which changes of which runs the person has accepted. Only a note for the review: a change that is kept is simply not put back. */
export class KeptChanges {
  readonly #memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  has(run: string, path: string, hunk: number): boolean {
    return this.#all()[run]?.includes(keyOf(path, hunk)) === true;
  }

  async add(run: string, path: string, hunks: readonly number[]): Promise<void> {
    const { [run]: before = [], ...others } = this.#all();
    const kept = [...new Set([...before, ...hunks.map((hunk) => keyOf(path, hunk))])];
    const entries = [...Object.entries(others), [run, kept] as const].slice(-runsRemembered);
    await this.#memory.update(memoryKey, Object.fromEntries(entries));
  }

  #all(): Readonly<Record<string, readonly string[]>> {
    return this.#memory.get<Readonly<Record<string, readonly string[]>>>(memoryKey, {});
  }
}

/** 0 stands for the file as a whole. */
function keyOf(path: string, hunk: number): string {
  return `${hunk} ${path}`;
}
