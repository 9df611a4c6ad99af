import type { Leasable } from '../run/lease.ts';
import type { Json } from '../shared/json.ts';

/** JavaScript modules, ready to run: TypeScript is stripped before it comes here. */
export interface SandboxProgram {
  /** Module name to source. Imports between them are resolved against these names only; there is no other loader. */
  readonly modules: ReadonlyMap<string, string>;
  readonly entry: string;
  /** The export of the entry module that is called; `default` for chains. */
  readonly call: string;
  /** The arguments of that call. */
  readonly args: readonly Json[];
  /** `frozen` stands still at the moment the guest starts: a run without the `clock` grant, or a replay, sees no time pass. */
  readonly clock: 'real' | 'frozen';
  /** Milliseconds since 1970 at which a frozen clock stands, in place of that moment. */
  readonly frozenAt?: number;
  /** `seeded` gives the same numbers in every run with the same seed. */
  readonly random: 'real' | 'seeded';
  /** 24 hexadecimal digits; one that is always the same where nothing is said. */
  readonly seed?: string;
}

/** Limits of one sandbox; each has its own `sandbox-limit` error with `data.limit` naming the field. */
export interface SandboxLimits {
  readonly memoryBytes: number;
  /** CPU milliseconds of guest code; waiting for host calls does not count. */
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly stackBytes: number;
  readonly sourceBytes: number;
  readonly outputBytes: number;
  readonly consoleBytes: number;
  readonly hostCalls: number;
  readonly hostCallsInFlight: number;
}

/** 512 KiB of guest stack inside a worker with a 16 MiB stack is the most that ends every recursion with a clean guest error (measured, docs/sandbox.md). */
export const defaultSandboxLimits: SandboxLimits = {
  memoryBytes: 64 * 1024 * 1024,
  cpuMs: 30_000,
  wallMs: 10 * 60_000,
  stackBytes: 512 * 1024,
  sourceBytes: 4 * 1024 * 1024,
  outputBytes: 4 * 1024 * 1024,
  consoleBytes: 256 * 1024,
  hostCalls: 20_000,
  hostCallsInFlight: 64,
};

/** What the guest can reach: one function by name with JSON both ways, and the console. Nothing else crosses. */
export interface SandboxHost {
  call(name: string, args: Json, signal: AbortSignal): Promise<Json>;
  console(level: 'debug' | 'info' | 'warn' | 'error', text: string): void;
}

export interface SandboxUsage {
  readonly wallMs: number;
  /** Absent where the platform cannot tell a thread's CPU time. */
  readonly cpuMs?: number;
  /** Peak size of the guest's WASM memory. */
  readonly memoryBytes: number;
  readonly hostCalls: number;
}

export interface SandboxResult {
  readonly value: Json;
  readonly usage: SandboxUsage;
}

/** One isolated guest. It runs one program, is destroyed, and is never used again. */
export interface Sandbox extends Leasable {
  /** Rejects with `sandbox-limit`, `sandbox-crashed`, `cancelled`, or `chain-failed` for an error that the guest threw (its stack in `data.stack`). */
  run(program: SandboxProgram, host: SandboxHost, signal: AbortSignal): Promise<SandboxResult>;
  /** While a person is asked, time passes that is not the program's: `wallMs` stands still until what is returned is disposed. */
  pauseWallTime(): Disposable;
  /** An answer to one of its calls is about to come: wakes a guest that waits for nothing else. */
  answerIsNear(): void;
  /** What was used so far; also after a failure. */
  readonly usage: SandboxUsage;
}
