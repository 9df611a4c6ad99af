import type { RunSummary } from '../shared/dto.ts';
import type { JournalEvent } from '../shared/events.ts';
import type { ModelUse } from '../shared/conversation.ts';
import type { RunUse } from '../shared/chat.ts';
import type { TeamRun } from '../shared/protocol-chat.ts';
import { descendantsOf } from '../store/descendants.ts';
import { ChatLog } from '../telemetry/chat-log.ts';
import { sumUse } from '../telemetry/model-use.ts';
import type { PanelHistory } from './panel-ports.ts';
import { clip } from './panel-rows.ts';

const titleLimit = 500;

interface Known {
  readonly events: number;
  readonly agent: string | undefined;
  readonly use: RunUse;
}

/** The runs below one run. Of each only what has changed since is read again: a parent is asked for at every event of its children. */
export class PanelTeam {
  readonly #history: PanelHistory;
  readonly #known = new Map<string, Known>();

  constructor(history: PanelHistory) {
    this.#history = history;
  }

  async below(run: string): Promise<readonly TeamRun[]> {
    const runs: TeamRun[] = [];
    for (const summary of await this.#summaries(run)) runs.push(rowOf(summary, await this.#read(summary)));
    return runs;
  }

  /** What a run and all below it have used. */
  async useOf(run: string, own: RunUse): Promise<RunUse> {
    const uses: RunUse[] = [own];
    for (const summary of await this.#summaries(run)) uses.push((await this.#read(summary)).use);
    if (uses.length === 1) return own;
    const sum = (of: (use: RunUse) => number) => uses.reduce((total, use) => total + of(use), 0);
    return { ...sumUse(uses), steps: sum(({ steps }) => steps), asks: sum(({ asks }) => asks), waits: own.waits };
  }

  #summaries(run: string): Promise<readonly RunSummary[]> {
    return this.#history.read((store) => descendantsOf(run, (id) => store.children(id)));
  }

  async #read({ id, events: count }: RunSummary): Promise<Known> {
    const before = this.#known.get(id);
    if (before?.events === count) return before;
    const events = await this.#history.events(id);
    const log = new ChatLog();
    log.add(events);
    const known = { events: count, agent: agentIn(events), use: log.use };
    this.#known.set(id, known);
    return known;
  }
}

function agentIn([created]: readonly JournalEvent[]): string | undefined {
  return created?.type === 'run.created' ? created.parent?.agent : undefined;
}

function rowOf({ id, parent = '', title, state, createdAt, startedAt, endedAt, durationMs, steps, error }: RunSummary, { agent, use }: Known): TeamRun {
  const { inputTokens, outputTokens, tokensMark, costUsd, costMark } = use;
  const own: ModelUse = { inputTokens, outputTokens, tokensMark, ...(costUsd === undefined ? {} : { costUsd }), ...(costMark === undefined ? {} : { costMark }) };
  return {
    id, parent, title: clip(title, titleLimit), state, createdAt, steps, use: own,
    ...(agent === undefined ? {} : { agent }), ...(startedAt === undefined ? {} : { startedAt }), ...(endedAt === undefined ? {} : { endedAt }),
    ...(durationMs === undefined ? {} : { durationMs }), ...(error === undefined ? {} : { error }),
  };
}
