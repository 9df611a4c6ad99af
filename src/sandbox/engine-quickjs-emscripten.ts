import releaseSync from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant, newVariant, type QuickJSContext, type QuickJSHandle, type QuickJSRuntime } from 'quickjs-emscripten-core';
import { EngineStop, stopReasonOf, type CreateEngine, type Delivery, type Engine, type EngineOptions } from './engine.ts';
import { bootModule } from './module-names.ts';

const pageBytes = 65536;
/** The engine's C stack and static data, which come on top of what the guest may use. */
const ownPages = 96;
/** What the binary needs to start at all. */
const initialPages = 256;
/** The most that the binary accepts. */
const maximumPages = 32_768;

/** Bellard's QuickJS. It doesn't keep to the sum of its memory limit: the maximum of the memory that it is given does. No `using` syntax. */
export const createQuickjsEmscripten: CreateEngine = async (options, bootSource) => {
  const guestPages = Math.ceil(options.memoryBytes / pageBytes);
  const wasmMemory = new WebAssembly.Memory({ initial: initialPages, maximum: Math.min(Math.max(initialPages, guestPages + ownPages), maximumPages) });
  const library = await newQuickJSWASMModuleFromVariant(newVariant(releaseSync, { wasmModule: options.modules.main, wasmMemory }));
  const runtime = library.newRuntime();
  runtime.setMemoryLimit(options.memoryBytes);
  runtime.setMaxStackSize(options.stackBytes);
  runtime.setInterruptHandler(options.interrupt);
  runtime.setModuleLoader(
    (name) => {
      try {
        return options.loadModule(name);
      } catch (error) {
        return { error: error instanceof Error ? error : new Error(String(error)) };
      }
    },
    options.resolveModule,
  );
  return new QuickjsEmscripten(wasmMemory, runtime, options, bootSource);
};

class QuickjsEmscripten implements Engine {
  readonly #memory: WebAssembly.Memory;
  readonly #runtime: QuickJSRuntime;
  readonly #context: QuickJSContext;
  readonly #receive: QuickJSHandle;

  constructor(memory: WebAssembly.Memory, runtime: QuickJSRuntime, options: EngineOptions, bootSource: string) {
    this.#memory = memory;
    this.#runtime = runtime;
    this.#context = runtime.newContext();
    const context = this.#context;
    using boot = context.unwrapResult(context.evalCode(bootSource, bootModule));
    using send = context.newFunction('send', (operation, id, text, more) => {
      const answer = options.send(this.#textOf(operation), id !== undefined && context.typeof(id) === 'number' ? context.getNumber(id) : 0, this.#textOf(text), this.#textOf(more));
      return answer === undefined ? undefined : context.newString(answer);
    });
    using sendCall = context.newFunction('sendCall', (text) => void options.send('call', 0, this.#textOf(text), ''));
    this.#receive = context.unwrapResult(context.callFunction(boot, context.undefined, send, sendCall));
  }

  get memoryBytes(): number {
    return this.#memory.buffer.byteLength;
  }

  deliver(operation: Delivery, id: number, text: string): void {
    const context = this.#context;
    using operationHandle = context.newString(operation);
    using idHandle = context.newNumber(id);
    using textHandle = context.newString(text);
    if (context.typeof(textHandle) !== 'string') throw new EngineStop('memory', 'There is no room for a value of the host in the guest.');
    this.#check(context.callFunction(this.#receive, context.undefined, operationHandle, idHandle, textHandle));
    this.#check(this.#runtime.executePendingJobs());
  }

  reportRejections(): void {
    // The library has no hook for them.
  }

  keep(): void {
    // Its memory is too large, and too much of its state lies in the library, to be put back faster than it is made anew.
  }

  restore(): undefined {
    return undefined;
  }

  park(): undefined {
    return undefined;
  }

  resume(): void {
    throw new Error('Nothing was ever parked.');
  }

  wipe(): number {
    return new Uint8Array(this.#memory.buffer).fill(0).byteLength;
  }

  /** An error that the guest's own boot code could not catch. */
  #check(result: ReturnType<QuickJSContext['callFunction']> | ReturnType<QuickJSRuntime['executePendingJobs']>): void {
    if (result.error === undefined) {
      if (typeof result.value !== 'number') result.value.dispose();
      return;
    }
    using error = result.error;
    using messageHandle = this.#context.getProp(error, 'message');
    const message = this.#textOf(messageHandle);
    throw new EngineStop(stopReasonOf(message), message);
  }

  /** Only strings are read: converting anything else would call the guest's own code. */
  #textOf(handle: QuickJSHandle | undefined): string {
    return handle !== undefined && this.#context.typeof(handle) === 'string' ? this.#context.getString(handle) : '';
  }
}
