import * as vscode from 'vscode';
import type { ApprovalRequest, Approver } from '../policy/gate.ts';

/** A person who does not answer for this long has not agreed. */
const answerLimitMs = 2 * 60_000;
/** A notification cuts longer texts off; what is approved must be seen whole. */
const notificationLength = 400;

export interface EditorApproverOptions {
  /** Opens the run in the panel. */
  readonly show: (run: string) => void;
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

  approve(request: ApprovalRequest): Promise<boolean> {
    return this.#inTurn(request.signal, (end) => this.#approve(request, end)).then((allowed) => allowed ?? false);
  }

  ask({ run, question, signal }: { readonly run: string; readonly question: string; readonly signal: AbortSignal }): Promise<string | undefined> {
    return this.#inTurn(signal, async (end) => {
      const title = vscode.l10n.t('{0} asks', await this.#options.titleOf(run));
      const source = new vscode.CancellationTokenSource();
      end.addEventListener('abort', () => source.cancel(), { once: true });
      return vscode.window.showInputBox({ title, prompt: question, ignoreFocusOut: true }, source.token);
    });
  }

  /** Starts when the questions before it are answered. `undefined` where its time is over or the run has ended first. */
  #inTurn<T>(signal: AbortSignal, work: (end: AbortSignal) => Promise<T>): Promise<T | undefined> {
    const turn = this.#last.then(async () => {
      const limit = new AbortController();
      const timer = setTimeout(() => limit.abort(), answerLimitMs);
      const end = AbortSignal.any([signal, limit.signal]);
      try {
        return await until(end, () => work(end));
      } finally {
        clearTimeout(timer);
        // Takes an input box away that is still open.
        limit.abort();
      }
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #approve({ run, text, reason }: Pick<ApprovalRequest, 'run' | 'text' | 'reason'>, end: AbortSignal): Promise<boolean> {
    const title = await this.#options.titleOf(run);
    const allow = vscode.l10n.t('Allow once');
    const show = vscode.l10n.t('Show run');
    const answer = text.length > notificationLength
      ? await vscode.window.showWarningMessage(vscode.l10n.t('{0} wants to do this. {1}', title, reason), { modal: true, detail: text }, allow)
      : await vscode.window.showWarningMessage(vscode.l10n.t('{0} wants to do this: {1}. {2}', title, text, reason), allow, vscode.l10n.t('Deny'), show);
    if (answer === allow && end.aborted) {
      // A notification cannot be taken back: a click on one whose time is over must not seem to have done something.
      void vscode.window.showInformationMessage(vscode.l10n.t('Too late: the run did not wait for this answer any longer, and nothing was done.'));
    }
    if (answer !== show || end.aborted) return answer === allow;
    this.#options.show(run);
    return this.#approve({ run, text, reason }, end);
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
