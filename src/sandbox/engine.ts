import type { MemoryDifference, Restored } from './memory-image.ts';
import type { GuestSpec } from './protocol.ts';

/** What the guest's boot code says to the host, synchronously. Text in, text or nothing out. */
export type GuestSend = (operation: string, id: number, text: string, more: string) => string | undefined;

export interface EngineOptions extends Omit<GuestSpec, 'engine'> {
  /** Asked often while the guest computes: true ends it. */
  readonly interrupt: () => boolean;
  readonly send: GuestSend;
  /** Never throws. */
  readonly resolveModule: (importer: string, specifier: string) => string;
  /** Throws a `MissingModuleError`. */
  readonly loadModule: (name: string) => string;
}

/** What the host tells the boot code. `boot` comes first, and then `prelude` with the names of its modules as JSON. */
export type Delivery = 'boot' | 'prelude' | 'run' | 'answers' | 'timer';

/**
 * One QuickJS in a WASM memory of its own. Numbers and text are all that crosses: no handle, no object and no host function but `send`.
 * Any exception that is not an `EngineStop` means that the instance can no longer be trusted.
 */
export interface Engine {
  /** Current size of the WASM memory. */
  readonly memoryBytes: number;
  /** Hands a message to the boot code and runs the guest's jobs until none is left. Throws `EngineStop` where the guest could not go on. */
  deliver(operation: Delivery, id: number, text: string): void;
  /** Has the boot code name the rejected promises that nobody handled. An engine that doesn't know them names none. */
  reportRejections(): void;
  /** Notes the state to which `restore` goes back: the boot code and the prelude are there, and nothing of a program. */
  keep(): void;
  /** Puts everything back, on both sides of the boundary. `undefined` where that cannot be done: then it can only be wiped. */
  restore(): Restored | undefined;
  /** The guest that waits in it, as what differs from the state that was kept. `undefined` where it cannot be moved. */
  park(): MemoryDifference | undefined;
  /** Makes of the kept state what was parked, here or in another engine of the same kind. */
  resume(memory: MemoryDifference): void;
  /** Overwrites the whole memory. The engine is gone afterwards. Returns how many bytes that were. */
  wipe(): number;
}

/** Makes an engine in which `bootSource`, an expression, was called with `send` and with a function of the text alone for `send('call', 0, text, '')`; what it returned receives what is delivered. */
export type CreateEngine = (options: EngineOptions, bootSource: string) => Promise<Engine>;

export type StopReason = 'interrupted' | 'memory' | 'stack' | 'crashed';

/** Why the guest could not go on, as far as the engine can tell. */
export class EngineStop extends Error {
  override readonly name = 'EngineStop';
  readonly reason: StopReason;

  constructor(reason: StopReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Engines report their own ends as error text; both builds use these words. */
export function stopReasonOf(message: string): StopReason {
  if (/\binterrupted\b/.test(message)) return 'interrupted';
  if (/out of memory/.test(message)) return 'memory';
  if (/stack overflow|Maximum call stack size exceeded/.test(message)) return 'stack';
  return 'crashed';
}
