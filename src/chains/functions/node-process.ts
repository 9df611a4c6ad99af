import { fork, type ChildProcess } from 'node:child_process';
import * as z from 'zod';
import { cleanEnvironment } from '../../mcp/clean-environment.ts';
import type { Destruction, Leasable, LeaseHandle } from '../../run/lease.ts';
import { processStart, type ProcessIdentity } from '../../run/process-identity.ts';
import { endProcessGroup } from '../../run/process-tree.ts';
import { AssassinError } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';

export interface NodeProcessOptions {
  /** The built program that runs in the process. */
  readonly runner: string;
  readonly dist: string;
  readonly workspace: string;
  readonly lease: LeaseHandle;
  readonly print: (level: 'info' | 'warn', text: string) => void;
}

/** In megabytes: of the JavaScript heap, which is what Node can bound. */
const maxHeap = 256;
/** In characters: what one process may print. */
const maxPrinted = 256 * 1024;

const message = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), json: z.string() }),
  z.object({ ok: z.literal(false), message: z.string(), stack: z.array(z.string()).optional() }),
]);

export type NodeAnswer = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly message: string; readonly stack?: readonly string[] | undefined };

/** A Node process for one call, leading a process group that goes with it. */
export class NodeProcess implements Leasable {
  readonly #child: ChildProcess;
  readonly #identity: ProcessIdentity | undefined;
  #tail = '';

  private constructor(child: ChildProcess, identity: ProcessIdentity | undefined) {
    this.#child = child;
    this.#identity = identity;
  }

  static async start({ runner, dist, workspace, lease, print }: NodeProcessOptions): Promise<NodeProcess> {
    const execArgv = [
      '--permission', `--allow-fs-read=${workspace}`, `--allow-fs-read=${dist}`, `--max-old-space-size=${maxHeap}`, '--no-warnings',
      ...(process.allowedNodeEnvironmentFlags.has('--no-addons') ? ['--no-addons'] : []),
    ];
    const child = fork(runner, [], {
      cwd: workspace, execArgv, detached: process.platform !== 'win32', stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // In the editor the program is Electron, which is Node only when it is told so.
      env: { ...cleanEnvironment((name) => process.env[name]), NO_COLOR: '1', ELECTRON_RUN_AS_NODE: '1' },
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (cause) => reject(new AssassinError('tool-failed', `Node could not be started: ${cause.message}`, { cause })));
    });
    const identity = child.pid === undefined ? undefined : { pid: child.pid, start: (await processStart(child.pid)) ?? '' };
    if (identity) lease.identify({ pid: identity.pid, pidStart: identity.start });
    const started = new NodeProcess(child, identity);
    started.#printing(print);
    return started;
  }

  /** One call; `signal` ends the process. */
  call(request: { readonly file: string; readonly exportName: string; readonly args: readonly Json[]; readonly adapter?: string }, signal: AbortSignal, timeoutMs: number): Promise<NodeAnswer> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        const reason: unknown = signal.reason;
        reject(AssassinError.isInstance(reason) ? reason : new AssassinError('timeout', `The function took longer than ${timeoutMs} ms.`, { hint: 'Raise it with --timeout if the work is meant to take that long.' }));
      };
      if (signal.aborted) onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      this.#child.once('message', (raw) => {
        const parsed = message.safeParse(raw);
        if (!parsed.success) reject(new AssassinError('invalid-output', 'The Node process gave no answer that could be read.'));
        else resolve(parsed.data.ok ? { ok: true, value: JSON.parse(parsed.data.json) as Json } : parsed.data);
      });
      this.#child.once('exit', (code, name) => {
        const memory = /heap out of memory/i.test(this.#tail);
        reject(memory ? new AssassinError('sandbox-limit', `The function needs more than the ${maxHeap} MB of memory that its Node process may have.`, { data: { limit: 'memoryBytes', value: maxHeap * 1_048_576 } })
          : new AssassinError('chain-failed', `The Node process ended with ${name ?? `exit code ${code}`} before the function had answered.`, { hint: 'See what it printed in the log of the run.' }));
      });
      this.#child.send(request, (error) => void (error && reject(new AssassinError('tool-failed', `The Node process could not be asked: ${error.message}`, { cause: error }))));
    });
  }

  #printing(print: NodeProcessOptions['print']): void {
    let room = maxPrinted;
    const streams = [[this.#child.stdout, 'info'], [this.#child.stderr, 'warn']] as const;
    for (const [stream, level] of streams) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#tail = (this.#tail + text).slice(-4096);
        if (room <= 0) return;
        const shown = text.slice(0, room).trimEnd();
        room -= text.length;
        try {
          if (shown !== '') print(level, shown);
        } catch {
          // The run has ended; nobody records any more what the process still prints.
        }
      });
    }
  }

  async destroy(): Promise<Destruction> {
    if (this.#identity === undefined) return { verified: true, how: 'no process was started' };
    const death = await endProcessGroup(this.#identity, { graceMs: 100 });
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.destroy();
    return { verified: death.gone, how: death.how };
  }
}
