import type { ApprovalRequest, Approver } from '../../src/policy/approver.ts';
import type { ApprovalAnswer } from '../../src/shared/approvals.ts';

/** A person at a door who answers each question as told and remembers what was asked. */
export interface Person extends Approver {
  readonly asked: readonly ApprovalRequest[];
  /** The exact actions. */
  readonly texts: readonly string[];
}

export function person(answer: ApprovalAnswer | undefined | ((request: ApprovalRequest) => ApprovalAnswer | undefined | Promise<ApprovalAnswer | undefined>)): Person {
  const asked: ApprovalRequest[] = [];
  return {
    asked,
    get texts() {
      return asked.map(({ text }) => text);
    },
    approve: async (request) => {
      asked.push(request);
      return typeof answer === 'function' ? answer(request) : answer;
    },
    ask: () => Promise.resolve(undefined),
  };
}

/** One question, as it might be; for doors that only show it. */
export function approvalRequest(part: Partial<ApprovalRequest> = {}): ApprovalRequest {
  return {
    id: 'ap_1', run: 'run_1', title: 'Shop report', text: 'browser', reason: 'The rule asks.', why: { cause: 'rule', text: 'The rule asks.' }, origin: { tool: 'browser.open', step: 's_1' },
    untrusted: [], offers: [], waiting: 1, askedAt: 0, deadline: 300_000, signal: new AbortController().signal, ...part,
  };
}
