import { signal } from '@preact/signals';
import type { TaskMode } from '../../src/shared/events.ts';
import type { MentionCompletion } from '../../src/shared/mentions.ts';
import type { AttachedPicture, ModelChoice, SetupWay } from '../../src/shared/protocol-chat.ts';
import type { RpcClient } from '../../src/shared/rpc.ts';
import type { KeptState } from './kept.ts';

/** Drafts of tasks beyond this many are forgotten, the oldest first. */
const draftsKept = 20;

/** What a person is about to say, to whom, and with which model. */
export class ComposerModel {
  readonly mode = signal<TaskMode>('act');
  readonly pictures = signal<readonly AttachedPicture[]>([]);
  readonly model = signal<ModelChoice | undefined>(undefined);
  readonly sending = signal(false);
  /** Grows when the words were put there by something else than typing, so that the box takes them over. */
  readonly revision = signal(0);
  /** True until the next composer has taken over the focus of the one that sent. */
  sent = false;
  readonly #client: RpcClient;
  readonly #kept: KeptState;
  #lastQuery = 0;

  constructor(client: RpcClient, kept: KeptState) {
    this.#client = client;
    this.#kept = kept;
    this.mode.value = kept.value.mode ?? 'act';
  }

  draft(of: string): string {
    return this.#kept.value.drafts?.[of] ?? '';
  }

  keepDraft(of: string, text: string): void {
    const { [of]: _old, ...others } = this.#kept.value.drafts ?? {};
    const drafts = text === '' ? others : { ...others, [of]: text };
    this.#kept.update({ drafts: Object.fromEntries(Object.entries(drafts).slice(-draftsKept)) });
  }

  fill(of: string, text: string): void {
    this.keepDraft(of, text);
    this.revision.value += 1;
  }

  setMode(mode: TaskMode): void {
    this.mode.value = mode;
    this.#kept.update({ mode });
  }

  async readModel(refresh: boolean): Promise<void> {
    this.model.value = await this.#client.request('model.current', { refresh });
  }

  async chooseModel(): Promise<void> {
    this.model.value = await this.#client.request('model.choose', {});
  }

  async setUp(way: SetupWay): Promise<void> {
    await this.#client.request('model.setUp', { way });
    await this.readModel(true);
  }

  /** None where another question was asked meanwhile. */
  async mentions(text: string, cursor: number): Promise<MentionCompletion | undefined> {
    const query = ++this.#lastQuery;
    const found = await this.#client.request('mentions.find', { text, cursor });
    return query === this.#lastQuery ? found : undefined;
  }

  forgetMentions(): void {
    this.#lastQuery += 1;
  }
}
