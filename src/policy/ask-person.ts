import type { Approval, ApprovalAnswer, UntrustedSource } from '../shared/approvals.ts';
import type { FileDiff } from '../shared/file-diff.ts';
import type { EventBody } from '../shared/events.ts';
import { newId } from '../shared/ids.ts';
import { describeAction, type Action } from './action.ts';
import type { Approver } from './approver.ts';
import type { Decision } from './authorize.ts';
import type { DecisionBook } from './decisions.ts';
import { parseGrant, type Grant } from './grant.ts';
import { offersFor } from './offers.ts';
import { placeIn } from './origin-place.ts';

export const defaultApprovalTimeoutMs = 300_000;
const maxReason = 500;

export interface AskPersonOptions {
  readonly run: string;
  readonly title?: string;
  readonly agent?: string;
  readonly workspace: string;
  readonly approver: Approver;
  readonly timeoutMs?: number;
  readonly decisions?: DecisionBook;
  readonly signal: AbortSignal;
  readonly record: (event: Extract<EventBody, { type: 'meter' | 'approval.asked' | 'approval.closed' }>) => void;
  readonly waiting: <T>(work: () => Promise<T>) => Promise<T>;
  /** Takes secrets out of what a person is shown: titles and actions hold words of tasks and programs. */
  readonly redact?: <T>(value: T) => T;
}

/** What the gate is told beside the action, for the case that a person is asked. */
export interface CheckOptions {
  readonly tool?: string | undefined;
  /** What this is a part of and reaches no further than: whoever allowed that in the same step is not asked again. What a rule asks about, what is denied, and what strangers may have led to is decided as ever. */
  readonly partOf?: Action | undefined;
  /** What would be changed in the file; asked for only where somebody is there to see it. */
  readonly preview?: (() => Promise<FileDiff | undefined>) | undefined;
}

export interface Question extends CheckOptions {
  readonly action: Action;
  readonly decision: Decision;
  readonly step?: string | undefined;
  readonly untrusted: readonly UntrustedSource[];
  readonly seen: readonly Action[];
}

/** How a question ended. */
export type Verdict =
  | { readonly allowed: true; readonly how: 'once' | 'run' | 'workspace'; readonly grant?: string }
  | { readonly allowed: false; readonly how: 'deny' | 'timeout' | 'nobody' | 'ended'; readonly reason?: string };

interface Open {
  approval: Approval;
  readonly kind: Action['kind'];
  readonly verdict: Promise<Verdict>;
}

/** Puts the questions of one run to the person: equal ones once for all calls that wait, with a time limit after which the answer is no. */
export class AskPerson {
  readonly #options: AskPersonOptions;
  readonly #open = new Map<string, Open>();
  /** What nobody allowed is not asked again in this run: neither a model nor a loop shall wear the person down. */
  readonly #refused = new Map<string, Verdict>();
  readonly #answers: Grant[] = [];

  constructor(options: AskPersonOptions) {
    this.#options = options;
  }

  /** What the person has allowed for the rest of the run. */
  get answers(): readonly Grant[] {
    return this.#answers;
  }

