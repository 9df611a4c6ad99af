import { bootSource } from './guest/boot.ts';
import type { CreateEngine, Engine } from './engine.ts';
import { parseGuestError } from './guest-error.ts';
import { Guest } from './guest.ts';
import { HeartbeatWriter } from './heartbeat.ts';
import type { Restored } from './memory-image.ts';
import { loadModule, resolveModule } from './module-names.ts';
import type { FromWorker, GuestSpec, ToWorker } from './protocol.ts';

/** The place in a worker where guests live, one after the other, in an engine that is put back between them. */
export class GuestCell {
  readonly #spec: GuestSpec;
  readonly #createEngine: CreateEngine;
  readonly #post: (message: FromWorker) => void;
  readonly #isAwaited: () => boolean;
  readonly #heartbeat: HeartbeatWriter;
  readonly #prelude: ReadonlyMap<string, string>;
  #modules: ReadonlyMap<string, string>;
  #engine: Engine | undefined;
  #guest: Guest | undefined;
  #bootFailure: string | undefined;

  constructor(spec: GuestSpec, createEngine: CreateEngine, post: (message: FromWorker) => void, heartbeat: SharedArrayBuffer, isAwaited: () => boolean = () => false) {
    this.#spec = spec;
    this.#createEngine = createEngine;
    this.#post = post;
    this.#heartbeat = new HeartbeatWriter(heartbeat);
    this.#isAwaited = isAwaited;
    this.#prelude = new Map(spec.prelude);
    this.#modules = this.#prelude;
  }

  /** Makes an engine in which the boot code and the prelude have run. */
  async prepare(): Promise<void> {
    try {
      const engine = await this.#createEngine({
        ...this.#spec,
        interrupt: () => this.#guest?.interrupt() ?? false,
        send: (operation, id, text, more) => (this.#guest === undefined ? this.#hearBoot(operation, text) : this.#guest.hear(operation, id, text, more)),
        resolveModule: (importer, specifier) => resolveModule(importer, specifier, this.#modules),
        loadModule: (name) => loadModule(name, this.#modules),
      }, bootSource);
      engine.deliver('boot', 0, '');
      engine.deliver('prelude', 0, JSON.stringify([...this.#prelude.keys()]));
      if (this.#bootFailure !== undefined) throw new Error(this.#bootFailure);
      engine.keep();
      this.#engine = engine;
      this.#post({ type: 'prepared' });
    } catch (error) {
      this.#post({ type: 'unprepared', message: error instanceof Error ? error.message : String(error) });
    }
  }

  /** What is said before there is a program: only that the boot code, or a module of the prelude, has failed. */
  #hearBoot(operation: string, text: string): undefined {
    if (operation === 'threw') this.#bootFailure ??= parseGuestError(text).message;
  }

  /** Nothing goes on in here before the next message: no timer runs, and no engine is being made. */
  get waitsForMessage(): boolean {
    return this.#guest === undefined ? this.#engine !== undefined : this.#guest.waitsForAnswers;
  }

  get hasGuest(): boolean {
    return this.#guest !== undefined;
  }

  hear(message: ToWorker): void {
    switch (message.type) {
      case 'run':
        this.#start(message);
        break;
      case 'answers':
        this.#guest?.answer(message.count, message.id, message.json);
        break;
      case 'stop':
        this.#guest?.stop();
        break;
      case 'park':
        this.#park();
    }
  }

  #start({ program, limits, parked }: Extract<ToWorker, { type: 'run' }>): void {
    const engine = this.#engine;
    if (engine === undefined || this.#guest !== undefined) return;
    this.#modules = new Map([...this.#prelude, ...program.modules]);
    this.#guest = new Guest({
      engine, program, limits, heartbeat: this.#heartbeat, memoryBytes: this.#spec.memoryBytes, post: this.#post, isAwaited: this.#isAwaited,
      release: (clean) => this.#release(engine, clean),
      drop: () => this.#drop(engine),
      ...(parked === undefined ? {} : { counts: parked }),
    });
    if (parked === undefined) this.#guest.start();
    else this.#guest.resume(parked);
  }

  #park(): void {
    const guest = this.#guest?.park();
    if (guest === undefined) {
      this.#post({ type: 'unparked' });
      return;
    }
    const engine = this.#engine!;
    const restored = this.#release(engine, true);
    this.#post({ type: 'parked', guest });
    if (restored === undefined) this.#drop(engine);
  }

  /** Answers and timers of the program that was find nobody from here on. */
  #release(engine: Engine, clean: boolean): Restored | undefined {
    this.#guest = undefined;
    this.#modules = this.#prelude;
    return clean ? engine.restore() : undefined;
  }

  #drop(engine: Engine): void {
    this.#engine = undefined;
    this.#post({ type: 'dropped', wipedBytes: engine.wipe() });
    void this.prepare();
  }
}
