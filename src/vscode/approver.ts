import * as vscode from 'vscode';
import type { ApprovalRequest, Approver } from '../policy/approver.ts';
import type { Approval, ApprovalAnswer } from '../shared/approvals.ts';
import { nameOf } from './format.ts';
import { pickAnswer } from './pick-answer.ts';

/** A person who does not answer a chain's question for this long has not answered it. */
const answerLimitMs = 2 * 60_000;
/** A notification cuts longer texts off; what is approved must be seen whole. */
const notificationLength = 400;

export interface EditorApproverOptions {
  /** Opens the run in the panel. */
  readonly show: (run: string) => void;
  /** Resolves once no page is on the screen that shows the question itself: two places to answer one question are one too many. */
  readonly hidden: (signal: AbortSignal) => Promise<void>;
  /** What the person knows the run by. */
  readonly titleOf: (run: string) => Promise<string>;
}

/**
 * Asks in the editor. One question at a time, so that an answer can't land on the wrong one; in a notification, because that takes no
 * focus: a key that was meant for the file must not approve anything. No answer counts as no.
 */
export class EditorApprover implements Approver {
  readonly #options: EditorApproverOptions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: EditorApproverOptions) {
    this.#options = options;
  }

  /** How long it may take is said by the request, whose signal aborts then. */
  approve({ signal, ...approval }: ApprovalRequest): Promise<ApprovalAnswer | undefined> {
    return this.#inTurn(signal, async (end) => {
      await this.#options.hidden(end);
      return end.aborted ? undefined : this.#approve(approval, end);
    });
  }

  ask({ run, question, signal }: { readonly run: string; readonly question: string; readonly signal: AbortSignal }): Promise<string | undefined> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(answerLimitMs)]);
    return this.#inTurn(limit, async (end) => {
      await this.#options.hidden(end);
      if (end.aborted) return undefined;
      const title = vscode.l10n.t('{0} asks', nameOf(await this.#options.titleOf(run)));
      const source = new vscode.CancellationTokenSource();
      end.addEventListener('abort', () => source.cancel(), { once: true });
      return vscode.window.showInputBox({ title, prompt: question, ignoreFocusOut: true }, source.token);
    });
  }

  /** Starts when the questions before it are answered. `undefined` where its time is over or the run has ended first. */
  #inTurn<T>(signal: AbortSignal, work: (end: AbortSignal) => Promise<T>): Promise<T | undefined> {
    const turn = this.#last.then(async () => {
      const over = new AbortController();
      const end = AbortSignal.any([signal, over.signal]);
      try {
        return await until(end, () => work(end));
      } finally {
        // Takes an input box away that is still open.
        over.abort();
      }
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #approve(approval: Approval, end: AbortSignal): Promise<ApprovalAnswer | undefined> {
    const { run, text, reason, waiting } = approval;
    const title = nameOf(approval.title);
    const once = vscode.l10n.t('Allow once');
    const more = vscode.l10n.t('More choices');
    const deny = vscode.l10n.t('Deny');
    const show = vscode.l10n.t('Show run');
    const who = waiting > 1 ? vscode.l10n.t('{0} ({1} calls wait)', title, waiting) : title;
    const answer = text.length > notificationLength
      ? await vscode.window.showWarningMessage(vscode.l10n.t('{0} wants to do this. {1}', who, reason), { modal: true, detail: text }, once, more)
      : await vscode.window.showWarningMessage(vscode.l10n.t('{0} wants to do this: {1}. {2}', who, text, reason), once, more, deny, show);
    if (answer === once && end.aborted) {
      // A notification cannot be taken back: a click on one whose time is over must not seem to have done something.
      void vscode.window.showInformationMessage(vscode.l10n.t('Too late: the run did not wait for this answer any longer, and nothing was done.'));
    }
    if (end.aborted) return undefined;
    switch (answer) {
      case once:
        return { answer: 'once' };
      case deny:
        return { answer: 'deny' };
      case more:
        return (await pickAnswer(approval, end)) ?? this.#approve(approval, end);
      case show:
        this.#options.show(run);
        return this.#approve(approval, end);
      default:
        // Closed without an answer: it can still be answered in the panel, if somebody looks there.
        return undefined;
    }
  }
}

/** What `work` gives, or `undefined` as soon as the signal aborts. */
async function until<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T | undefined> {
  if (signal.aborted) return undefined;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const end = () => resolve(undefined);
  signal.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([work(), promise]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}
