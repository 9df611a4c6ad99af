import { signal } from '@preact/signals';
import type { LogLine } from '../../src/shared/protocol.ts';
import { pageLimits } from '../../src/shared/protocol-schema.ts';
import type { RpcClient } from '../../src/shared/rpc.ts';

/** The page holds the newest lines; a chain may log without end. */
const linesKept = pageLimits.lines;

/** What the run has said so far; of a run that goes on, only what is new is asked for. */
export class LogModel {
  readonly lines = signal<readonly LogLine[]>([]);
  readonly total = signal(0);
  readonly progress = signal<LogLine | undefined>(undefined);
  readonly #client: RpcClient;
  readonly #run: string;

  constructor(client: RpcClient, run: string) {
    this.#client = client;
    this.#run = run;
  }

  async refresh(): Promise<void> {
    const after = this.lines.value.at(-1)?.seq;
    const page = await this.#client.request('run.log', { run: this.#run, limit: linesKept, ...(after === undefined ? {} : { after }) });
    if (page.lines.length > 0) this.lines.value = [...this.lines.value, ...page.lines].slice(-linesKept);
    this.total.value = page.total;
    this.progress.value = page.progress;
    if (page.lines.length === linesKept && after !== undefined) await this.refresh();
  }
}
