import type { TaskRecord } from './open-tasks.ts';
import type { Caller } from './requests/caller.ts';

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Longest silence, milliseconds; the configured one where absent. */
  readonly timeoutMs?: number;
  /** Longest time whatever it tells of its progress, milliseconds, where the configuration says nothing else. */
  readonly wholeMs?: number;
  readonly onProgress?: (message: string | undefined, fraction: number | undefined) => void;
  /** Keeps the id under which the server works on it, where it does that by itself. */
  readonly task?: TaskRecord;
  /** For whom: what the server asks meanwhile is decided on in this run. */
  readonly caller?: Caller;
}

/** Own time limits go with every request: the library's must not come before them. */
export const noTimeout = { timeout: 2_000_000_000 } as const;
