import { batch, signal } from '@preact/signals';
import { toErrorInfo, type ErrorInfo } from '../../src/shared/errors.ts';
import type { Infrastructure } from '../../src/shared/infrastructure.ts';
import type { RpcClient } from '../../src/shared/rpc.ts';

/** Often enough to see a run come and go; asked only while somebody looks. */
const pollMs = 2000;
/** So many looks are drawn: two minutes. */
const kept = 60;

/** What the program holds now, and how its delay and memory were since the view was opened. */
export class InfrastructureModel {
  readonly now = signal<Infrastructure | undefined>(undefined);
  readonly past = signal<readonly Infrastructure[]>([]);
  readonly problem = signal<ErrorInfo | undefined>(undefined);
  readonly #client: RpcClient;
  #timer: number | undefined;
  #stopped = false;

  constructor(client: RpcClient) {
    this.#client = client;
  }

  async look(): Promise<void> {
    window.clearTimeout(this.#timer);
    try {
      const now = await this.#client.request('infrastructure.read', {});
      batch(() => {
        this.now.value = now;
        this.past.value = [...this.past.value, now].slice(-kept);
        this.problem.value = undefined;
      });
    } catch (error) {
      this.problem.value = toErrorInfo(error);
    }
    if (!this.#stopped) this.#timer = window.setTimeout(() => void this.look(), pollMs);
  }

  stop(): void {
    this.#stopped = true;
    window.clearTimeout(this.#timer);
  }
}
