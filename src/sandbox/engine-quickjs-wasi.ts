import { JSException, QuickJS, type JSValueHandle, type WasiOptions } from 'quickjs-wasi';
import { compileAhead, type Bytecode } from './bytecode.ts';
import { EngineStop, stopReasonOf, type CreateEngine, type Delivery, type Engine, type EngineOptions } from './engine.ts';
import { EngineMemory } from './engine-memory.ts';
import { GarbagePolicy } from './garbage-policy.ts';
import { MemoryImage, type MemoryDifference, type Restored } from './memory-image.ts';
import { bootModule } from './module-names.ts';
import { Crossing } from './quickjs-wasi-crossing.ts';

/** Room that small programs use without growing the memory: what has grown must be compared as well. Untouched, it takes nothing. */
const roomBytes = 262_144;

/** quickjs-ng. Parses `using` and `await using` itself, keeps to its memory limit, and is the faster of the two at host calls. */
export const createQuickjsWasi: CreateEngine = async (options, bootSource) => {
  let engine: QuickjsWasi | undefined;
  const rejections = new Rejections();
  const vm = await QuickJS.create({
    wasm: options.modules.main,
    extensions: options.modules.extensions.map(({ name, module }) => ({ name, wasm: module })),
    wasi: surroundings(options.seed, () => engine?.kept ?? false),
    memoryLimit: options.memoryBytes,
    maxStackSize: options.stackBytes,
    interruptHandler: () => {
      engine?.tuneGarbage();
      return options.interrupt();
    },
    onUnhandledRejection: (promise, reason, handled) => rejections.note(promise, reason, handled),
    moduleLoader: { normalize: options.resolveModule, load: options.loadModule },
  });
  const memory = EngineMemory.of(vm._getExports());
  return (engine = new QuickjsWasi(vm, memory, options, rejections, compileAhead(vm, memory, bootSource, options.prelude) ?? bootSource));
};

/**
 * Until a program runs time stands still, and what the engine takes for random at its start is the same in all threads: engines made of the same parts
 * then hold the same bytes, and a guest can move between them.
 */
function surroundings(seed: Uint8Array, started: () => boolean): WasiOptions {
  return (memory) => ({
    clock_time_get(_clock: number, _precision: bigint, result: number) {
      new DataView(memory.buffer).setBigUint64(result, started() ? BigInt(Date.now()) * 1_000_000n : 0n, true);
      return 0;
    },
    random_get(start: number, length: number) {
      const bytes = new Uint8Array(memory.buffer, start, length);
      for (let i = 0; i < length; i++) bytes[i] = seed[i % seed.length]!;
      return 0;
    },
  });
}

class QuickjsWasi implements Engine {
  readonly #vm: QuickJS;
  readonly #receive: JSValueHandle;
  /** Made once: each delivery would otherwise make and free these again. */
  readonly #operations: Readonly<Record<Delivery | 'rejection', JSValueHandle>>;
  readonly #rejections: Rejections;
  /** The library takes a reference of its own to what a host function returns, so the last one is let go at the next call. */
  #returned: JSValueHandle | undefined;
  readonly #memory: EngineMemory;
  #image: MemoryImage | undefined;
  readonly #garbage: GarbagePolicy;
  readonly #crossing: Crossing;
  /** Of the prelude. */
  readonly #compiled: Bytecode['prelude'];

