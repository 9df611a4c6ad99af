import type { Destruction } from '../run/lease.ts';
import { AssassinError } from '../shared/errors.ts';
import type { Json } from '../shared/json.ts';
import { cpuIsMeasured } from './cpu-clock.ts';
import { keptBytes } from './engine-memory.ts';
import { HostCalls } from './host-calls.ts';
import { limitError } from './limits.ts';
import type { Restored } from './memory-image.ts';
import type { FromWorker, GuestEnd } from './protocol.ts';
import { failureOf } from './run-failure.ts';
import type { Sandbox, SandboxHost, SandboxLimits, SandboxProgram, SandboxResult, SandboxUsage } from './sandbox.ts';
import { WallClock } from '../run/wall-clock.ts';
import { Seat } from './seat.ts';
import type { WorkerPool } from './worker-pool.ts';
import type { WorkerThread } from './worker-thread.ts';

type GuestState = 'waiting' | 'running' | 'stopping' | 'over';

/** What is left of a guest. `foul` is a thread that must not be used again. */
type Remains =
  | { readonly how: 'restored'; readonly restored: Restored; readonly thread: number }
  | { readonly how: 'wiped'; readonly bytes: number; readonly thread: number }
  | { readonly how: 'parked'; readonly bytes: number }
  | { readonly how: 'foul' };

interface Run {
  readonly program: SandboxProgram;
  readonly host: SandboxHost;
  readonly calls: HostCalls;
  readonly wall: WallClock;
  readonly over: () => void;
}

const neverRan = 'it never came to a worker thread, and had no memory';
const toleratedSilenceMs = 50;
/** A guest that is told to end and does not within this time is ended with its thread. */
const stopMs = 100;

/** A guest in a worker thread, for one program. */
export class LeasedSandbox implements Sandbox {
  readonly #seat: Seat;
  readonly #pool: WorkerPool;
  readonly #limits: SandboxLimits;
  readonly #remains = Promise.withResolvers<Remains>();
  readonly #outcome = Promise.withResolvers<SandboxResult>();
  #state: GuestState = 'waiting';
  #run: Run | undefined;
  #startedAt: number | undefined;
  #wallMs: number | undefined;
  #cpuMs: number | undefined;
  #patience: NodeJS.Timeout | undefined;
  /** The thread, once it was told to end. A guest that says at the same moment that it has ended cannot take that back. */
  #condemned: WorkerThread | undefined;
  #destruction: Promise<Destruction> | undefined;

