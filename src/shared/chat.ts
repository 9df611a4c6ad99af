import type { ModelUse } from './conversation.ts';
import type { Span } from './dto.ts';
import type { ErrorInfo } from './errors.ts';
import type { ApprovalEnd, EventOf, PlanStep } from './events.ts';
import type { RunState } from './run-state.ts';

export interface Picture {
  /** Name of the stored value. */
  readonly blob: string;
  readonly bytes: number;
  readonly mediaType: string;
}

/** A run that a step of this one has started, or whose result it was given again. */
export interface ChildRef {
  readonly run: string;
  readonly agent: string;
  /** The result is that of an earlier run: nothing was started. */
  readonly recorded: boolean;
}

export interface Note {
  readonly level: 'info' | 'warn' | 'error';
  readonly text: string;
}

interface ItemBase {
  readonly id: string;
  /** Place in the conversation, from 0; never changes. */
  readonly index: number;
  /** The newest event that has changed it. */
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

interface ItemBodies {
  /** The task, or what the person has said since. */
  person: { readonly text: string; readonly pictures: number; readonly message?: string; readonly state: 'read' | 'queued' | 'withdrawn' };
  /** One answer of a model. `more` where its text was too long for a page: the whole of it is in the step `id`. */
  turn: {
    /** Counts from 1: a fork names it. */
    readonly turn: number;
    readonly model: string; readonly status: Span['status']; readonly text: string; readonly reasoning?: string; readonly more: boolean;
    readonly use?: ModelUse; readonly ms?: number; readonly error?: ErrorInfo;
    /** What happened on the way to the answer, such as a request that was made again. */
    readonly notes?: readonly Note[];
  };
  /** A tool that the model has called; its input and output are those of the step `id`. */
  call: {
    readonly name: string; readonly about?: string; readonly status: Span['status']; readonly endedAt?: number; readonly problem?: string;
    /** Steps inside it. */
    readonly steps: number; readonly pictures: readonly Picture[]; readonly children: readonly ChildRef[];
  };
  /** A file was written; `write` is the event that tells so. */
  edit: { readonly path: string; readonly write: number; readonly created: boolean };
  /** Open while it has neither an answer nor a reason why nobody will answer. */
  question: { readonly ask: string; readonly question: string; readonly choices: readonly string[]; readonly answer?: string; readonly closed?: string };
  repair: { readonly round: number; readonly of: number; readonly problem: string; readonly spentTokens: number; readonly spentUsd?: number; readonly estimateTokens?: number; readonly estimateUsd?: number };
  /** A decision that a person has taken, or a refusal; `how` the question about it was closed, and the words of a no. */
  decision: { readonly action: string; readonly asked: boolean; readonly allowed: boolean; readonly reason: string; readonly how?: ApprovalEnd; readonly words?: string };
  note: Note;
  /** The conversation was shortened to make room; tokens are estimates. `whole`: all of it was used again afterwards. */
  shortened: { readonly status: Span['status']; readonly before: number; readonly after?: number; readonly whole: boolean };
  end: {
    readonly state: RunState; readonly error?: ErrorInfo;
    readonly verification?: 'verified' | 'unverified'; readonly why?: string; readonly evidence: readonly string[]; readonly changed: readonly string[];
    /** The file that holds the plan which a person may approve. */
    readonly plan?: string;
    /** What the task ended with, where the last turn did not say it already. */
    readonly answer?: string;
  };
}

export type ChatKind = keyof ItemBodies;
export type ChatItem = { [K in ChatKind]: ItemBase & { readonly kind: K } & ItemBodies[K] }[ChatKind];
export type ChatItemOf<K extends ChatKind> = Extract<ChatItem, { readonly kind: K }>;

/** What a run has used of what limits it, with the runs that it started: they draw from its budget. */
export interface RunUse extends ModelUse {
  readonly steps: number;
  /** How often a person was asked. */
  readonly asks: number;
  /** How long the run has waited for a person, which its limit of time does not count: milliseconds of what is over, and since when it waits now. */
  readonly waits: Waits;
}

export interface Waits {
  readonly overMs: number;
  readonly since?: number;
}

/** After one more change of state. Whatever comes after waiting ends it, so that a run that was stopped while it asked waits no longer. */
export function waitsAfter({ overMs, since }: Waits, { to, at }: Pick<EventOf<'run.state'>, 'to' | 'at'>): Waits {
  const over = overMs + (since === undefined ? 0 : at - since);
  return { overMs: over, ...(to === 'waiting' ? { since: at } : {}) };
}

/** Milliseconds up to `now`. */
export function waitedMs({ overMs, since }: Waits, now: number): number {
  return overMs + (since === undefined ? 0 : Math.max(0, now - since));
}

export interface ChatPage {
  /** In order of `index`. */
  readonly items: readonly ChatItem[];
  /** Items of the run in all. */
  readonly total: number;
  /** The newest event that is taken into account: pass it back to get what changes after it. */
  readonly seq: number;
  readonly plan: readonly PlanStep[];
  readonly use: RunUse;
}
