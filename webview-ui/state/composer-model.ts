import { signal } from '@preact/signals';
import type { TaskMode } from '../../src/shared/events.ts';
import type { MentionCompletion } from '../../src/shared/mentions.ts';
import type { AttachedPicture, ModelChoice } from '../../src/shared/protocol-chat.ts';
import type { KeptDrafts } from '../../src/shared/protocol.ts';
import type { RpcClient } from '../../src/shared/rpc.ts';
import type { SetupWay } from '../../src/shared/setup-ways.ts';
import type { KeptState } from './kept.ts';

/** Drafts of tasks beyond this many are forgotten, the oldest first. */
const draftsKept = 20;

/** As long as words may be lost at most. */
const handMs = 200;

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
  /** True until the box has taken the focus because the person asked for the place to write. */
  called = false;
  readonly #client: RpcClient;
  readonly #kept: KeptState;
  #lastQuery = 0;
  #timer: number | undefined;

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
    this.#kept.update({ drafts: Object.fromEntries(Object.entries(drafts).slice(-draftsKept)), draftsAt: Date.now() });
    this.#timer ??= window.setTimeout(() => this.hand(), handMs);
  }

  /** Gives the host what was not sent. The page may be gone at any moment, and nobody waits for the answer. */
  hand(): void {
    window.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#client.request('panel.keep', { drafts: this.#kept.harmlessDrafts(), at: this.#kept.value.draftsAt ?? Date.now() }).catch(() => undefined);
  }

  /** What the host has kept counts where it is newer than what the editor gave the page. */
  takeOver({ drafts, at }: KeptDrafts): void {
    if (at <= (this.#kept.value.draftsAt ?? 0)) return;
    this.#kept.update({ drafts, draftsAt: at });
    this.revision.value += 1;
  }

  fill(of: string, text: string): void {
    this.keepDraft(of, text);
    this.revision.value += 1;
  }

  /** The person wants to write: whatever is shown, the box takes the focus. */
  call(): void {
    this.called = true;
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