  /** Resolves when an open question about another action of the same kind is answered; `undefined` where there is none. */
  ahead(action: Action): Promise<unknown> | undefined {
    const key = keyOf(action);
    if (this.#open.has(key)) return undefined;
    return [...this.#open.values()].find(({ kind }) => kind === action.kind)?.verdict;
  }

  async ask(question: Question): Promise<Verdict> {
    const key = keyOf(question.action);
    const refused = this.#refused.get(key);
    if (refused) return refused;
    const open = this.#open.get(key);
    if (open) {
      open.approval = { ...open.approval, waiting: open.approval.waiting + 1 };
      this.#options.approver.changed?.(open.approval);
      return open.verdict;
    }
    if (this.#options.approver.canAsk === false) return { allowed: false, how: 'nobody' };
    const approval = this.#approvalOf(question);
    const verdict = this.#put(approval, question).finally(() => this.#open.delete(key));
    this.#open.set(key, { approval, kind: question.action.kind, verdict });
    const end = await verdict;
    // A rule that asks first means each time.
    if (!end.allowed && end.how !== 'ended' && question.decision.cause !== 'rule') this.#refused.set(key, end);
    return end;
  }

  async #put(approval: Approval, { action, step, preview }: Question): Promise<Verdict> {
    const { record, waiting, approver, signal: runEnds } = this.#options;
    const { id, text, why, deadline } = approval;
    record({ type: 'approval.asked', approval: id, action: text, cause: why.cause, reason: why.text, deadline, ...(step === undefined ? {} : { step }) });
    const closed = new AbortController();
    const timer = setTimeout(() => closed.abort('timeout'), deadline - approval.askedAt);
    const signal = AbortSignal.any([runEnds, closed.signal]);
    try {
      const answer = await waiting(() => unlessAborted(this.#shown(keyOf(action), approval, preview).then((shown) => approver.approve({ ...shown, signal })).catch(() => undefined), signal));
      const verdict = answer === 'aborted' ? ({ allowed: false, how: runEnds.aborted ? 'ended' : 'timeout' } as const) : this.#take(answer, approval);
      record({ type: 'meter', meter: 'asks', value: 1, mark: 'measured', source: 'approvals asked', ...(step === undefined ? {} : { step }) });
      record({ type: 'approval.closed', approval: id, how: verdict.how, ...('grant' in verdict ? { grant: verdict.grant } : {}), ...('reason' in verdict ? { reason: verdict.reason } : {}) });
      return verdict;
    } finally {
      clearTimeout(timer);
      closed.abort('answered');
    }
  }

  /** The question with what would be changed. Equal calls may have come to wait for it meanwhile. */
  async #shown(key: string, approval: Approval, preview: Question['preview']): Promise<Approval> {
    const { redact = unchanged } = this.#options;
    const change = await preview?.().catch(() => undefined);
    const open = this.#open.get(key);
    const shown = { ...(open?.approval ?? approval), ...(change === undefined ? {} : { change: redact(change) }) };
    if (open !== undefined) open.approval = shown;
    return shown;
  }

  #take(answer: ApprovalAnswer | undefined, { offers, run, text }: Approval): Verdict {
    if (answer === undefined) return { allowed: false, how: 'nobody' };
    if (answer.answer === 'once') return { allowed: true, how: 'once' };
    if (answer.answer === 'deny') {
      const reason = answer.reason?.trim().slice(0, maxReason);
      return { allowed: false, how: 'deny', ...(reason ? { reason } : {}) };
    }
    // What was not offered was not shown to anybody either.
    if (!offers.some(({ scope, grant }) => scope === answer.answer && grant === answer.grant)) return { allowed: false, how: 'nobody' };
    const { workspace, decisions } = this.#options;
    if (answer.answer === 'workspace' && decisions) decisions.remember({ grant: answer.grant, run, action: text });
    this.#answers.push(parseGrant(answer.grant, workspace, { origin: answer.answer === 'run' ? 'your answer in this run' : 'your decision for this workspace' }));
    return { allowed: true, how: answer.answer, grant: answer.grant };
  }

  #approvalOf({ action, decision, step, tool, untrusted, seen }: Question): Approval {
    const { run, title = run, agent, workspace, timeoutMs = defaultApprovalTimeoutMs, redact = unchanged } = this.#options;
    const { cause = 'unlisted', reason, grant, rule } = decision;
    const origin = cause === 'rule' ? rule : grant?.origin;
    const place = origin === undefined ? undefined : placeIn(origin);
    const askedAt = Date.now();
    // A grant that would show a secret is not offered: it could not be shown as it stands.
    const offers = offersFor(action, { workspace, cause, seen }).filter((offer) => redact(offer.grant) === offer.grant);
    return redact({
      id: newId('ap'), run, title, text: describeAction(action), reason,
      why: { cause, text: reason, ...(grant === undefined ? {} : { rule: grant.text }), ...(origin === undefined ? {} : { origin }), ...(place === undefined ? {} : { place }) },
      origin: { ...(agent === undefined ? {} : { agent }), ...(tool === undefined ? {} : { tool }), ...(step === undefined ? {} : { step }) },
      untrusted, offers, waiting: 1, askedAt, deadline: askedAt + timeoutMs,
    });
  }
}

const unchanged = <T>(value: T): T => value;

/** More than the text of an action: a command in another folder is another command. */
export function keyOf(action: Action): string {
  return JSON.stringify(action);
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | 'aborted'> {
  const { promise, resolve } = Promise.withResolvers<'aborted'>();
  const onAbort = () => resolve('aborted');
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([promise, work]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
