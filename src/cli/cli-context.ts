import type { Crashes } from './crashes.ts';
import type { Terminal } from './terminal.ts';

/** What every command gets. Nothing below it reads the process: tests build their own. */
export interface CliContext {
  readonly terminal: Terminal;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** The folder of the built files. */
  readonly distDirectory: URL;
  /** Who ends the runs of a program that fails; absent where nobody does. */
  readonly crashes?: Crashes;
  /** The command decides how the program ends; the last call counts. */
  readonly exit: (code: number) => void;
}

/** Flags that every command takes. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly workspace?: string;
  readonly dataDir?: string;
  /** An OpenAI-compatible server, where the command takes one. */
  readonly endpoint?: string;
  /** Limits of all runs, where the command starts some. */
  readonly budgetPerDay?: readonly string[];
  readonly budgetPerWorkspace?: readonly string[];
}
