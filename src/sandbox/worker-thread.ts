import { Worker } from 'node:worker_threads';
import { AssassinError } from '../shared/errors.ts';
import { CallsUnderWay } from './calls-under-way.ts';
import { DoorbellButton, newDoorbell, repliesAt } from './doorbell.ts';
import { HeartbeatReader, newHeartbeat } from './heartbeat.ts';
import type { FromWorker, GuestSpec, ToWorker, WorkerData } from './protocol.ts';
import { ReplyBox } from './reply-box.ts';
import { cpuMsOf } from './thread-cpu.ts';

/** 512 KiB of guest stack need this much of V8's: with less, V8 overflows first and the engine is left in pieces. */
const stackSizeMb = 16;
/** The worker's own heap; the guest's WASM memory is not part of it. */
const maxOldGenerationSizeMb = 256;

export interface WorkerEvents {
  readonly message: (message: FromWorker) => void;
  /** The thread is gone, whoever ended it. */
  readonly lost: (error: AssassinError) => void;
}

/** One worker thread, and the guest that waits in it or runs. */
export class WorkerThread {
  /** For people: the how-many-th thread of this program's sandboxes it is. */
  readonly number: number;
  readonly spec: GuestSpec;
  readonly heartbeat: HeartbeatReader;
  readonly #worker: Worker;
  readonly #doorbell: DoorbellButton;
  readonly #replies: ReplyBox;
  #guests = 0;
  readonly #underWay = new CallsUnderWay();
  readonly #exited = Promise.withResolvers<void>();
  #prepared = Promise.withResolvers<void>();
  #isPrepared = false;
  #isHeld = false;
  #events: WorkerEvents | undefined;
  #ended = false;

  /** `isAlone` says whether no other thread is at work. */
  constructor(url: URL, spec: GuestSpec, number: number, isAlone: () => boolean) {
    this.number = number;
    this.spec = spec;
    // No environment, no arguments and no output of its own: a guest that ever got out of its engine finds little.
    const doorbell = newDoorbell();
    this.#doorbell = new DoorbellButton(doorbell);
    this.#replies = new ReplyBox(doorbell, repliesAt, { hear: (message) => this.#hear(message), mayLook: isAlone });
    const heartbeat = newHeartbeat();
    this.heartbeat = new HeartbeatReader(heartbeat);
    const workerData: WorkerData = { spec, doorbell, heartbeat };
    this.#worker = new Worker(url, { workerData, env: {}, argv: [], execArgv: [], stdout: true, stderr: true, name: 'sandbox', resourceLimits: { stackSizeMb, maxOldGenerationSizeMb } });
    this.#worker.unref();
    this.#prepared.promise.catch(() => undefined);
    this.#worker.on('message', (message: FromWorker) => {
      this.#replies.hears();
      this.#hear(message);
    });
    this.#worker.on('error', (error: Error & { readonly code?: string }) => this.#lose(lossOf(error)));
    this.#worker.once('exit', () => {
      this.#ended = true;
      this.#exited.resolve();
      this.#lose(new AssassinError('sandbox-crashed', 'The worker of the sandbox has ended.', { hint: 'Run it again.' }));
    });
  }

  /** It is gone, or was told to go: what it still says must not bring it to another guest. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Resolves once a fresh guest waits for its program. */
  get prepared(): Promise<void> {
    return this.#prepared.promise;
  }

  /** A fresh guest waits for its program, or a program is under way. */
  get isPrepared(): boolean {
    return this.#isPrepared;
  }

  /** Milliseconds in which the thread was not waiting, since it started; also tells of a thread that answers nothing. */
  busyMs(): number {
    return this.#worker.performance.eventLoopUtilization().active;
  }

  /** CPU milliseconds since it started; `undefined` where the platform cannot tell. */
  cpuMs(): Promise<number | undefined> {
    return cpuMsOf(this.#worker, this.#doorbell.thread);
  }

  /** From now on the thread keeps the process alive: somebody waits for it, and no timer does. */
  hold(): void {
    this.#isHeld = true;
    this.#worker.ref();
  }

  attach(events: WorkerEvents): void {
    this.#events = events;
  }

  /** Nobody waits for it any more: it lets a program end that has nothing else to do. */
  detach(): void {
    this.#events = undefined;
    if (this.#isHeld) this.#worker.unref();
    this.#isHeld = false;
  }

  /** With more calls under way it is woken by each answer anyway, and would be woken twice. */
  answerIsNear(): void {
    if (this.#underWay.isOne) this.#doorbell.announce();
  }

  /** A parked guest is moved, not copied: nothing of it stays on this side. */
  post(message: ToWorker): void {
    this.#underWay.posted(message);
    if (message.type === 'answers') {
      const { count, id, json } = message;
      // While others take their time the guest is not all that is waited for: looking would keep the host from hearing them, and a processor from their work.
      if (!this.#underWay.isAny) this.#replies.expect('answers');
      const rest = this.#doorbell.put({ guest: this.#guests, count, id, json });
      if (rest !== undefined) this.#send({ type: 'answers', count: rest.count, id: rest.id, json: rest.json });
      return;
    }
    if (message.type === 'run') {
      const { parked, program, limits } = message;
      const before = this.#guests++;
      if (parked === undefined) {
        this.#replies.expect('program');
        if (this.#doorbell.putProgram(before, () => JSON.stringify({ program, limits }))) return;
      }
    }
    this.#send(message);
  }

  #send(message: ToWorker): void {
    if (message.type === 'run' && message.parked !== undefined) this.#worker.postMessage(message, [message.parked.memory.bytes.buffer]);
    else this.#worker.postMessage(message);
    this.#doorbell.posted();
  }

  /** Ends the thread in the middle of whatever it does. Resolves when its exit was seen. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#worker.terminate();
    await this.#exited.promise;
  }

  #hear(message: FromWorker): void {
    this.#underWay.heard(message);
    switch (message.type) {
      case 'prepared':
        this.#isPrepared = true;
        this.#prepared.resolve();
        break;
      case 'unprepared':
        this.#prepared.reject(new AssassinError('sandbox-crashed', `The sandbox could not be made ready: ${message.message}`, { hint: 'If the sandbox limits were changed, raise memoryBytes.' }));
        break;
      case 'dropped':
        this.#isPrepared = false;
        this.#prepared = Promise.withResolvers();
        this.#prepared.promise.catch(() => undefined);
    }
    this.#events?.message(message);
  }

  #lose(error: AssassinError): void {
    this.#replies.takeMail();
    this.#prepared.reject(error);
    const events = this.#events;
    this.#events = undefined;
    events?.lost(error);
  }
}

function lossOf(error: Error & { readonly code?: string }): AssassinError {
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') return new AssassinError('sandbox-crashed', 'The worker of the sandbox ran out of memory of its own.', { hint: 'Hand over smaller values.', cause: error });
  return new AssassinError('sandbox-crashed', `The worker of the sandbox broke down: ${error.message}`, { hint: 'Run it again.', cause: error });
}
