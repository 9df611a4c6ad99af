import { batch, signal } from '@preact/signals';
import type { ChatItem, RunUse } from '../../src/shared/chat.ts';
import type { PlanStep } from '../../src/shared/events.ts';
import type { PanelEvents } from '../../src/shared/protocol.ts';
import type { ChatSession, TeamRun } from '../../src/shared/protocol-chat.ts';
import type { RpcClient } from '../../src/shared/rpc.ts';

/** Enough to fill a tall window a few times over; what came before is read on demand. */
const pageSize = 60;

/** What a model has said so far in the turn that goes on. */
export interface Typing {
  readonly step: string;
  readonly text: string;
  readonly reasoning: string;
}

/** The newest part of a conversation, and of the turn that goes on what has come. */
export class ChatModel {
  /** In order and without gaps; `undefined` before the first answer. */
  readonly items = signal<readonly ChatItem[] | undefined>(undefined);
  readonly plan = signal<readonly PlanStep[]>([]);
  readonly use = signal<RunUse | undefined>(undefined);
  readonly typing = signal<Typing | undefined>(undefined);
  readonly session = signal<ChatSession | undefined>(undefined);
  /** The runs below this one, by id; filled once a step has started any. */
  readonly team = signal<ReadonlyMap<string, TeamRun>>(new Map());
  readonly #client: RpcClient;
  readonly run: string;
  #seq = 0;

  constructor(client: RpcClient, run: string) {
    this.#client = client;
    this.run = run;
  }

  async refresh(): Promise<void> {
    const known = this.items.value;
    const page = await this.#client.request('chat.items', { run: this.run, limit: pageSize, ...(known === undefined ? {} : { since: this.#seq }) });
    if (known === undefined) await this.#readDraft();
    batch(() => {
      this.#seq = page.seq;
      this.items.value = merged(known ?? [], page.items);
      this.plan.value = page.plan;
      this.use.value = page.use;
      const { step } = this.typing.value ?? {};
      // Once the whole answer is on record, what was typed of it has done its duty.
      if (step !== undefined && page.items.some((item) => item.id === step && item.kind === 'turn' && item.status !== 'running')) this.typing.value = undefined;
    });
    if (this.items.value?.some((item) => item.kind === 'call' && item.children.length > 0)) await this.#readTeam();
  }

  /** Hears what is said from now on, and what has come of it before, without the conversation around it. */
  watch(): Promise<void> {
    return this.#readDraft();
  }

  /** What the person can do with the run and its conversation; asked for when its state changes. */
  async readSession(): Promise<void> {
    this.session.value = await this.#client.request('chat.session', { run: this.run });
  }

  async earlier(): Promise<void> {
    const [first] = this.items.value ?? [];
    if (first === undefined || first.index === 0) return;
    const page = await this.#client.request('chat.items', { run: this.run, before: first.index, limit: pageSize });
    this.items.value = [...page.items, ...(this.items.value ?? [])];
  }

  typed({ run, step, kind, offset, text }: PanelEvents['typing']): void {
    if (run !== this.run) return;
    const now = this.typing.value?.step === step ? this.typing.value : { step, text: '', reasoning: '' };
    const known = now[kind];
    // A piece is missing: the page was loaded in the middle, or slept.
    if (offset > known.length) return void this.#readDraft().catch(() => undefined);
    this.typing.value = { ...now, [kind]: known.slice(0, offset) + text };
  }

  restarted(): void {
    this.typing.value = undefined;
  }

  async #readTeam(): Promise<void> {
    const { runs } = await this.#client.request('chat.team', { run: this.run });
    this.team.value = new Map(runs.map((run) => [run.id, run]));
  }

  async #readDraft(): Promise<void> {
    const { draft } = await this.#client.request('chat.draft', { run: this.run });
    const now = this.typing.value;
    // An answer that is late must not take back what has come meanwhile.
    if (draft && !(now?.step === draft.step && now.text.length > draft.text.length)) this.typing.value = { step: draft.step, text: draft.text, reasoning: draft.reasoning };
  }
}

/** Changed items replace, new ones follow. Where more is new than a page holds, the newest page is shown on its own: there are no gaps. */
function merged(known: readonly ChatItem[], changed: readonly ChatItem[]): readonly ChatItem[] {
  const first = known[0]?.index ?? changed[0]?.index ?? 0;
  const next = first + known.length;
  const fresh = changed.filter(({ index }) => index >= next);
  if (fresh.length > 0 && fresh[0]!.index > next) return fresh;
  const items = [...known];
  for (const item of changed) if (item.index >= first && item.index < next) items[item.index - first] = item;
  return fresh.length === 0 && changed.every(({ index }) => index < first) && known.length > 0 ? known : [...items, ...fresh];
}
