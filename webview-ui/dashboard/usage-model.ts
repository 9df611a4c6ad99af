import { batch, signal } from '@preact/signals';
import { toErrorInfo, type ErrorInfo } from '../../src/shared/errors.ts';
import type { UsageAnswer, UsageQuery } from '../../src/shared/protocol-figures.ts';
import type { RpcClient } from '../../src/shared/rpc.ts';
import type { UsageReport } from '../../src/shared/usage-report.ts';

export interface Shown extends Omit<UsageAnswer, 'report'> {
  readonly report: UsageReport;
  readonly query: UsageQuery;
}

/** The newest report, and how far the reading of the next one is. */
export class UsageModel {
  readonly query = signal<UsageQuery>({ everywhere: false });
  readonly shown = signal<Shown | undefined>(undefined);
  /** Runs that were read so far; absent while nothing is read. */
  readonly reading = signal<number | undefined>(undefined);
  readonly problem = signal<ErrorInfo | undefined>(undefined);
  readonly #client: RpcClient;
  #round = 0;

  constructor(client: RpcClient, query: UsageQuery) {
    this.#client = client;
    this.query.value = query;
  }

  ask(query: UsageQuery): Promise<void> {
    this.query.value = query;
    return this.refresh();
  }

  /** Resolves once there is a report, an error, or a newer question. */
  async refresh(): Promise<void> {
    const round = ++this.#round;
    const query = this.query.value;
    try {
      for (;;) {
        const { report, ...answer } = await this.#client.request('usage.report', query);
        if (round !== this.#round) return;
        if (report === undefined) {
          this.reading.value = answer.read;
          continue;
        }
        batch(() => {
          this.shown.value = { ...answer, report, query };
          this.problem.value = undefined;
          this.reading.value = undefined;
        });
        return;
      }
    } catch (error) {
      if (round !== this.#round) return;
      this.problem.value = toErrorInfo(error);
      this.reading.value = undefined;
    }
  }

  /** Nothing more is asked: the page shows something else. */
  stop(): void {
    this.#round += 1;
  }
}
