import type { Destruction } from '../run/lease.ts';
import { AssassinError } from '../shared/errors.ts';
import type { Json } from '../shared/json.ts';
import { cpuIsMeasured } from './cpu-clock.ts';
import { askToStop, newHeartbeat, readHeartbeat } from './heartbeat.ts';
import { HostCalls } from './host-calls.ts';
import { limitError } from './limits.ts';
import type { Restored } from './memory-image.ts';
import type { FromWorker, GuestEnd } from './protocol.ts';
import { failureOf } from './run-failure.ts';
import type { Sandbox, SandboxHost, SandboxLimits, SandboxProgram, SandboxResult, SandboxUsage } from './sandbox.ts';
import { WallClock } from '../run/wall-clock.ts';
import { Watchdog } from './watchdog.ts';
import type { WorkerPool } from './worker-pool.ts';
import type { WorkerThread } from './worker-thread.ts';

type GuestState = 'waiting' | 'running' | 'stopping' | 'over';

/** What is left of a guest. `foul` is a thread that must not be used again. */
type Remains = { readonly how: 'restored'; readonly restored: Restored } | { readonly how: 'wiped'; readonly bytes: number } | { readonly how: 'foul' };

interface Run {
  readonly program: SandboxProgram;
  readonly host: SandboxHost;
  readonly calls: HostCalls;
  readonly startedAt: number;
  readonly wall: WallClock;
  readonly watchdog: Watchdog;
  readonly over: () => void;
}

const toleratedSilenceMs = 50;
/** A guest that is told to end and does not within this time is ended with its thread. */
const stopMs = 100;
/** Memory that has grown beyond this is given back with its thread: an idle thread collects no garbage. */
const keptBytes = 24 * 1_048_576;

/** A guest in a worker thread, for one program. */
export class LeasedSandbox implements Sandbox {
  readonly #thread: WorkerThread;
  readonly #pool: WorkerPool;
  readonly #limits: SandboxLimits;
  readonly #heartbeat = newHeartbeat();
  readonly #remains = Promise.withResolvers<Remains>();
  readonly #outcome = Promise.withResolvers<SandboxResult>();
  #state: GuestState = 'waiting';
  #run: Run | undefined;
  #wallMs: number | undefined;
  #cpuMs: number | undefined;
  #patience: NodeJS.Timeout | undefined;
  #destruction: Promise<Destruction> | undefined;

