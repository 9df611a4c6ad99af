import type { Json } from '../shared/json.ts';
import type { Tool } from '../tools/tool.ts';

interface Check {
  /** When it last looked at something, on the clock of calls. */
  readonly at: number;
  readonly problem?: string;
}

/**
 * Which steps may stand as evidence that a task is done. A check is code that looked at something (ran a program, read, fetched) and ended without an
 * error or a failed program, after the last change of the run. What it proves is for the person to judge; that it ran and passed is a fact.
 */
export class Evidence {
  #clock = 0;
  #lastChange = 0;
  readonly #checks = new Map<string, Check>();

  /** Something of the workspace or the world was changed. */
  changed(): void {
    this.#lastChange = ++this.#clock;
  }

  /** Counts up with each change and each piece of code. */
  get activity(): number {
    return this.#clock;
  }

  /** Watches the calls of one piece of code. */
  watch(step: string): { readonly saw: (tool: Tool, output: Json) => void; readonly ended: (failed: boolean) => void } {
    this.#clock += 1;
    let looked = 0;
    let failedProgram: string | undefined;
    return {
      saw: (tool, output) => {
        // What a model says is no look at anything.
        if (tool.kind === 'model') return;
        if (tool.name === 'exec.run') {
          looked = ++this.#clock;
          const { exitCode } = output as { readonly exitCode?: Json };
          if (exitCode !== 0) failedProgram = `a program ended with ${exitCode === null ? 'a signal' : `exit code ${JSON.stringify(exitCode)}`}`;
        } else if (tool.effects.readOnly || tool.kind === 'browser' || tool.kind === 'http') looked = ++this.#clock;
        else this.changed();
      },
      ended: (failed) => {
        const problem = failed ? 'it failed' : looked === 0 ? 'it looked at nothing' : failedProgram;
        this.#checks.set(step, { at: looked, ...(problem === undefined ? {} : { problem }) });
      },
    };
  }

  /** Why a step is no evidence now; `undefined` where it is. */
  problemOf(step: string): string | undefined {
    const check = this.#checks.get(step);
    if (check === undefined) return 'it is not a run_code step of this task';
    if (check.problem !== undefined) return check.problem;
    return check.at < this.#lastChange ? 'something was changed after it' : undefined;
  }
}