  constructor(vm: QuickJS, memory: EngineMemory, options: EngineOptions, rejections: Rejections, code: Bytecode | string) {
    this.#vm = vm;
    this.#rejections = rejections;
    this.#memory = memory;
    this.#garbage = new GarbagePolicy(vm, options.memoryBytes);
    const crossing = (this.#crossing = new Crossing(vm));
    this.#compiled = typeof code === 'string' ? [] : code.prelude;
    using boot = typeof code === 'string' ? vm.evalCode(code, bootModule) : vm.evalBytecode(code.boot);
    using send = vm.newFunction('send', (operation, id, text, more) => {
      this.#returned?.dispose();
      this.#returned = undefined;
      const answer = options.send(crossing.textOf(operation), id?.isNumber ? id.toNumber() : 0, crossing.textOf(text), crossing.textOf(more));
      if (answer === undefined) return vm.undefined;
      return (this.#returned = this.#string(answer));
    });
    // A function of its own: three of the four values, and what is returned, would cost more than the one that matters.
    using sendCall = vm.newFunction('sendCall', (text) => {
      options.send('call', 0, crossing.textOf(text), '');
      return vm.undefined;
    });
    this.#receive = vm.callFunction(boot, vm.undefined, send, sendCall);
    this.#operations = {
      boot: vm.newString('boot'), prelude: vm.newString('prelude'), run: vm.newString('run'), answers: vm.newString('answers'), timer: vm.newString('timer'), rejection: vm.newString('rejection'),
    };
  }

  get kept(): boolean {
    return this.#image !== undefined;
  }

  get memoryBytes(): number {
    return this.#memory.size;
  }

  /** While a program computes. */
  tuneGarbage(): void {
    this.#garbage.tune();
  }

  deliver(operation: Delivery, id: number, text: string): void {
    if (operation === 'prelude') this.#evaluateCompiled();
    this.#call(operation, id, text, this.#vm.undefined);
  }

  /** What fails in there fails again for whoever imports it. */
  #evaluateCompiled(): void {
    try {
      for (const code of this.#compiled) this.#vm.evalBytecode(code).dispose();
      this.#vm.executePendingJobs();
    } catch (error) {
      throw stopOf(error);
    }
  }

  reportRejections(): void {
    for (const reason of this.#rejections.reasons()) this.#call('rejection', 0, '', reason);
  }

  #call(operation: Delivery | 'rejection', id: number, text: string, value: JSValueHandle): void {
    const crossing = this.#crossing;
    try {
      const number = crossing.number(id);
      const string = crossing.shortString(text) || this.#string(text).ptr;
      if (number === 0 || !crossing.isString(string)) throw new EngineStop('memory', 'There is no room for a message of the host in the guest.');
      crossing.call(this.#receive, [this.#operations[operation].ptr, number, string, value.ptr]);
      crossing.free(number);
      crossing.free(string);
      this.#vm.executePendingJobs();
    } catch (error) {
      throw stopOf(error);
    }
  }

  keep(): void {
    const { wasm_malloc: allocate, wasm_free: free, __stack_pointer: stackPointer } = this.#vm._getExports();
    this.#vm.runGC();
    this.#garbage.begin();
    // What the memory was once larger by is room already.
    const room = allocate(Math.max(0, roomBytes - (this.#memory.buffer.byteLength - this.#memory.size)));
    if (room !== 0) free(room);
    this.#image = new MemoryImage(this.#memory, stackPointer);
  }

  restore(): Restored | undefined {
    const restored = this.#image?.restore();
    // Their values lay in the memory that was just put back; letting go of them would now free something else.
    this.#rejections.forget();
    this.#returned = undefined;
    this.#garbage.reset();
    return restored;
  }

  park(): MemoryDifference | undefined {
    // These refer to the guest's memory from outside of it.
    if (this.#rejections.size > 0) return undefined;
    this.#returned?.dispose();
    this.#returned = undefined;
    return this.#image?.difference();
  }

  resume(memory: MemoryDifference): void {
    this.#image?.apply(memory);
    this.#garbage.resume();
  }

  wipe(): number {
    return new Uint8Array(this.#memory.buffer).fill(0).byteLength;
  }

  /** A string for which there is no room comes out of the library as something else, without an error. */
  #string(text: string): JSValueHandle {
    const handle = this.#vm.newString(text);
    if (handle.ptr === 0 || !handle.isString) throw new EngineStop('memory', 'There is no room for a value of the host in the guest.');
    return handle;
  }
}

/** Rejected promises that nobody handles, or not yet. */
class Rejections {
  /** Beyond these few nothing new is learnt, and a flood of them must not fill the host. */
  readonly #max = 5;
  readonly #open = new Map<number, { readonly promise: JSValueHandle; readonly reason: JSValueHandle }>();

  note(promise: JSValueHandle, reason: JSValueHandle, handled: boolean): void {
    const { identity } = promise;
    const known = this.#open.get(identity);
    if (handled && known !== undefined) {
      this.#open.delete(identity);
      known.promise.dispose();
      known.reason.dispose();
    } else if (!handled && this.#open.size < this.#max) {
      // The promise is kept as well: its identity must not pass to another one.
      this.#open.set(identity, { promise: promise.dup(), reason: reason.dup() });
    }
  }

  get size(): number {
    return this.#open.size;
  }

  forget(): void {
    this.#open.clear();
  }

  reasons(): readonly JSValueHandle[] {
    return [...this.#open.values()].map(({ reason }) => reason);
  }
}

function stopOf(error: unknown): unknown {
  if (error instanceof EngineStop) return error;
  // An exception of the guest's that its own boot code could not catch. Anything else comes from the host side of the library.
  if (error instanceof JSException) return new EngineStop(stopReasonOf(error.message), error.message);
  if (error instanceof Error && error.message.startsWith('Job execution error')) return new EngineStop(stopReasonOf(error.message), error.message);
  if (error instanceof Error && error.message === 'wasm_malloc failed') return new EngineStop('memory', error.message);
  return error;
}
