import { signal } from '@preact/signals';
import type { RunSummary } from '../../src/shared/dto.ts';
import type { PanelEvents } from '../../src/shared/protocol.ts';
import type { RpcClient } from '../../src/shared/rpc.ts';
import { Refresher } from './refresher.ts';

const pageSize = 30;

/** The recent runs that the picker offers. */
export class RunList {
  readonly runs = signal<readonly RunSummary[]>([]);
  /** Set where there are older ones. */
  readonly next = signal<string | undefined>(undefined);
  readonly #client: RpcClient;
  readonly #refresher = new Refresher(() => this.#load());

  constructor(client: RpcClient) {
    this.#client = client;
  }

  refresh(): Promise<void> {
    return this.#refresher.refresh();
  }

  /** Most notices are about more events of a known run; only what the picker shows makes it read anew. */
  note({ run, state }: PanelEvents['changed']): void {
    const known = this.runs.value.find(({ id }) => id === run);
    if (known?.state !== state) void this.refresh();
  }

  async more(): Promise<void> {
    const after = this.next.value;
    if (after === undefined) return;
    const page = await this.#client.request('runs.list', { after, limit: pageSize });
    const known = new Set(this.runs.value.map(({ id }) => id));
    this.runs.value = [...this.runs.value, ...page.items.filter(({ id }) => !known.has(id))];
    this.next.value = page.next;
  }

  async #load(): Promise<void> {
    try {
      const page = await this.#client.request('runs.list', { limit: pageSize });
      const oldest = page.items.at(-1)?.id;
      const older = page.next === undefined || oldest === undefined ? [] : this.runs.value.filter(({ id }) => id < oldest);
      this.runs.value = [...page.items, ...older];
      if (older.length === 0) this.next.value = page.next;
    } catch {
      // The session asks the same host for the run itself, and shows what is wrong with it.
    }
  }
}