  constructor(thread: WorkerThread, pool: WorkerPool, limits: SandboxLimits) {
    this.#thread = thread;
    this.#pool = pool;
    this.#limits = limits;
    this.#outcome.promise.catch(() => undefined);
    thread.attach({ message: (message) => this.#hear(message), lost: (error) => this.#lose(error) });
  }

  get usage(): SandboxUsage {
    const run = this.#run;
    const beat = readHeartbeat(this.#heartbeat);
    const cpuMs = this.#cpuMs;
    return {
      wallMs: this.#wallMs ?? (run === undefined ? 0 : performance.now() - run.startedAt),
      ...(cpuMs === undefined ? {} : { cpuMs }),
      memoryBytes: beat.memoryBytes,
      hostCalls: run?.calls.count ?? 0,
    };
  }

  run(program: SandboxProgram, host: SandboxHost, signal: AbortSignal): Promise<SandboxResult> {
    try {
      this.#start(program, host, signal);
    } catch (error) {
      this.#outcome.reject(error);
    }
    return this.#outcome.promise;
  }

  #start(program: SandboxProgram, host: SandboxHost, signal: AbortSignal): void {
    if (this.#state !== 'waiting' || this.#destruction !== undefined) throw new AssassinError('cancelled', 'A sandbox runs one program, and this one is over.');
    if (signal.aborted) throw cancellation(signal);
    const modules = this.#modulesOf(program);
    const calls = new HostCalls(host, (answers) => this.#thread.post({ type: 'answers', ...answers }));
    const onAbort = () => this.#stop(cancellation(signal));
    signal.addEventListener('abort', onAbort, { once: true });
    const wall = new WallClock(this.#limits.wallMs, () => this.#stop(limitError('wallMs', this.#limits)));
    const watchdog = new Watchdog(this.#thread, this.#heartbeat, this.#limits.cpuMs, () => this.#kill(limitError('cpuMs', this.#limits)));
    const over = () => {
      signal.removeEventListener('abort', onAbort);
      wall[Symbol.dispose]();
      watchdog[Symbol.dispose]();
    };
    this.#run = { program, host, calls, startedAt: performance.now(), wall, watchdog, over };
    this.#state = 'running';
    this.#thread.post({
      type: 'run',
      program: { modules, entry: program.entry, call: program.call, args: JSON.stringify(program.args), clock: program.clock, random: program.random, ...(program.frozenAt === undefined ? {} : { frozenAt: program.frozenAt }) },
      limits: this.#limits,
      heartbeat: this.#heartbeat,
    });
  }

  /** The modules that are not there already. The program's own cannot take the place of those: it would be run with others than it came with. */
  #modulesOf(program: SandboxProgram): readonly (readonly [string, string])[] {
    const prelude = new Map(this.#thread.spec.prelude);
    const modules: (readonly [string, string])[] = [];
    let sourceBytes = 0;
    for (const [name, source] of program.modules) {
      const known = prelude.get(name);
      if (known === source) continue;
      if (known !== undefined) throw new AssassinError('chain-invalid', `A module of the program is named ${name}, as one that every sandbox has.`, { hint: 'Give it another name.' });
      sourceBytes += Buffer.byteLength(name) + Buffer.byteLength(source);
      modules.push([name, source]);
    }
    if (sourceBytes > this.#limits.sourceBytes) throw limitError('sourceBytes', this.#limits);
    return modules;
  }

  pauseWallTime(): Disposable {
    return this.#run?.wall.pause() ?? { [Symbol.dispose]: () => undefined };
  }

  #hear(message: FromWorker): void {
    try {
      this.#handle(message);
    } catch (error) {
      // The host could not take a line: its journal cannot be written, for example. Then the run must not go on.
      if (this.#state === 'running') this.#stop(error);
      else this.#outcome.reject(error);
    }
  }

  #handle(message: FromWorker): void {
    if (message.type === 'dropped') this.#remains.resolve({ how: 'wiped', bytes: message.wipedBytes });
    else if (message.type === 'ended') this.#bury(message);
    const run = this.#run;
    if (run === undefined || this.#state !== 'running') return;
    if (message.type === 'calls') run.calls.start(message);
    else if (message.type === 'console') for (const [level, text] of message.lines) run.host.console(level, text);
    else if (message.type === 'ended') {
      this.#cpuMs = message.cpuMs;
      this.#settle(message.end);
    }
  }

  /** Nothing of it stays, or its thread goes. */
  #bury({ clean, restored, memoryBytes }: Extract<FromWorker, { type: 'ended' }>): void {
    clearTimeout(this.#patience);
    if (restored !== undefined) this.#remains.resolve({ how: 'restored', restored });
    else if (!clean || memoryBytes > keptBytes) this.#endThread();
  }

  /** The guest has come to its own end. */
  #settle(end: GuestEnd): void {
    const { program, host, calls } = this.#run!;
    this.#close('over', new AssassinError('cancelled', 'The chain has ended without waiting for this call.'));
    if (end.how !== 'done') {
      this.#outcome.reject(failureOf(end, { program, limits: this.#limits, engine: this.#thread.spec.engine, failedCall: (id) => calls.failure(id) }));
      return;
    }
    if (end.unanswered > 0) host.console('warn', `The chain did not wait for ${end.unanswered} of its calls; ${end.unanswered === 1 ? 'it was' : 'they were'} stopped.`);
    const value: Json = JSON.parse(end.json);
    this.#outcome.resolve({ value, usage: this.usage });
  }

  /** Ends the run for whoever waits for it at once, and the guest as soon as it listens; one that does not is ended with its thread. */
  #stop(error: unknown): void {
    if (!this.#fail('stopping', error)) return;
    askToStop(this.#heartbeat);
    this.#thread.post({ type: 'stop' });
    this.#patience = setTimeout(() => this.#endThread(), stopMs);
    void this.#remains.promise.finally(() => clearTimeout(this.#patience));
  }

  /** Ends the thread in the middle of whatever the guest does. */
  #kill(error: unknown): void {
    if (this.#fail('over', error)) this.#endThread();
  }

  #fail(state: GuestState, error: unknown): boolean {
    if (this.#state !== 'running') return false;
    // What a guest computed since its last sign of life cannot be told: rather no number than one that is too small.
    if (cpuIsMeasured && (this.#run?.watchdog.silentMs ?? 0) < toleratedSilenceMs) this.#cpuMs = readHeartbeat(this.#heartbeat).cpuMs;
    this.#close(state, error);
    this.#outcome.reject(error);
    return true;
  }

  #endThread(): void {
    this.#remains.resolve({ how: 'foul' });
    void this.#thread.end();
  }

  #lose(error: AssassinError): void {
    if (this.#state === 'running') this.#close('over', error);
    this.#remains.resolve({ how: 'foul' });
    this.#outcome.reject(error);
  }

  #close(state: GuestState, reason: unknown): void {
    const run = this.#run;
    this.#state = state;
    if (run === undefined) return;
    this.#wallMs = performance.now() - run.startedAt;
    run.over();
    run.calls.stop(reason);
  }

  destroy(): Promise<Destruction> {
    return (this.#destruction ??= this.#destroy());
  }

  async #destroy(): Promise<Destruction> {
    const { number } = this.#thread;
    if (this.#state === 'waiting' && !this.#thread.ended) {
      this.#pool.giveBack(this.#thread);
      return { verified: true, how: `it never ran a program; worker thread ${number} kept clean` };
    }
    this.#stop(new AssassinError('cancelled', 'The sandbox was destroyed while the chain was running.'));
    const remains = await this.#remains.promise;
    if (remains.how === 'foul') {
      await this.#pool.end(this.#thread);
      this.#pool.replace(this.#thread.spec);
      return { verified: true, how: `worker thread ${number} ended with all of the guest's memory (exit event seen)` };
    }
    this.#pool.giveBack(this.#thread);
    return { verified: true, how: `${howGone(remains)}; worker thread ${number} kept clean` };
  }
}

function howGone(remains: Exclude<Remains, { how: 'foul' }>): string {
  if (remains.how === 'wiped') return `guest memory (${inMebibytes(remains.bytes)}) overwritten and its instance dropped`;
  const { bytes, changedBytes } = remains.restored;
  return `guest memory put back as it was before the program (${inMebibytes(changedBytes)} had changed) and all of it (${inMebibytes(bytes)}) compared`;
}

function inMebibytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}

function cancellation(signal: AbortSignal): AssassinError {
  const reason: unknown = signal.reason;
  return AssassinError.isInstance(reason) ? reason : new AssassinError('cancelled', 'The run was cancelled.', { cause: reason });
}
