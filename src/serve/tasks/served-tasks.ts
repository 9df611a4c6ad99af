import { randomUUID } from 'node:crypto';
import type { CallToolResult } from '@modelcontextprotocol/server';
import { describeError } from '../../shared/errors.ts';
import type { CallUnderWay } from '../serve-call.ts';
import type { ServedTool } from '../served-tool.ts';

/** A call that goes on by itself, and whose client asks how far it is. */
export interface ServedTask {
  readonly id: string;
  readonly tool: ServedTool;
  readonly status: 'working' | 'done' | 'cancelled';
  readonly message?: string;
  /** Milliseconds of the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** From its creation, milliseconds; null as long as it goes on. */
  readonly ttlMs: number | null;
  /** Once its run has ended. */
  readonly end?: { readonly result: CallToolResult } | { readonly error: string };
}

interface Kept {
  state: ServedTask;
  readonly call: CallUnderWay;
  readonly keepMs: number;
  readonly over: Promise<void>;
  timer?: NodeJS.Timeout;
}

export interface TaskLimits {
  /** A call of a client of 2026-07-28 that lasts longer becomes a task, milliseconds. */
  readonly afterMs?: number;
  /** A result is kept so long after the end, where the client names no time, milliseconds. */
  readonly keepMs?: number;
  /** Tasks that may go on at a time. */
  readonly working?: number;
}

const [usualAfterMs, usualKeepMs, usualWorking] = [2000, 60 * 60_000, 64];
const [shortestKeepMs, longestKeepMs] = [60_000, 24 * 60 * 60_000];
/** Results may hold pictures: beyond this many the oldest goes. */
const keptAtMost = 100;

/**
 * The tasks of one service. They belong to it and not to a connection: whoever is let in (by the token, or as the program that holds the streams) may come back and ask.
 * All of them end with the service.
 */
export class ServedTasks implements Disposable {
  readonly afterMs: number;
  readonly #keepMs: number;
  readonly #working: number;
  readonly #tasks = new Map<string, Kept>();

  constructor({ afterMs = usualAfterMs, keepMs = usualKeepMs, working = usualWorking }: TaskLimits = {}) {
    this.afterMs = afterMs;
    this.#keepMs = keepMs;
    this.#working = working;
  }

  /** Whether one more may go on. */
  get hasRoom(): boolean {
    return this.list().filter(({ end }) => end === undefined).length < this.#working;
  }

  /** The oldest first. */
  list(): readonly ServedTask[] {
    return [...this.#tasks.values()].map(({ state }) => state);
  }

  get(id: string): ServedTask | undefined {
    return this.#tasks.get(id)?.state;
  }

  /** @param keepMs as the client wishes it: how long the result is kept, milliseconds */
  add(tool: ServedTool, call: CallUnderWay, keepMs = this.#keepMs): { readonly task: ServedTask; readonly tell: (message: string) => void } {
    const now = Date.now();
    const id = randomUUID();
    const over = call.result.then((result) => this.#end(id, { result }), (error: unknown) => this.#end(id, { error: describeError(error) }));
    const state: ServedTask = { id, tool, status: 'working', createdAt: now, updatedAt: now, ttlMs: null };
    this.#tasks.set(id, { state, call, over, keepMs: keepMs === this.#keepMs ? keepMs : Math.min(longestKeepMs, Math.max(shortestKeepMs, keepMs)) });
    return { task: state, tell: (message) => this.#change(id, { message }) };
  }

  /** Cancels its run; of one that has ended nothing changes. */
  cancel(id: string): void {
    const kept = this.#tasks.get(id);
    if (kept?.state.status !== 'working') return;
    this.#change(id, { status: 'cancelled', message: 'The client has cancelled it.' });
    kept.call.cancel('The client has cancelled the task.');
  }

  /** When the run of a task has ended, or at once with the signal. */
  async ended(id: string, signal: AbortSignal): Promise<void> {
    const { promise: given, resolve } = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => resolve(), { once: true });
    await Promise.race([this.#tasks.get(id)?.over, given]);
  }

  [Symbol.dispose](): void {
    for (const { call, timer } of this.#tasks.values()) {
      clearTimeout(timer);
      call.cancel('The MCP server is being stopped.');
    }
    this.#tasks.clear();
  }

  #end(id: string, end: NonNullable<ServedTask['end']>): void {
    const kept = this.#tasks.get(id);
    if (kept === undefined) return;
    const ttlMs = Date.now() - kept.state.createdAt + kept.keepMs;
    this.#change(id, { end, ttlMs, ...(kept.state.status === 'working' ? { status: 'done', message: 'The run has ended.' } : {}) });
    kept.timer = setTimeout(() => this.#tasks.delete(id), kept.keepMs).unref();
    const over = this.list().filter((task) => task.end !== undefined);
    for (const { id: old } of over.slice(0, Math.max(0, over.length - keptAtMost))) {
      clearTimeout(this.#tasks.get(old)?.timer);
      this.#tasks.delete(old);
    }
  }

  #change(id: string, change: Partial<ServedTask>): void {
    const kept = this.#tasks.get(id);
    if (kept === undefined || (kept.state.end !== undefined && change.end === undefined)) return;
    // What a run does while it is being cancelled is no news of its task.
    if (kept.state.status === 'cancelled' && change.end === undefined) return;
    kept.state = { ...kept.state, ...change, updatedAt: Date.now() };
  }
}
