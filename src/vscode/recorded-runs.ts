import { AssassinError } from '../shared/errors.ts';
import type { RunStore } from '../store/run-store.ts';

export interface RecordedRunsOptions {
  /** Works with the runtime, which it opens where it is closed. Throws what opening throws. */
  readonly runtime: <T>(work: (runtime: { readonly store: RunStore }) => T | Promise<T>) => Promise<T>;
  /** Opens the records without a runtime. */
  readonly open: () => Promise<RunStore>;
}

interface Alone {
  readonly store: Promise<RunStore>;
  /** Readings that are at work in it; it is not closed under them. */
  users: number;
  idle: (() => void) | undefined;
}

/** What is on record can be read whatever the settings are: while one of them keeps the runtime from being opened, its records are opened on their own. */
export class RecordedRuns {
  readonly #options: RecordedRunsOptions;
  #alone: Alone | undefined;

  constructor(options: RecordedRunsOptions) {
    this.#options = options;
  }

  /** Read on their own, without a runtime. */
  get isAlone(): boolean {
    return this.#alone !== undefined;
  }

  async read<T>(work: (store: RunStore) => T | Promise<T>): Promise<T> {
    if (this.#alone) return this.#readAlone(this.#alone, work);
    let opened = false;
    try {
      return await this.#options.runtime(({ store }) => {
        opened = true;
        return work(store);
      });
    } catch (error) {
      if (opened || !AssassinError.isInstance(error) || error.code !== 'invalid-config') throw error;
      return this.#readAlone((this.#alone ??= { store: this.#options.open(), users: 0, idle: undefined }), work);
    }
  }

  /** Closes what was opened without a runtime: there is one now, or other settings, and the next reading asks for it. */
  async close(): Promise<void> {
    const alone = this.#alone;
    this.#alone = undefined;
    const store = await alone?.store.catch(() => undefined);
    if (!alone || !store) return;
    if (alone.users > 0) await new Promise<void>((resolve) => (alone.idle = resolve));
    store[Symbol.dispose]();
  }

  async #readAlone<T>(alone: Alone, work: (store: RunStore) => T | Promise<T>): Promise<T> {
    alone.users += 1;
    try {
      return await work(await alone.store.catch((error: unknown) => {
        // The next need tries again: what is in the way may be the folder of the records itself.
        if (this.#alone === alone) this.#alone = undefined;
        throw error;
      }));
    } finally {
      alone.users -= 1;
      if (alone.users === 0) alone.idle?.();
    }
  }
}
