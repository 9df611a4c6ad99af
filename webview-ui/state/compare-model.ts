import { signal } from '@preact/signals';
import type { FileDiff } from '../../src/shared/file-diff.ts';
import type { ComparedStep } from '../../src/shared/comparison.ts';
import { toErrorInfo, type ErrorInfo } from '../../src/shared/errors.ts';
import type { ComparePage, RunPair } from '../../src/shared/protocol-trace.ts';
import type { RpcClient } from '../../src/shared/rpc.ts';
import { RowPages } from './row-pages.ts';

/** Two runs side by side: the rows of them that are on the screen. */
export class CompareModel {
  readonly pair: RunPair;
  readonly rows: RowPages<ComparedStep>;
  /** The newest answer: whose runs they are and how much is different. */
  readonly page = signal<ComparePage | undefined>(undefined);
  readonly results = signal<FileDiff | undefined>(undefined);
  readonly problem = signal<ErrorInfo | undefined>(undefined);
  readonly onlyDifferent = signal(false);
  readonly cursor = signal(0);
  readonly #client: RpcClient;

  constructor(client: RpcClient, pair: RunPair) {
    this.#client = client;
    this.pair = pair;
    this.rows = new RowPages(async (offset, limit) => {
      const page = await client.request('runs.compare', { ...pair, offset, limit, onlyDifferent: this.onlyDifferent.value });
      this.page.value = page;
      return page;
    });
  }

  async load(): Promise<void> {
    try {
      await this.rows.refresh();
      this.problem.value = undefined;
      if (this.page.value?.sameResult === false) this.results.value = await this.#client.request('runs.compareResults', this.pair);
    } catch (error) {
      this.problem.value = toErrorInfo(error);
    }
  }

  async show(onlyDifferent: boolean): Promise<void> {
    this.onlyDifferent.value = onlyDifferent;
    this.cursor.value = 0;
    await this.rows.restart();
  }

  moveTo(index: number): void {
    this.cursor.value = Math.max(0, Math.min(index, (this.rows.total.value ?? 0) - 1));
  }
}