  constructor(pool: WorkerPool, limits: SandboxLimits) {
    this.#pool = pool;
    this.#limits = limits;
    this.#outcome.promise.catch(() => undefined);
    this.#seat = new Seat({
      pool, size: limits, cpuLimitMs: limits.cpuMs,
      heard: (message) => this.#hear(message),
      lost: (error) => this.#lose(error),
      stuck: () => this.#kill(limitError('cpuMs', limits)),
    });
  }

  get usage(): SandboxUsage {
    const run = this.#run;
    const cpuMs = this.#cpuMs;
    return {
      wallMs: this.#wallMs ?? (this.#startedAt === undefined ? 0 : performance.now() - this.#startedAt),
      ...(cpuMs === undefined ? {} : { cpuMs }),
      memoryBytes: this.#seat.heartbeat.memoryBytes,
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
    const calls = new HostCalls(host, (answers) => this.#seat.answer(answers));
    const onAbort = () => this.#stop(cancellation(signal));
    // Until it has a thread, time is not the program's.
    const wall = new WallClock(this.#limits.wallMs, () => this.#stop(limitError('wallMs', this.#limits)), 'later');
    const over = () => {
      signal.removeEventListener('abort', onAbort);
      wall[Symbol.dispose]();
    };
    this.#run = { program, host, calls, wall, over };
    this.#state = 'running';
    this.#seat.start({
      program: { modules, entry: program.entry, call: program.call, args: JSON.stringify(program.args), clock: program.clock, random: program.random, ...(program.frozenAt === undefined ? {} : { frozenAt: program.frozenAt }), ...(program.seed === undefined ? {} : { seed: program.seed }) },
      limits: this.#limits,
    }, (at) => {
      this.#startedAt = at;
      wall.start();
    });
    signal.addEventListener('abort', onAbort, { once: true });
  }

  /** The modules that are not there already. The program's own cannot take the place of those: it would be run with others than it came with. */
  #modulesOf(program: SandboxProgram): readonly (readonly [string, string])[] {
    const { prelude } = this.#pool;
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

  answerIsNear(): void {
    this.#seat.thread?.answerIsNear();
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
    if (message.type === 'parked' && this.#state !== 'running') {
      clearTimeout(this.#patience);
      this.#remains.resolve({ how: 'parked', bytes: message.guest.memory.bytes.length });
    } else if (message.type === 'restored' && this.#condemned === undefined) this.#cleared(message.restored);
    else if (message.type === 'dropped' && this.#condemned === undefined) this.#remains.resolve({ how: 'wiped', bytes: message.wipedBytes, thread: this.#seat.vacate() });
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

  /** Where it does not say yet that nothing of it stays, its thread says so next, or goes. */
  #bury({ clean, memoryBytes, restored }: Extract<FromWorker, { type: 'ended' }>): void {
    clearTimeout(this.#patience);
    this.#seat.leave();
    if (this.#condemned !== undefined) return;
    if (!clean || memoryBytes > keptBytes) this.#endThread();
    else if (restored !== undefined) this.#cleared(restored);
    else this.#seat.thread?.hold();
  }

  #cleared(restored: Restored): void {
    this.#remains.resolve({ how: 'restored', restored, thread: this.#seat.vacate() });
  }

  /** The guest has come to its own end. */
  #settle(end: GuestEnd): void {
    const { program, host, calls } = this.#run!;
    this.#close('over', () => new AssassinError('cancelled', 'The chain has ended without waiting for this call.'));
    if (end.how !== 'done') {
      this.#outcome.reject(failureOf(end, { program, limits: this.#limits, engine: this.#pool.engine, failedCall: (id) => calls.failure(id) }));
      return;
    }
    if (end.unanswered > 0) host.console('warn', `The chain did not wait for ${end.unanswered} of its calls; ${end.unanswered === 1 ? 'it was' : 'they were'} stopped.`);
    const value: Json = JSON.parse(end.json);
    this.#outcome.resolve({ value, usage: this.usage });
  }

  /** Ends the run for whoever waits for it at once, and the guest as soon as it listens; one that does not is ended with its thread. */
  #stop(error: unknown): void {
    if (!this.#fail('stopping', error)) return;
    const parkedBytes = this.#seat.leave();
    if (parkedBytes !== undefined) {
      this.#remains.resolve({ how: 'parked', bytes: parkedBytes });
      return;
    }
    this.#seat.thread?.heartbeat.askToStop();
    this.#seat.thread?.post({ type: 'stop' });
    this.#patience = setTimeout(() => this.#endThread(), stopMs);
  }

  /** Ends the thread in the middle of whatever the guest does. */
  #kill(error: unknown): void {
    if (!this.#fail('over', error)) return;
    this.#seat.leave();
    this.#endThread();
  }

  #fail(state: GuestState, error: unknown): boolean {
    if (this.#state !== 'running') return false;
    // What a guest computed since its last sign of life cannot be told: rather no number than one that is too small.
    if (cpuIsMeasured && this.#seat.silentMs < toleratedSilenceMs) this.#cpuMs = this.#seat.heartbeat.cpuMs;
    this.#close(state, () => error);
    this.#outcome.reject(error);
    return true;
  }

  #endThread(): void {
    clearTimeout(this.#patience);
    this.#remains.resolve({ how: 'foul' });
    this.#condemned ??= this.#seat.thread;
    void this.#condemned?.end();
  }

  #lose(error: AssassinError): void {
    if (this.#state === 'running') this.#close('over', () => error);
    clearTimeout(this.#patience);
    this.#remains.resolve({ how: 'foul' });
    this.#outcome.reject(error);
  }

  #close(state: GuestState, reason: () => unknown): void {
    const run = this.#run;
    this.#state = state;
    if (run === undefined) return;
    this.#wallMs = this.#startedAt === undefined ? 0 : performance.now() - this.#startedAt;
    run.over();
    run.calls.stop(reason);
  }

  destroy(): Promise<Destruction> {
    return (this.#destruction ??= this.#destroy());
  }

  async #destroy(): Promise<Destruction> {
    if (this.#state === 'waiting') return { verified: true, how: neverRan };
    if (this.#state === 'running') this.#stop(new AssassinError('cancelled', 'The sandbox was destroyed while the chain was running.'));
    const remains = await this.#remains.promise;
    switch (remains.how) {
      case 'restored':
        return { verified: true, how: `guest memory put back as it was before the program (${inMebibytes(remains.restored.changedBytes)} had changed) and all of it (${inMebibytes(remains.restored.bytes)}) compared; worker thread ${remains.thread} kept clean` };
      case 'wiped':
        return { verified: true, how: `guest memory (${inMebibytes(remains.bytes)}) overwritten and its instance dropped; worker thread ${remains.thread} kept clean` };
      case 'parked':
        return { verified: true, how: remains.bytes === 0 ? neverRan : `it waited outside of any worker thread; its memory (${inMebibytes(remains.bytes)}) overwritten` };
      case 'foul': {
        const thread = this.#condemned ?? this.#seat.thread;
        return thread === undefined ? { verified: true, how: neverRan } : this.#endOf(thread);
      }
    }
  }

  async #endOf(thread: WorkerThread): Promise<Destruction> {
    await this.#pool.end(thread);
    this.#pool.replace(thread.spec);
    return { verified: true, how: `worker thread ${thread.number} ended with all of the guest's memory (exit event seen)` };
  }
}

function inMebibytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}

function cancellation(signal: AbortSignal): AssassinError {
  const reason: unknown = signal.reason;
  return AssassinError.isInstance(reason) ? reason : new AssassinError('cancelled', 'The run was cancelled.', { cause: reason });
}
