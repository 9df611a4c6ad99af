import type { Approval, ApprovalAnswer } from './approvals.ts';
import type { ChatPage } from './chat.ts';
import type { FileDiff } from './file-diff.ts';
import type { ModelDraft, ModelUse, OpenQuestion } from './conversation.ts';
import type { Page, RunSummary, Span } from './dto.ts';
import type { TaskMode } from './events.ts';
import type { MentionCompletion } from './mentions.ts';
import type { RunFilter } from './run-filter.ts';
import type { SetupWay } from './setup-ways.ts';

export interface Call<Params, Result> {
  readonly params: Params;
  readonly result: Result;
}

export interface OfRun {
  readonly run: string;
}

/** A picture that a person attached. */
export interface AttachedPicture {
  readonly name: string;
  readonly mediaType: string;
  readonly base64: string;
}

export interface ModelChoice {
  /** `provider/model`; absent where there is none yet. */
  readonly id?: string;
  readonly label: string;
  /** What it can do, in words; empty where its provider does not say. */
  readonly abilities: readonly string[];
  /** False where its provider says that it sees no pictures. */
  readonly pictures: boolean;
  /** True where no model is connected at all. */
  readonly none: boolean;
  /** Why models that are configured do not count. */
  readonly problem?: string;
  /** Why no task can be started here, whatever the model. */
  readonly blocked?: 'untrusted' | 'no-folder' | 'settings';
}

export interface FoundRun extends RunSummary {
  /** The words around what was found. */
  readonly snippet?: string;
  readonly tags: readonly string[];
}

/** A line of what happened inside a call. */
export type InnerStep = Pick<Span, 'id' | 'kind' | 'name' | 'status' | 'startedAt' | 'endedAt'> & { readonly about?: string; readonly problem?: string };

/** The conversation that a run belongs to. */
export interface ChatSession {
  /** Oldest first; the run itself is among them. */
  readonly runs: readonly RunSummary[];
  readonly resumable: boolean;
  /** Files that it has written: what an undo puts back. */
  readonly changes: number;
  /** Code ran well in it, so that it can be frozen. */
  readonly freezable: boolean;
}

/** A run that another one has started, with what it has used itself. */
export interface TeamRun extends Pick<RunSummary, 'id' | 'title' | 'state' | 'createdAt' | 'startedAt' | 'endedAt' | 'durationMs' | 'steps' | 'error'> {
  /** The run that started it. */
  readonly parent: string;
  /** Who worked in it; absent where its record does not say. */
  readonly agent?: string;
  readonly use: ModelUse;
}

export interface StartRequest {
  readonly text: string;
  readonly mode: TaskMode;
  readonly pictures: readonly AttachedPicture[];
  /** The task whose conversation goes on; a new one where absent. */
  readonly after?: string;
}

/** What the panel may ask about tasks. */
export interface ChatMethods {
  /** Items that changed after `since`, or `limit` items before the index `before`; the newest `limit` where both are absent. */
  'chat.items': Call<OfRun & { readonly since?: number; readonly before?: number; readonly limit: number }, ChatPage>;
  /** What has come of the turn that goes on; absent where none does. */
  'chat.draft': Call<OfRun, { readonly draft?: ModelDraft }>;
  'chat.session': Call<OfRun, ChatSession>;
  /** The steps inside a call, oldest first. */
  'chat.inside': Call<OfRun & { readonly step: string; readonly limit: number }, { readonly steps: readonly InnerStep[]; readonly total: number }>;
  /** Every run below this one, each before its own children, in the order of their start. */
  'chat.team': Call<OfRun, { readonly runs: readonly TeamRun[] }>;
  'chat.diff': Call<OfRun & { readonly write: number }, FileDiff>;
  'chat.openDiff': Call<OfRun & { readonly write: number }, null>;
  'chat.changes': Call<OfRun, null>;
  /** Gives the new run; none where the person went back, for example when asked for a budget. */
  'chat.start': Call<StartRequest, { readonly run?: string }>;
  'chat.steer': Call<OfRun & { readonly text: string }, { readonly message: string }>;
  /** False once the model has read it. */
  'chat.withdraw': Call<OfRun & { readonly message: string }, { readonly withdrawn: boolean }>;
  /** The next turn begins with all that was said, although it was shortened. Gives its estimated tokens. */
  'chat.useWhole': Call<OfRun, { readonly tokens: number }>;
  /** Without a text: the person will not answer. False where it is no longer open. */
  'chat.answer': Call<{ readonly ask: string; readonly text?: string }, { readonly taken: boolean }>;
  'chat.resume': Call<OfRun, OfRun>;
  'chat.fork': Call<OfRun & { readonly turn: number; readonly text: string }, OfRun>;
  'chat.approvePlan': Call<OfRun, OfRun>;
  'chat.undo': Call<OfRun, { readonly run?: string }>;
  'chat.freeze': Call<OfRun, { readonly path?: string }>;
  /** What waits for an answer of the person, oldest first; of all runs of this window. */
  'approvals.pending': Call<Record<string, never>, { readonly approvals: readonly Approval[]; readonly questions: readonly OpenQuestion[] }>;
  /** False where somebody was first, or nobody waits for it any more. */
  'approvals.answer': Call<{ readonly id: string; readonly answer: ApprovalAnswer }, { readonly counted: boolean }>;
  'model.current': Call<{ readonly refresh: boolean }, ModelChoice>;
  'model.choose': Call<Record<string, never>, ModelChoice>;
  'model.setUp': Call<{ readonly way: SetupWay }, null>;
  'mentions.find': Call<{ readonly text: string; readonly cursor: number }, MentionCompletion>;
  'history.search': Call<{ readonly query: string; readonly filter?: RunFilter; readonly after?: string; readonly limit: number }, Page<FoundRun>>;
  /** Shows the whole address and asks first. */
  'link.open': Call<{ readonly address: string }, null>;
}

export interface ChatEvents {
  /** Text of the turn that goes on. `offset` is how much of it came before: who has less asks for the draft. */
  'typing': OfRun & { readonly step: string; readonly kind: 'text' | 'reasoning'; readonly offset: number; readonly text: string };
  /** What was shown of the step does not count, or is on record now. */
  /** Others wait for the person than before. */
  'approvals': { readonly pending: number };
  'typed': OfRun & { readonly step: string; readonly kind: 'restart' | 'end' };
}

/** Answers of these wait for a person, so they have no time limit. */
export const patientMethods: ReadonlySet<string> = new Set([
  'chat.start', 'chat.resume', 'chat.fork', 'chat.approvePlan', 'chat.undo', 'chat.freeze', 'chat.openDiff', 'chat.changes', 'model.choose', 'model.setUp', 'link.open', 'run.export', 'run.again', 'usage.addFiles', 'usage.export', 'view.open', 'view.tab',
] satisfies (keyof ChatMethods | 'run.export' | 'run.again' | 'usage.addFiles' | 'usage.export' | 'view.open' | 'view.tab')[]);
