import { signal } from '@preact/signals';
import type { Approval, ApprovalAnswer } from '../../src/shared/approvals.ts';
import type { OpenQuestion } from '../../src/shared/conversation.ts';
import type { RpcClient } from '../../src/shared/rpc.ts';
import { Refresher } from './refresher.ts';

/** What waits for the person, of all runs of this window. */
export class AsksModel {
  readonly approvals = signal<readonly Approval[]>([]);
  readonly questions = signal<readonly OpenQuestion[]>([]);
  /** Told where an answer came too late: it did nothing, and must not seem to have. */
  readonly late = signal(false);
  readonly #client: RpcClient;
  readonly #refresher = new Refresher(() => this.#load());

  constructor(client: RpcClient) {
    this.#client = client;
    client.on('approvals', () => void this.refresh());
  }

  refresh(): Promise<void> {
    return this.#refresher.refresh();
  }

  async decide(approval: Approval, answer: ApprovalAnswer): Promise<void> {
    const { counted } = await this.#client.request('approvals.answer', { id: approval.id, answer });
    this.late.value = !counted;
    this.approvals.value = this.approvals.value.filter(({ id }) => id !== approval.id);
    await this.refresh();
  }

  async answer(question: OpenQuestion, text: string | undefined): Promise<void> {
    const { taken } = await this.#client.request('chat.answer', { ask: question.ask, ...(text === undefined ? {} : { text }) });
    this.late.value = !taken;
    this.questions.value = this.questions.value.filter(({ ask }) => ask !== question.ask);
    await this.refresh();
  }

  async #load(): Promise<void> {
    try {
      const { approvals, questions } = await this.#client.request('approvals.pending', {});
      this.approvals.value = approvals;
      this.questions.value = questions;
    } catch {
      // The session asks the same host for the run itself, and shows what is wrong with it.
    }
  }
}
