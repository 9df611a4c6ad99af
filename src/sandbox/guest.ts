import { randomBytes, randomUUID } from 'node:crypto';
import { cpuIsMeasured, CpuMeter } from './cpu-clock.ts';
import { EngineStop, type Delivery, type Engine } from './engine.ts';
import { littleGrowthBytes } from './engine-memory.ts';
import { limitOfError, parseGuestError } from './guest-error.ts';
import { changeUrl, parseUrl } from './guest-url.ts';
import type { HeartbeatWriter } from './heartbeat.ts';
import type { LimitName } from './limits.ts';
import type { Restored } from './memory-image.ts';
import { Outbox } from './outbox.ts';
import type { FromWorker, GuestCounts, GuestEnd, ParkedGuest, ProgramMessage } from './protocol.ts';
import { randomSeed, standingSeed } from './random-seed.ts';
import type { SandboxLimits } from './sandbox.ts';

/** What one line on the console costs on top of its text: each becomes an event of its own. */
const lineCost = 64;
/** Brackets, commas and the number of a call, which do not count as what it hands over. */
const callFrame = 32;
/** To ask the system for CPU time at every interrupt, four times a millisecond, or twice for each call, would be a tenth of all time. */
const beatMs = 1;
/** So often is a program told to end before it is said that it does not. */
const maxOverruns = 3;

export interface GuestOptions {
  readonly engine: Engine;
  readonly memoryBytes: number;
  readonly program: ProgramMessage;
  readonly limits: SandboxLimits;
  readonly heartbeat: HeartbeatWriter;
  readonly post: (message: FromWorker) => void;
  readonly isAwaited: () => boolean;
  /** Of a guest that was parked. */
  readonly counts?: GuestCounts;
  /** Called at its end, once its engine has come to rest: puts the engine back if it can. */
  readonly release: (clean: boolean) => Restored | undefined;
  /** Called last, where the engine could not be put back. */
  readonly drop: () => void;
}

/** One program in an engine, from its start to its end. */
export class Guest {
  readonly #options: GuestOptions;
  readonly #outbox: Outbox;
  readonly #timers = new Map<number, NodeJS.Timeout>();
  readonly #cpu: CpuMeter;
  /** When CPU time is asked for again, by `performance.now`. */
  #readingDue = 0;
  readonly #heartbeat: HeartbeatWriter;
  readonly #memoryBytesBefore: number;
  #end: GuestEnd | undefined;
  #clean = true;
  #reported = false;
  #overruns = 0;
  #calls: number;
  #callsUnderWay: number;
  #consoleBytes: number;

  constructor(options: GuestOptions) {
    this.#options = options;
    this.#memoryBytesBefore = options.engine.memoryBytes;
    this.#heartbeat = options.heartbeat;
    this.#outbox = new Outbox(options.post, options.isAwaited);
    const { calls = 0, callsUnderWay = 0, consoleBytes = 0, cpuMs = 0 } = options.counts ?? {};
    this.#calls = calls;
    this.#callsUnderWay = callsUnderWay;
    this.#consoleBytes = consoleBytes;
    this.#cpu = new CpuMeter(cpuMs);
    this.#readingDue = performance.now() + beatMs;
    // From here on silence is this guest's own: it may have been in another thread before.
    this.#tell();
  }

  start(): void {
    const { program, limits } = this.#options;
    const isReal = program.random === 'real';
    const settings = {
      entry: program.entry, call: program.call, frozenAt: program.clock === 'frozen' ? (program.frozenAt ?? Date.now()) : null,
      isReal, seed: isReal ? randomSeed() : (program.seed ?? standingSeed),
      maxCalls: limits.hostCallsInFlight, maxCharacters: limits.outputBytes,
    };
    this.#turn('run', 0, `${JSON.stringify(settings).slice(0, -1)},"args":${program.args}}`);
  }

