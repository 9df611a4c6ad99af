import { batch, signal } from '@preact/signals';
import type { SessionSummary } from '../../src/shared/conversation.ts';
import { toErrorInfo, type ErrorInfo } from '../../src/shared/errors.ts';
import type { FoundRun } from '../../src/shared/protocol-chat.ts';
import type { RpcClient } from '../../src/shared/rpc.ts';
import type { RunFacets, RunFilter } from '../../src/shared/run-filter.ts';

const pageSize = 30;

/** The search through everything that was run in this workspace: runs, or the conversations that they belong to. */
export class HistoryModel {
  readonly found = signal<readonly FoundRun[] | undefined>(undefined);
  readonly sessions = signal<readonly SessionSummary[] | undefined>(undefined);
  readonly next = signal<string | undefined>(undefined);
  readonly problem = signal<ErrorInfo | undefined>(undefined);
  readonly conversations = signal(false);
  readonly filter = signal<RunFilter>({});
  readonly facets = signal<RunFacets>({ models: [], tools: [], tags: [] });
  readonly #client: RpcClient;
  #query = '';
  #round = 0;

  constructor(client: RpcClient, filter: RunFilter = {}) {
    this.#client = client;
    this.filter.value = filter;
  }

  /** True where it was looked, and nothing is there. */
  get isEmpty(): boolean {
    return (this.conversations.value ? this.sessions.value : this.found.value)?.length === 0;
  }

  async search(query: string): Promise<void> {
    this.#query = query;
    const round = ++this.#round;
    try {
      const page = await this.#page();
      // An answer to what was typed before must not overwrite the one to what stands there now.
      if (round !== this.#round) return;
      batch(() => {
        if ('sessions' in page) this.sessions.value = page.sessions;
        else this.found.value = page.runs;
        this.next.value = page.next;
        this.problem.value = undefined;
      });
    } catch (error) {
      if (round === this.#round) this.problem.value = toErrorInfo(error);
    }
  }

  async more(): Promise<void> {
    const after = this.next.value;
    const round = this.#round;
    if (after === undefined) return;
    const page = await this.#page(after);
    if (round !== this.#round) return;
    batch(() => {
      if ('sessions' in page) this.sessions.value = [...(this.sessions.value ?? []), ...page.sessions];
      else this.found.value = [...(this.found.value ?? []), ...page.runs];
      this.next.value = page.next;
    });
  }

  async readFacets(): Promise<void> {
    this.facets.value = await this.#client.request('history.facets', {});
  }

  async #page(after?: string): Promise<({ readonly runs: readonly FoundRun[] } | { readonly sessions: readonly SessionSummary[] }) & { readonly next: string | undefined }> {
    const query = { query: this.#query, limit: pageSize, ...(after === undefined ? {} : { after }) };
    if (this.conversations.value) {
      const { items, next } = await this.#client.request('history.sessions', query);
      return { sessions: items, next };
    }
    const { items, next } = await this.#client.request('history.search', { ...query, filter: this.filter.value });
    return { runs: items, next };
  }
}
