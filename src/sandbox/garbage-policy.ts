import type { QuickJS } from 'quickjs-wasi';

/** So much may a program allocate before the engine looks for cycles the first time; as much as in an engine that has just begun. */
const firstBytes = 262_144;
/** After it has looked, the engine looks again once there is half as much more. */
const enginesOwnFactor = 1.5;
/** With less room than this share of the limit, the engine's own steps are better: what can be found may be needed. */
const roomyShare = 0.75;

/**
 * When an engine looks for cycles. Left alone it looks each time that memory has grown by half, through everything that there is: a program that builds up
 * a lot spends a third of its time on that. Here it looks once what the program holds has tripled; a program that holds little is looked through as before.
 */
export class GarbagePolicy {
  readonly #vm: QuickJS;
  readonly #roomyBytes: number;
  #heldAtBegin = 0;
  #first = 0;
  #threshold = 0;

  constructor(vm: QuickJS, memoryBytes: number) {
    this.#vm = vm;
    this.#roomyBytes = memoryBytes * roomyShare;
  }

  /** From here on a program may run. Otherwise it would depend on the prelude whether each one begins by looking through all of it. */
  begin(): void {
    this.#heldAtBegin = this.#vm.getMemoryUsage().mallocSize;
    this.#first = this.#heldAtBegin + firstBytes;
    this.#threshold = this.#first;
    this.#vm.gcThreshold = this.#first;
  }

  /** The memory of the engine is what it was at `begin`, and the threshold in it. */
  reset(): void {
    this.#threshold = this.#first;
  }

  /** The memory of the engine is that of a program which began elsewhere. */
  resume(): void {
    this.#threshold = this.#vm.gcThreshold;
  }

  /** Cheap enough to be called often. The engine has looked since the last call where the threshold is not the one that was set. */
  tune(): void {
    const enginesOwn = this.#vm.gcThreshold;
    if (enginesOwn === this.#threshold || this.#first === 0) return;
    const held = enginesOwn / enginesOwnFactor;
    const wanted = Math.min(held + 2 * (held - this.#heldAtBegin), this.#roomyBytes);
    this.#threshold = Math.max(enginesOwn, Math.round(wanted));
    if (this.#threshold !== enginesOwn) this.#vm.gcThreshold = this.#threshold;
  }
}
