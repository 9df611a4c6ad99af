import type { Approval, ApprovalAnswer } from '../shared/approvals.ts';

/** What a door is asked. */
export interface ApprovalRequest extends Approval {
  /** Aborts when the question needs no answer any more: somebody answered elsewhere, the time is over, the run has ended. */
  readonly signal: AbortSignal;
}

/** Asks the person: inline in the panel, natively in the editor, on the terminal. Where nobody can be asked it is `denyAll`. */
export interface Approver {
  /** False where there is nobody to ask now; then nothing is asked, and nothing counted as asked. */
  readonly canAsk?: boolean;
  /** `undefined` where nobody answered here. */
  approve(request: ApprovalRequest): Promise<ApprovalAnswer | undefined>;
  /** More calls wait for an answer that is still open. */
  changed?(approval: Approval): void;
  /** A question of the chain's; `undefined` where nobody answered. */
  ask(request: { readonly run: string; readonly question: string; readonly signal: AbortSignal }): Promise<string | undefined>;
}

export const denyAll: Approver = { canAsk: false, approve: () => Promise.resolve(undefined), ask: () => Promise.resolve(undefined) };
