import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Readable, Writable } from 'node:stream';
import type { Destruction } from '../run/lease.ts';
import { processStart } from '../run/process-identity.ts';
import { endProcessGroup } from '../run/process-tree.ts';
import { makeTemporaryFolderAt } from '../run/temp-dir.ts';
import { AssassinError } from '../shared/errors.ts';
import { launchEnvironment, launchFlags, type LaunchPlan } from './launch-flags.ts';
import { endBrowserGroup } from './linux-death.ts';
import { PipeTransport } from './pipe-transport.ts';
import { endProcessesNaming } from './process-search.ts';

/** Lines of the browser's error output that are kept for an error message. */
const keptLines = 20;

/** Longest wait to be told of the end of a killed process before the process list is looked at all the same. */
const toldMs = 1000;

/** Makes the throwaway folder; fails where it exists, because then it is not ours. */
export async function makeBrowserFolder(folder: string): Promise<void> {
  await makeTemporaryFolderAt(folder);
  await Promise.all(['profile', 'home', 'tmp'].map((part) => mkdir(join(folder, part), { mode: 0o700 })));
}

/** The browser as a process: started, watched, ended. It knows nothing of pages. */
export class BrowserProcess {
  readonly pid: number;
  readonly start: string | undefined;
  readonly transport: PipeTransport;
  /** Resolves with what is known of its end, in words. Never rejects. */
  readonly exited: Promise<string>;
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #lines: string[];

  /** Starts the program in a process group of its own. Throws `browser-failed` where it cannot be started at all. */
  static async launch(plan: LaunchPlan): Promise<BrowserProcess> {
    const child = spawn(plan.browser.path, launchFlags(plan), {
      detached: plan.platform !== 'win32',
      windowsHide: true,
      env: { ...launchEnvironment(plan.folder, process.env, plan.platform), ...plan.screen?.env },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    });
    const failure = await new Promise<Error | undefined>((resolve) => {
      child.once('spawn', () => resolve(undefined));
      // Stays attached: an error event that nobody hears ends the whole host.
      child.on('error', resolve);
    });
    if (failure || child.pid === undefined) {
      throw new AssassinError('browser-failed', `${plan.browser.path} could not be started: ${failure?.message ?? 'no process came of it'}.`, {
        hint: 'Check that this file is a browser for this machine, or name another one.', cause: failure,
      });
    }
    return new BrowserProcess(child, child.pid, await processStart(child.pid), plan.folder);
  }

  private constructor(child: ChildProcess, pid: number, start: string | undefined, folder: string) {
    this.pid = pid;
    this.start = start;
    this.#child = child;
    this.#folder = folder;
    const [, , errors, write, read] = child.stdio as [null, null, Readable, Writable, Readable];
    this.transport = new PipeTransport(write, read);
    this.#lines = keepLines(errors);
    this.exited = new Promise((resolve) => {
      const say = (code: number | null, signal: NodeJS.Signals | null) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`);
      if (child.exitCode !== null || child.signalCode !== null) say(child.exitCode, child.signalCode);
      else child.once('exit', say);
    });
  }

  /** The last lines of its error output, without the complaints about a missing desktop bus that every headless machine gets. */
  get lastWords(): readonly string[] {
    return [...this.#lines];
  }

  /** Ends the group and whatever has left it, and looks whether all are gone. Can be called at any time and again. */
  async end(): Promise<Destruction> {
    this.transport.close();
    if (process.platform === 'linux') return endBrowserGroup({ pid: this.pid, start: this.start, folder: this.#folder });
    await this.#kill();
    const death = await endProcessGroup({ pid: this.pid, start: this.start ?? 'ended at once' }, { already: true });
    const strays = await endProcessesNaming(this.#folder);
    return {
      verified: death.gone && strays.length === 0,
      how: strays.length === 0 ? `${death.how}, and no other process names its folder` : `${death.how}; processes ${strays.join(', ')} still name its folder`,
    };
  }

  /**
   * Kills the group at once and waits for its leader: that is told, while who looks into the process list finds out at his next look. Its number is
   * its own as long as nobody has been told of its end.
   */
  async #kill(): Promise<void> {
    if (process.platform === 'win32' || this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // It has ended just now.
    }
    await Promise.race([this.exited, sleep(toldMs, undefined, { ref: false })]);
  }
}

function keepLines(errors: Readable): string[] {
  const lines: string[] = [];
  createInterface({ input: errors }).on('line', (line) => {
    if (line.trim() === '' || line.includes('dbus/')) return;
    lines.push(line.slice(0, 500));
    if (lines.length > keptLines) lines.shift();
  });
  return lines;
}
