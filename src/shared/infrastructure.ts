import type { LeaseKind } from './events.ts';
import type { RunState } from './run-state.ts';

/** A delay in milliseconds, over the span in which it was watched. */
export interface LoopDelay {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** How long it was watched. */
  readonly watchedMs: number;
  /** Share of that span in which the thread was at work, 0 to 1. */
  readonly busy: number;
}

export interface LiveLease {
  readonly id: string;
  readonly kind: LeaseKind;
  readonly label: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Absent where it belongs to a program and to none of its runs, such as a browser that waits for one. */
  readonly run?: string;
  readonly title?: string;
  /** The process of the resource itself, where it has one. */
  readonly pid?: number;
  /** Process id of the program that it belongs to. */
  readonly owner: number;
}

export interface ServerState {
  readonly name: string;
  readonly state: string;
  /** Number of its tools, once they have been listed. */
  readonly tools?: number;
  readonly pid?: number;
  /** Runs with an instance of their own. */
  readonly runs: number;
  readonly startedByHand: boolean;
}

/** What the product holds and costs at one moment, in the program that answers; leases and runs are those of all programs on its store. */
export interface Infrastructure {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly program: { readonly kind: 'editor' | 'terminal'; readonly pid: number; readonly node: string; readonly upMs: number; readonly version: string };
  /** Absent where it was not watched yet. */
  readonly loop?: LoopDelay;
  readonly memory: { readonly residentBytes: number; readonly heapUsedBytes: number; readonly heapLimitBytes: number; readonly externalBytes: number };
  /** What took how long when the program started, in its order. */
  readonly starts: readonly { readonly name: string; readonly ms: number }[];
  readonly runs: { readonly open: number; readonly byState: Readonly<Partial<Record<RunState, number>>>; readonly here: number; readonly most: number };
  readonly sandboxes: { readonly threads: number; readonly waiting: number; readonly queued: number; readonly most: number; readonly mostWaiting: number };
  /** Browsers that wait for a run, processes that runs share, and contexts in those. */
  readonly browsers: { readonly ready: number; readonly shared: number; readonly contexts: number; readonly keepReady: string; readonly ceiling: number };
  readonly servers: readonly ServerState[];
  readonly leases: readonly LiveLease[];
}
