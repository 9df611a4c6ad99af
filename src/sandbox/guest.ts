import { randomBytes, randomUUID } from 'node:crypto';
import { CpuClock, cpuIsMeasured } from './cpu-clock.ts';
import { EngineStop, type CreateEngine, type Engine } from './engine.ts';
import { bootSource } from './guest/boot.ts';
import { limitOfError, parseGuestError } from './guest-error.ts';
import { changeUrl, parseUrl } from './guest-url.ts';
import { HeartbeatWriter } from './heartbeat.ts';
import type { LimitName } from './limits.ts';
import { loadModule, resolveModule } from './module-names.ts';
import { Outbox } from './outbox.ts';
import type { Answer, FromWorker, GuestEnd, GuestSpec, ProgramMessage } from './protocol.ts';
import type { SandboxLimits } from './sandbox.ts';

/** What one line on the console costs on top of its text: each becomes an event of its own. */
const lineCost = 64;

/** What exists only while a program runs. */
interface Run {
  readonly program: ProgramMessage;
  readonly limits: SandboxLimits;
  readonly cpu: CpuClock;
  readonly heartbeat: HeartbeatWriter;
}

/** One guest, made ahead of its program, for one program. Lives in a worker. */
export class Guest {
  readonly #spec: GuestSpec;
  readonly #post: (message: FromWorker) => void;
  readonly #outbox: Outbox;
  readonly #timers = new Map<number, NodeJS.Timeout>();
  #modules: ReadonlyMap<string, string> = new Map();
  #engine: Engine | undefined;
  #run: Run | undefined;
  #end: GuestEnd | undefined;
  #clean = true;
  #reported = false;
  #calls = 0;
  #callsUnderWay = 0;
  #consoleBytes = 0;

  private constructor(spec: GuestSpec, post: (message: FromWorker) => void) {
    this.#spec = spec;
    this.#post = post;
    this.#outbox = new Outbox(post);
  }

  static async prepare(spec: GuestSpec, createEngine: CreateEngine, post: (message: FromWorker) => void): Promise<Guest> {
    const guest = new Guest(spec, post);
    guest.#engine = await createEngine({
      ...spec,
      interrupt: () => guest.#interrupt(),
      send: (operation, id, text, more) => guest.#hear(operation, id, text, more),
      resolveModule: (importer, specifier) => resolveModule(importer, specifier, guest.#modules),
      loadModule: (name) => loadModule(name, guest.#modules),
    }, bootSource);
    return guest;
  }

  start(program: ProgramMessage, limits: SandboxLimits, heartbeat: SharedArrayBuffer): void {
    this.#modules = new Map(program.modules);
    this.#run = { program, limits, cpu: new CpuClock(), heartbeat: new HeartbeatWriter(heartbeat) };
    const settings = {
      entry: program.entry, call: program.call, frozenAt: program.clock === 'frozen' ? Date.now() : null, seeded: program.random === 'seeded',
      maxCalls: limits.hostCallsInFlight, maxCharacters: limits.outputBytes,
    };
    this.#turn('run', 0, `${JSON.stringify(settings).slice(0, -1)},"args":${program.args}}`);
  }

  answer(answers: readonly Answer[]): void {
    for (const { id, ok, json } of answers) {
      this.#callsUnderWay -= 1;
      this.#turn(ok ? 'answer' : 'refusal', id, json);
    }
  }

  /** Lets the guest compute until it waits, and sees what has become of it. */
  #turn(operation: string, id: number, text: string): void {
    // Nothing is delivered before the start: an answer that comes late was meant for the guest before.
    if (this.#run === undefined || this.#end !== undefined || this.#engine === undefined) return;
    this.#beat();
    try {
      this.#engine.deliver(operation, id, text);
      this.#rest(this.#engine);
    } catch (error) {
      this.#clean = false;
      this.#end ??= this.#endOf(error);
    }
    this.#beat();
    this.#outbox.flush();
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
    return (this.#engine?.memoryBytes ?? 0) >= this.#spec.memoryBytes;
  }

  /** Called once the engine has come to rest: its memory can go. */
  #finish(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#report();
    const wipedBytes = this.#engine?.wipe() ?? 0;
    this.#engine = undefined;
    this.#modules = new Map();
    this.#post({ type: 'dropped', wipedBytes });
  }

  #report(): void {
    if (this.#reported || this.#end === undefined) return;
    this.#reported = true;
    const clean = this.#clean && this.#end.how !== 'limit' && this.#end.how !== 'crashed';
    this.#post({
      type: 'ended', end: this.#end, clean, memoryBytes: this.#engine?.memoryBytes ?? 0,
      ...(cpuIsMeasured && this.#run !== undefined ? { cpuMs: this.#run.cpu.elapsed() } : {}),
    });
  }

  #beat(): void {
    this.#run?.heartbeat.beat(this.#run.cpu.elapsed(), this.#engine?.memoryBytes ?? 0);
  }

  #interrupt(): boolean {
    if (this.#run === undefined) return false;
    this.#beat();
    this.#outbox.flushIfLate();
    if (this.#end !== undefined) {
      // It was told to end and goes on: one of the engines lets a program catch that in an async function.
      this.#clean = false;
      this.#report();
      return true;
    }
    if (this.#run.cpu.elapsed() > this.#run.limits.cpuMs) this.#hit('cpuMs');
    return this.#end !== undefined;
  }

  /** A limit that is hit ends the run, even if the guest goes on for a moment: it cannot catch it. */
  #hit(limit: LimitName): undefined {
    this.#end ??= { how: 'limit', limit };
  }

  /** What the boot code says. Nothing in here may throw: a host exception would cross the engine. */
  #hear(operation: string, id: number, text: string, more: string): string | undefined {
    // After the end only the console is still heard: it may tell why nothing came of the rest.
    if (this.#run === undefined || (this.#end !== undefined && operation !== 'console')) return undefined;
    const { limits, program } = this.#run;
    switch (operation) {
      case 'call':
        if (++this.#calls > limits.hostCalls) return this.#hit('hostCalls');
        if (++this.#callsUnderWay > limits.hostCallsInFlight) return this.#hit('hostCallsInFlight');
        if (Buffer.byteLength(text) + Buffer.byteLength(more) > limits.outputBytes) return this.#hit('outputBytes');
        this.#outbox.call({ id, name: text, args: more });
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
