import { Redactor } from '../policy/redact.ts';
import type { RunManager } from '../run/run-manager.ts';
import { AssassinError, describeError } from '../shared/errors.ts';
import { exitCodes } from './exit-codes.ts';

/** What may be at work when the program fails. */
export interface Crashable {
  readonly redactor: Pick<Redactor, 'redact'>;
  readonly runs: Pick<RunManager, 'live' | 'fail'>;
}

export interface CrashesOptions {
  readonly events: Pick<NodeJS.Process, 'on' | 'off'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly note: (text: string) => void;
  /** Once everything is recorded and destroyed, or nothing was at work. */
  readonly exitNow: (code: number) => void;
}

/** Longest that runs may take to end after a failure of the program. */
const endMs = 20_000;
const secretVariable = /^ASSASSIN_(SECRET|INPUT)_|token|secret|passw|api_?key|auth|credential|private|(^|_)(pat|pwd|key)$/i;

/**
 * The last to hear of an error that nobody has handled, also of promises: it is told without the secrets that it quotes, the runs that go on end as failed with
 * everything destroyed, and the program ends with the exit code for that.
 */
export class Crashes implements Disposable {
  readonly #options: CrashesOptions;
  readonly #redactor = new Redactor();
  readonly #working = new Set<Crashable>();
  #ending = false;

  constructor(options: CrashesOptions) {
    this.#options = options;
    this.#redactor.add(Object.entries(options.env).flatMap(([name, value]) => (value !== undefined && secretVariable.test(name) ? [value] : [])));
    options.events.on('uncaughtException', this.#hear);
  }

  /** From now on its runs end when the program fails, and its secrets are known. */
  add(working: Crashable): Disposable {
    this.#working.add(working);
    return { [Symbol.dispose]: () => void this.#working.delete(working) };
  }

  [Symbol.dispose](): void {
    this.#options.events.off('uncaughtException', this.#hear);
  }

  #hear = (error: unknown): void => {
    const { note, exitNow } = this.#options;
    note(`error: The program has failed: ${this.#clean(textOf(error))}`);
    const open = [...this.#working].filter(({ runs }) => runs.live.length > 0);
    if (this.#ending || open.length === 0) return exitNow(exitCodes.failed);
    this.#ending = true;
    note('Its runs are ended, and what they have created is destroyed.');
    const reason = new AssassinError('internal', this.#clean(`The program has failed: ${describeError(error)}`), { hint: 'Report it with the output of the program. What the run had done is in its trace.' });
    for (const { runs } of open) runs.fail(reason);
    // The command that waits for its run reports it and ends the program; this is for one that does not.
    setTimeout(() => exitNow(exitCodes.failed), endMs).unref();
  };

  #clean(text: string): string {
    return [...this.#working].reduce((clean, { redactor }) => redactor.redact(clean), this.#redactor.redact(text));
  }
}

/** With the place where it happened. Never throws. */
function textOf(error: unknown): string {
  try {
    return error instanceof Error && typeof error.stack === 'string' ? error.stack : describeError(error);
  } catch {
    return 'Something was thrown that cannot be read.';
  }
}
