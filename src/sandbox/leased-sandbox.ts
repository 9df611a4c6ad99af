import type { Destruction } from '../run/lease.ts';
import { AssassinError } from '../shared/errors.ts';
import type { Json } from '../shared/json.ts';
import { cpuIsMeasured } from './cpu-clock.ts';
import { newHeartbeat, readHeartbeat } from './heartbeat.ts';
import { HostCalls } from './host-calls.ts';
import { limitError, type LimitName } from './limits.ts';
import type { FromWorker, GuestEnd } from './protocol.ts';
import { failureOf } from './run-failure.ts';
import type { Sandbox, SandboxHost, SandboxLimits, SandboxProgram, SandboxResult, SandboxUsage } from './sandbox.ts';
import { Watchdog } from './watchdog.ts';
import type { WorkerPool } from './worker-pool.ts';
import type { WorkerThread } from './worker-thread.ts';

/** What has become of the guest. `foul` is a thread that must not be used again. */
type GuestState = 'waiting' | 'running' | 'dropping' | 'dropped' | 'foul';

const toleratedSilenceMs = 50;

/** A guest in a worker thread, for one program. */
export class LeasedSandbox implements Sandbox {
  readonly #thread: WorkerThread;
  readonly #pool: WorkerPool;
  readonly #limits: SandboxLimits;
  readonly #heartbeat = newHeartbeat();
  readonly #dropped = Promise.withResolvers<number>();
  readonly #outcome = Promise.withResolvers<SandboxResult>();
  #state: GuestState = 'waiting';
  #run: { readonly program: SandboxProgram; readonly host: SandboxHost; readonly calls: HostCalls; readonly startedAt: number; readonly watchdog: Watchdog; readonly over: () => void } | undefined;
  #wallMs: number | undefined;
  #cpuMs: number | undefined;
  #destruction: Promise<Destruction> | undefined;

  constructor(thread: WorkerThread, pool: WorkerPool, limits: SandboxLimits) {
    this.#thread = thread;
    this.#pool = pool;
    this.#limits = limits;
    this.#dropped.promise.catch(() => undefined);
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
    let sourceBytes = 0;
    for (const [name, source] of program.modules) sourceBytes += Buffer.byteLength(name) + Buffer.byteLength(source);
    if (sourceBytes > this.#limits.sourceBytes) throw limitError('sourceBytes', this.#limits);
    const calls = new HostCalls(host, (answers) => this.#thread.post({ type: 'answers', answers }));
    const onAbort = () => this.#kill(cancellation(signal));
    signal.addEventListener('abort', onAbort, { once: true });
    const wall = setTimeout(() => this.#killAt('wallMs'), this.#limits.wallMs);
    const watchdog = new Watchdog(this.#thread, this.#heartbeat, this.#limits.cpuMs, () => this.#killAt('cpuMs'));
    const over = () => {
      signal.removeEventListener('abort', onAbort);
      clearTimeout(wall);
      watchdog[Symbol.dispose]();
    };
    this.#run = { program, host, calls, startedAt: performance.now(), watchdog, over };
    this.#state = 'running';
    this.#thread.post({
      type: 'run',
      program: { modules: [...program.modules], entry: program.entry, call: program.call, args: JSON.stringify(program.args), clock: program.clock, random: program.random },
      limits: this.#limits,
      heartbeat: this.#heartbeat,
    });
  }

  #hear(message: FromWorker): void {
    try {
      this.#handle(message);
    } catch (error) {
      // The host could not take a line: its journal cannot be written, for example. Then the run must not go on.
      if (this.#state === 'running') this.#kill(error);
      else this.#outcome.reject(error);
    }
  }

  #handle(message: FromWorker): void {
    const run = this.#run;
    if (message.type === 'dropped') {
      if (this.#state === 'dropping') this.#state = 'dropped';
      this.#dropped.resolve(message.wipedBytes);
    }
    if (run === undefined || this.#state !== 'running') return;
    if (message.type === 'calls') run.calls.start(message.calls);
    else if (message.type === 'console') for (const [level, text] of message.lines) run.host.console(level, text);
    else if (message.type === 'ended') {
      this.#cpuMs = message.cpuMs;
      this.#settle(message.clean ? 'dropping' : 'foul', message.end);
    }
  }

  /** The guest has come to its own end. */
  #settle(state: GuestState, end: GuestEnd): void {
    const { program, host, calls } = this.#run!;
    this.#close(state, new AssassinError('cancelled', 'The chain has ended without waiting for this call.'));
    if (end.how !== 'done') {
      this.#outcome.reject(failureOf(end, { program, limits: this.#limits, engine: this.#thread.spec.engine, failedCall: (id) => calls.failure(id) }));
      return;
    }
    if (end.unanswered > 0) host.console('warn', `The chain did not wait for ${end.unanswered} of its calls; ${end.unanswered === 1 ? 'it was' : 'they were'} stopped.`);
    const value: Json = JSON.parse(end.json);
    this.#outcome.resolve({ value, usage: this.usage });
  }

  #killAt(limit: LimitName): void {
    this.#kill(limitError(limit, this.#limits));
  }

  /** Ends the thread at once, whatever the guest does. */
  #kill(error: unknown): void {
    if (this.#state !== 'running') return;
    // What a guest computed since its last sign of life cannot be told: rather no number than one that is too small.
    if (cpuIsMeasured && (this.#run?.watchdog.silentMs ?? 0) < toleratedSilenceMs) this.#cpuMs = readHeartbeat(this.#heartbeat).cpuMs;
    this.#close('foul', error);
    this.#outcome.reject(error);
    void this.#thread.end();
  }

  #lose(error: AssassinError): void {
    if (this.#state === 'running') this.#close('foul', error);
    else this.#state = 'foul';
    this.#outcome.reject(error);
    this.#dropped.reject(error);
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
    this.#kill(new AssassinError('cancelled', 'The sandbox was destroyed while the chain was running.'));
    const wiped = this.#state === 'dropping' || this.#state === 'dropped' ? await this.#dropped.promise.catch(() => undefined) : undefined;
    if (wiped !== undefined || this.#state === 'waiting') {
      this.#pool.giveBack(this.#thread);
      return {
        verified: true,
        how: wiped === undefined ? `it never ran a program; worker thread ${number} kept clean` : `guest memory (${(wiped / 1_048_576).toFixed(1)} MiB) overwritten and its instance dropped; worker thread ${number} kept clean`,
      };
    }
    await this.#pool.end(this.#thread);
    this.#pool.replace(this.#thread.spec);
    return { verified: true, how: `worker thread ${number} ended with all of the guest's memory (exit event seen)` };
  }
}

function cancellation(signal: AbortSignal): AssassinError {
  const reason: unknown = signal.reason;
  return AssassinError.isInstance(reason) ? reason : new AssassinError('cancelled', 'The run was cancelled.', { cause: reason });
}
