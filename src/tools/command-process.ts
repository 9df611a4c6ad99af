import { spawn, type ChildProcess } from 'node:child_process';
import { cleanEnvironment } from '../mcp/clean-environment.ts';
import type { Destruction, Leasable, LeaseHandle } from '../run/lease.ts';
import { endMarkedProcesses, leaseVariable } from '../run/marked-processes.ts';
import { processStart, type ProcessIdentity } from '../run/process-identity.ts';
import { endProcessGroup } from '../run/process-tree.ts';
import { AssassinError } from '../shared/errors.ts';
import { HeldFolder } from '../workspace/held-folder.ts';
import { CommandOutput } from './command-output.ts';

/** After the exit, what is still in the pipes is read for this long: a program left in the background may hold them open for ever. */
const drainMs = 250;

export interface CommandEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly lease: LeaseHandle;
  /** Beside the clean environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A program as a child process with pipes of ours, without a shell, leading a process group that goes with it. */
export class CommandProcess implements Leasable {
  readonly output: CommandOutput;
  readonly ended: Promise<CommandEnd>;
  readonly #child: ChildProcess;
  readonly #identity: ProcessIdentity | undefined;
  readonly #lease: string;

  private constructor(child: ChildProcess, identity: ProcessIdentity | undefined, lease: string, ended: Promise<CommandEnd>, output: CommandOutput) {
    this.#child = child;
    this.#identity = identity;
    this.#lease = lease;
    this.ended = ended;
    this.output = output;
  }

  /** Throws `tool-failed` where the program cannot be started. */
  static async start(argv: readonly string[], { cwd, lease, env = {} }: CommandOptions): Promise<CommandProcess> {
    const [command = '', ...args] = argv;
    using folder = await HeldFolder.open({ path: cwd, shown: cwd }).catch((error: unknown) => {
      throw AssassinError.isInstance(error) ? error : notStarted(command, new Error('its folder is gone', { cause: error }));
    });
    const options = { cwd: folder.itself, env: { ...cleanEnvironment((name) => process.env[name]), NO_COLOR: '1', ...env, [leaseVariable]: lease.id }, stdio: ['ignore', 'pipe', 'pipe'] as const, windowsHide: true };
    // Windows starts `npm` only through its .cmd file, with quoting of its own; everywhere else no shell comes near the arguments.
    const crossSpawn = process.platform === 'win32' ? (await import('cross-spawn')).default : undefined;
    lease.signal.throwIfAborted();
    const child: ChildProcess = crossSpawn?.(command, args, { ...options, stdio: [...options.stdio] }) ?? spawn(command, args, { ...options, stdio: [...options.stdio], detached: true });
    const output = new CommandOutput();
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => output.add(chunk));
    const ended = endOf(child);
    ended.catch(() => undefined);
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error) => reject(notStarted(command, error)));
    });
    const identity = child.pid === undefined ? undefined : { pid: child.pid, start: (await processStart(child.pid)) ?? '' };
    if (identity !== undefined) lease.identify({ pid: identity.pid, pidStart: identity.start });
    return new CommandProcess(child, identity, lease.id, ended, output);
  }

  async destroy(): Promise<Destruction> {
    if (this.#identity === undefined) return { verified: true, how: 'no process was started' };
    const death = await endProcessGroup(this.#identity);
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.destroy();
    const left = await endMarkedProcesses(this.#lease);
    return { verified: death.gone && left.length === 0, how: left.length === 0 ? death.how : `${death.how}; outside of it ${left.join(', ')} cannot be ended` };
  }
}

function endOf(child: ChildProcess): Promise<CommandEnd> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (exitCode, signal) => {
      const timer = setTimeout(() => resolve({ exitCode, signal }), drainMs);
      child.once('close', () => {
        clearTimeout(timer);
        resolve({ exitCode, signal });
      });
    });
  });
}

function notStarted(command: string, cause: Error): AssassinError {
  const missing = 'code' in cause && cause.code === 'ENOENT';
  return new AssassinError('tool-failed', missing ? `There is no program "${command}".` : `"${command}" could not be started: ${cause.message}`, {
    hint: missing ? 'Give a program that is on the PATH, and its arguments as separate items: no shell reads them.' : 'Check the rights of the program and the folder.', cause, data: { tool: 'exec.run' },
  });
}
