import { signal } from '@preact/signals';
import { toErrorInfo, type ErrorInfo } from '../../src/shared/errors.ts';
import type { FoundRun } from '../../src/shared/protocol-chat.ts';
import type { RpcClient } from '../../src/shared/rpc.ts';

const pageSize = 30;

/** The search through everything that was run in this workspace. */
export class HistoryModel {
  readonly found = signal<readonly FoundRun[] | undefined>(undefined);
  readonly next = signal<string | undefined>(undefined);
  readonly problem = signal<ErrorInfo | undefined>(undefined);
  readonly #client: RpcClient;
  #query = '';
  #round = 0;

  constructor(client: RpcClient) {
    this.#client = client;
  }

  async search(query: string): Promise<void> {
    this.#query = query;
    const round = ++this.#round;
    try {
      const page = await this.#client.request('history.search', { query, limit: pageSize });
      // An answer to what was typed before must not overwrite the one to what stands there now.
      if (round !== this.#round) return;
      this.found.value = page.items;
      this.next.value = page.next;
      this.problem.value = undefined;
    } catch (error) {
      if (round === this.#round) this.problem.value = toErrorInfo(error);
    }
  }

  async more(): Promise<void> {
    const after = this.next.value;
    const round = this.#round;
    if (after === undefined) return;
    const page = await this.#client.request('history.search', { query: this.#query, after, limit: pageSize });
    if (round !== this.#round) return;
    this.found.value = [...(this.found.value ?? []), ...page.items];
    this.next.value = page.next;
  }
}
