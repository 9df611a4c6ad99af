import type { ErrorInfo } from '../shared/errors.ts';
import type { LimitName } from './limits.ts';
import type { MemoryDifference, Restored } from './memory-image.ts';
import type { SandboxLimits } from './sandbox.ts';

export type EngineName = 'quickjs-wasi' | 'quickjs-emscripten';

/** WASM compiled once in the host and shared with every worker: a worker then only instantiates. */
export interface EngineModules {
  readonly main: WebAssembly.Module;
  readonly extensions: readonly { readonly name: string; readonly module: WebAssembly.Module }[];
}

export type ConsoleLevel = 'debug' | 'info' | 'warn' | 'error';

/** The guests that a worker makes, each ahead of its program. */
export interface GuestSpec {
  readonly engine: EngineName;
  readonly modules: EngineModules;
  readonly memoryBytes: number;
  readonly stackBytes: number;
  /** Random bytes for the engine's own use, the same in all threads of a pool. */
  readonly seed: Uint8Array;
  /** Modules that are evaluated ahead of every program, in this order. */
  readonly prelude: readonly (readonly [name: string, source: string])[];
}

/** What a worker is given at its start. */
export interface WorkerData {
  readonly spec: GuestSpec;
  readonly doorbell: SharedArrayBuffer;
  readonly heartbeat: SharedArrayBuffer;
}

export interface ProgramMessage {
  readonly modules: readonly (readonly [name: string, source: string])[];
  readonly entry: string;
  readonly call: string;
  /** A JSON array. */
  readonly args: string;
  readonly clock: 'real' | 'frozen';
  readonly frozenAt?: number;
  readonly seed?: string;
  readonly random: 'real' | 'seeded';
}

/** Calls as they travel: the JSON of a list of them, made in one piece by the guest. */
export interface CallsMessage {
  readonly type: 'calls';
  readonly count: number;
  readonly json: string;
}

export type ConsoleLine = readonly [level: ConsoleLevel, text: string];

export type CallError = Pick<ErrorInfo, 'code' | 'message' | 'hint'>;

/** A guest that waits, outside of any engine: what an engine in the state of the image needs to become it. */
export interface ParkedGuest extends GuestCounts {
  readonly memory: MemoryDifference;
}

/** What a guest has used so far. */
export interface GuestCounts {
  readonly calls: number;
  readonly callsUnderWay: number;
  readonly consoleBytes: number;
  readonly cpuMs: number;
}

export type ToWorker =
  /** With `parked` a guest goes on where it was; otherwise one begins. */
  | { readonly type: 'run'; readonly program: ProgramMessage; readonly limits: SandboxLimits; readonly parked?: ParkedGuest }
  | { readonly type: 'park' }
  /** The JSON of a list of `id, 1, value` and `id, 0, CallError` one behind the other; `id` is that of the call where there is one only, otherwise 0. */
  | { readonly type: 'answers'; readonly count: number; readonly id: number; readonly json: string }
  /** For a guest that waits; one that computes reads it from the heartbeat. */
  | { readonly type: 'stop' };

/** What the guest says of an error that it threw. Every field is text that the guest chose. */
export interface GuestError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** The host call whose failure this error is. */
  readonly call?: number;
}

export type GuestEnd =
  | { readonly how: 'done'; readonly json: string; /** calls that nobody waited for */ readonly unanswered: number }
  | { readonly how: 'threw'; readonly error: GuestError }
  /** The export to call is not a function; `found` is its type. */
  | { readonly how: 'invalid'; readonly found: string }
  | { readonly how: 'stalled' }
  /** The host told it to. */
  | { readonly how: 'stopped' }
  | { readonly how: 'limit'; readonly limit: LimitName }
  | { readonly how: 'crashed'; readonly message: string };

export type FromWorker =
  | { readonly type: 'prepared' }
  | { readonly type: 'unprepared'; readonly message: string }
  | CallsMessage
  | { readonly type: 'console'; readonly lines: readonly ConsoleLine[] }
  /** `clean` only if another guest may follow in the same worker: the engine came to rest by itself. Then nothing of the guest is left if there is `restored`; otherwise `restored` or `dropped` follows. */
  | { readonly type: 'ended'; readonly end: GuestEnd; readonly clean: boolean; readonly cpuMs?: number; readonly memoryBytes: number; readonly restored?: Restored }
  /** Nothing of the guest is left, and the engine waits for another one. */
  | { readonly type: 'restored'; readonly restored: Restored }
  /** The guest is in this message, and nothing of it in the worker. */
  | { readonly type: 'parked'; readonly guest: ParkedGuest }
  | { readonly type: 'unparked' }
  /** The guest's memory is overwritten and nothing refers to its instance any more. */
  | { readonly type: 'dropped'; readonly wipedBytes: number };
