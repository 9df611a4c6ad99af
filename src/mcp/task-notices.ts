import type { Client, JSONRPCNotification, SubscriptionFilter } from '@modelcontextprotocol/client';
import * as z from 'zod';
import { givesTasks } from './task-capability.ts';
import { breath, pause } from './task-pause.ts';

/** Each takes a stream of its own at a remote server; tasks beyond are asked after. */
const heardAtMost = 16;
const agreeMs = 10_000;
/** Notices may be lost: a task of which nothing is heard is asked after all the same, so often. */
const quietMs = 30_000;

const agreed = z.looseObject({ notifications: z.looseObject({ taskIds: z.array(z.string()) }) });
const told = z.looseObject({ taskId: z.string() });

/**
 * What the server of one connection tells of its tasks by itself: `notifications/tasks` of 2026-07-28, which it is asked for, and `notifications/tasks/status` of
 * 2025-11-25, which it sends where it likes. The library knows neither the wish for it nor the notices.
 */
export class TaskNotices {
  readonly #client: Pick<Client, 'getProtocolEra' | 'getServerCapabilities' | 'listen'>;
  readonly #ears = new Map<string, TaskEar>();
  /** It has agreed to nothing when it was asked first: it is not asked for each task again. */
  #mute = false;

  constructor(client: Pick<Client, 'getProtocolEra' | 'getServerCapabilities' | 'listen'>) {
    this.#client = client;
  }

  /** To be called with all that the server tells. */
  hear({ method, params }: Pick<JSONRPCNotification, 'method' | 'params'>): void {
    if (this.#ears.size === 0) return;
    if (method === 'notifications/subscriptions/acknowledged') {
      for (const id of agreed.safeParse(params).data?.notifications.taskIds ?? []) this.#ears.get(id)?.agree(true);
    } else if (method === 'notifications/tasks' || method === 'notifications/tasks/status') {
      const state = told.safeParse(params).data;
      if (state !== undefined) this.#ears.get(state.taskId)?.tell(state);
    }
  }

  /**
   * Listens for what is told of a task. A server of 2026-07-28 is asked to tell, and it is not waited for whether it will.
   * @param silenceMs longest silence that the call of the task lasts, milliseconds
   */
  listen(taskId: string, signal: AbortSignal, silenceMs: number): TaskEar & Disposable {
    const ear = new TaskEar(signal, Math.min(quietMs, silenceMs / 3));
    const over = new AbortController();
    const legacy = this.#client.getProtocolEra() === 'legacy';
    if (!this.#ears.has(taskId) && (legacy || (!this.#mute && givesTasks(this.#client) && this.#ears.size < heardAtMost))) {
      this.#ears.set(taskId, ear);
      if (!legacy) void this.#subscribe(taskId, ear, AbortSignal.any([signal, over.signal]));
    }
    return Object.assign(ear, { [Symbol.dispose]: () => {
      if (this.#ears.get(taskId) === ear) this.#ears.delete(taskId);
      over.abort(new Error('The task is over.'));
    } });
  }

  async #subscribe(taskId: string, ear: TaskEar, signal: AbortSignal): Promise<void> {
    try {
      const filter: SubscriptionFilter & { readonly taskIds: readonly string[] } = { taskIds: [taskId] };
      const subscription = await this.#client.listen(filter, { signal, timeout: agreeMs });
      if (!ear.agreed) {
        this.#mute = true;
        await subscription.close();
      }
      await subscription.closed;
    } catch {
      // A server that refuses has nothing to tell; one that is out of reach is found so by whoever asks after the task.
      if (!signal.aborted) this.#mute = true;
    }
    ear.agree(false);
  }
}

/** What is heard of one task. */
export class TaskEar {
  readonly #signal: AbortSignal;
  readonly #quietMs: number;
  #agreed = false;
  #told: unknown;
  #stirred = false;
  #last = -Infinity;
  #wake: () => void = () => undefined;

  constructor(signal: AbortSignal, quiet: number) {
    this.#signal = signal;
    this.#quietMs = quiet;
  }

  /** Whether the server has said that it tells of the task. */
  get agreed(): boolean {
    return this.#agreed;
  }

  /** What was told before it agreed, or after it stopped, may have been missed: whoever waits looks by himself. */
  agree(is: boolean): void {
    if (this.#agreed === is) return;
    this.#agreed = is;
    this.#stir();
  }

  /** Each notice is the whole state, so that only the last one matters. */
  tell(state: unknown): void {
    this.#told = state;
    this.#stir();
  }

  /** What is told next; undefined where the task is to be asked after. Rejects with the signal. @param wishedMs between two looks as the server would like it, milliseconds */
  async next(wishedMs: number | undefined): Promise<unknown> {
    if (!this.#stirred) {
      const woken = new AbortController();
      this.#wake = () => woken.abort();
      await pause(AbortSignal.any([this.#signal, woken.signal]), this.#agreed ? Math.max(this.#quietMs, wishedMs ?? 0) : wishedMs).catch((error: unknown) => {
        if (this.#signal.aborted) throw error;
      });
      this.#wake = () => undefined;
    }
    await breath(this.#signal, this.#last);
    this.#last = performance.now();
    const state = this.#told;
    this.#stirred = false;
    this.#told = undefined;
    return state;
  }

  #stir(): void {
    this.#stirred = true;
    this.#wake();
  }
}