  /** Goes on where it was parked. */
  resume({ memory }: ParkedGuest): void {
    try {
      this.#options.engine.resume(memory);
    } catch (error) {
      this.#clean = false;
      this.#end = this.#endOf(error);
      this.#finish();
    }
  }

  /** `id` is that of the call where there is one only. */
  answer(count: number, id: number, json: string): void {
    this.#callsUnderWay -= count;
    this.#turn('answers', id, json);
  }

  /** Nothing but an answer can make it go on. */
  get waitsForAnswers(): boolean {
    return this.#end === undefined && this.#callsUnderWay > 0 && this.#timers.size === 0;
  }

  /** Ends a guest that waits; one that computes is ended by its next `interrupt`. */
  stop(): void {
    if (this.#end !== undefined) return;
    this.#end = { how: 'stopped' };
    this.#finish();
  }

  /** The guest as it can be moved; afterwards it is no longer here. `undefined` unless it waits for nothing but answers. */
  park(): ParkedGuest | undefined {
    if (!this.waitsForAnswers) return undefined;
    const memory = this.#options.engine.park();
    if (memory === undefined) return undefined;
    return { memory, calls: this.#calls, callsUnderWay: this.#callsUnderWay, consoleBytes: this.#consoleBytes, cpuMs: this.#cpu.read() };
  }

  /** Lets the guest compute until it waits, and sees what has become of it. */
  #turn(operation: Delivery, id: number, text: string): void {
    const { engine } = this.#options;
    if (this.#end !== undefined) return;
    this.#cpu.skip();
    this.#heartbeat.beat(engine.memoryBytes);
    try {
      engine.deliver(operation, id, text);
      this.#rest(engine);
    } catch (error) {
      // An engine that stopped is as sound as one that came to rest; anything else flew through it and left it in pieces.
      if (!(error instanceof EngineStop) || error.reason === 'crashed') this.#clean = false;
      this.#end ??= this.#endOf(error);
    }
    // Ahead of the measuring: the host carries out what was said meanwhile.
    this.#outbox.flush();
    // One that only ever computes for a moment at a time adds up to something, too.
    if (this.#end === undefined && (!cpuIsMeasured || performance.now() >= this.#readingDue)) this.#measure();
    if (this.#end !== undefined) this.#finish();
  }

  /** The guest has nothing left to do by itself. Without an end, a call or a timer it never will have. */
  #rest(engine: Engine): void {
    if (this.#callsUnderWay === 0 && this.#timers.size === 0) this.#end ??= { how: 'stalled' };
    if (this.#end?.how === 'done' || this.#end?.how === 'stalled') engine.reportRejections();
  }

  #endOf(error: unknown): GuestEnd {
    const reason = error instanceof EngineStop ? error.reason : 'crashed';
    if (reason === 'memory' || this.#exhausted) return { how: 'limit', limit: 'memoryBytes' };
    if (reason === 'stack') return { how: 'limit', limit: 'stackBytes' };
    return { how: 'crashed', message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }

  /** The guest's memory has grown to all that it may have. */
  get #exhausted(): boolean {
    return this.#options.engine.memoryBytes >= this.#options.memoryBytes;
  }

  #finish(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    // Whoever was told already ends the thread: nothing more is said.
    if (this.#reported) return;
    this.#outbox.flush();
    const { engine, release, drop } = this.#options;
    const { memoryBytes } = engine;
    const cpuMs = this.#cpu.read();
    this.#tell();
    // Where putting back takes milliseconds, whoever waits for the result gets it first.
    const isAhead = memoryBytes - this.#memoryBytesBefore > littleGrowthBytes;
    if (isAhead) this.#report(memoryBytes, cpuMs);
    const restored = release(this.#clean);
    if (!isAhead) this.#report(memoryBytes, cpuMs, restored);
    if (restored === undefined) drop();
    else if (isAhead) this.#options.post({ type: 'restored', restored });
  }

  #report(memoryBytes: number, cpuMs: number, restored?: Restored): void {
    if (this.#reported || this.#end === undefined) return;
    this.#reported = true;
    this.#options.post({
      type: 'ended', end: this.#end, clean: this.#clean, memoryBytes,
      ...(cpuIsMeasured ? { cpuMs } : {}), ...(restored === undefined ? {} : { restored }),
    });
  }

  /** Asks for the CPU time and holds it against its limit. */
  #measure(): void {
    const cpuMs = this.#cpu.read();
    this.#readingDue = performance.now() + beatMs;
    this.#tell();
    if (cpuMs > this.#options.limits.cpuMs) this.#hit('cpuMs');
  }

  /** Gives a sign of life, with what was last read. */
  #tell(): void {
    this.#heartbeat.tell(this.#cpu.usedMs, this.#cpu.threadMs);
    this.#heartbeat.beat(this.#options.engine.memoryBytes);
  }

  interrupt(): boolean {
    if (this.#end !== undefined) {
      // It was told to end and goes on: one of the engines lets a program catch that in an async function.
      if (++this.#overruns > maxOverruns) {
        this.#clean = false;
        this.#report(this.#options.engine.memoryBytes, this.#cpu.read());
      }
      return true;
    }
    if (this.#heartbeat.mustStop) this.#end = { how: 'stopped' };
    else if (performance.now() >= this.#readingDue) {
      this.#outbox.flushIfLate();
      this.#measure();
    }
    return this.#end !== undefined;
  }

  /** A limit that is hit ends the run, even if the guest goes on for a moment: it cannot catch it. */
  #hit(limit: LimitName): undefined {
    this.#end ??= { how: 'limit', limit };
  }

  /** What the boot code says. Nothing in here may throw: a host exception would cross the engine. */
  hear(operation: string, id: number, text: string, more: string): string | undefined {
    // After the end only the console is still heard: it may tell why nothing came of the rest.
    if (this.#end !== undefined && operation !== 'console') return undefined;
    const { limits, program } = this.#options;
    switch (operation) {
      case 'call':
        if (++this.#calls > limits.hostCalls) return this.#hit('hostCalls');
        if (++this.#callsUnderWay > limits.hostCallsInFlight) return this.#hit('hostCallsInFlight');
        if (Buffer.byteLength(text) - callFrame > limits.outputBytes) return this.#hit('outputBytes');
        this.#outbox.call(text);
        return undefined;
      case 'console':
        this.#consoleBytes += Buffer.byteLength(more) + lineCost;
        if (this.#consoleBytes > limits.consoleBytes) return this.#hit('consoleBytes');
        this.#outbox.line(text, more);
        return undefined;
      case 'timer':
        this.#timers.set(id, setTimeout(() => {
          this.#timers.delete(id);
          this.#turn('timer', id, '');
        }, Number(text)));
        return undefined;
      case 'timer-stop':
        clearTimeout(this.#timers.get(id));
        this.#timers.delete(id);
        return undefined;
      case 'url':
        return parseUrl(text, id === 0 ? undefined : more);
      case 'url-set':
        return changeUrl(text, more);
      case 'random-uuid':
        return program.random === 'real' ? randomUUID() : undefined;
      case 'random-bytes':
        return program.random === 'real' ? randomBytes(Math.min(id, 65536)).toString('hex') : undefined;
      case 'done':
        if (Buffer.byteLength(text) > limits.outputBytes) return this.#hit('outputBytes');
        this.#end = { how: 'done', json: text, unanswered: id };
        return undefined;
      case 'invalid':
        this.#end = { how: 'invalid', found: text };
        return undefined;
      case 'threw': {
        const error = parseGuestError(text);
        const limit = limitOfError(error, this.#exhausted);
        if (limit !== undefined) return this.#hit(limit);
        this.#end = { how: 'threw', error };
        return undefined;
      }
      default:
        return undefined;
    }
  }
}
