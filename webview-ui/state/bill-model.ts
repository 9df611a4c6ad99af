import { signal } from '@preact/signals';
import type { Bill, DestructionReport } from '../../src/shared/dto.ts';
import type { Result } from '../../src/shared/protocol.ts';
import type { RpcClient } from '../../src/shared/rpc.ts';

export class BillModel {
  readonly bill = signal<Bill | undefined>(undefined);
  readonly destruction = signal<DestructionReport | undefined>(undefined);
  readonly network = signal<Result<'run.network'> | undefined>(undefined);
  readonly #client: RpcClient;
  readonly #run: string;

  constructor(client: RpcClient, run: string) {
    this.#client = client;
    this.#run = run;
  }

  async refresh(): Promise<void> {
    const of = { run: this.#run };
    const [bill, destruction, network] = await Promise.all([this.#client.request('run.bill', of), this.#client.request('run.leases', of), this.#client.request('run.network', of)]);
    this.bill.value = bill;
    this.destruction.value = destruction;
    this.network.value = network;
  }
}
