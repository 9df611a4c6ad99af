import { describe, expect, it } from 'vitest';
import { Approvals } from '../../../src/policy/approvals.ts';
import { denyAll } from '../../../src/policy/approver.ts';
import type { ApprovalChange } from '../../../src/shared/approvals.ts';
import { approvalRequest, person } from '../../helpers/approval.ts';

const offers = [{ scope: 'run', grant: 'browser', sentence: 'Starting a throwaway browser.', examples: ['browser'] }] as const;
const never = () => new Promise<never>(() => undefined);

function listening(approvals: Approvals): ApprovalChange[] {
  const changes: ApprovalChange[] = [];
  approvals.onChange((change) => changes.push(change));
  return changes;
}

describe('open approvals', () => {
  it('are listed as plain data for whoever looks, also who looks later', async () => {
    const approvals = new Approvals(person(never));
    const answer = approvals.approve(approvalRequest({ offers }));
    const other = approvals.approve(approvalRequest({ id: 'ap_2', run: 'run_2' }));
    expect(JSON.parse(JSON.stringify(approvals.pending()))).toMatchObject([{ id: 'ap_1', text: 'browser', offers }, { id: 'ap_2' }]);
    expect(approvals.pending('run_2')).toMatchObject([{ id: 'ap_2' }]);
    expect(approvals.answer('ap_1', { answer: 'run', grant: 'browser' })).toBe(true);
    expect(await answer).toEqual({ answer: 'run', grant: 'browser' });
    approvals.answer('ap_2', { answer: 'deny' });
    await other;
    expect(approvals.pending()).toEqual([]);
  });

  it('take the first answer, from whatever door, and take the question away everywhere else', async () => {
    const slow = person(never);
    const quick = Promise.withResolvers<{ answer: 'once' }>();
    const approvals = new Approvals(slow);
    approvals.attach(person(() => quick.promise));
    const changes = listening(approvals);
    const answer = approvals.approve(approvalRequest());
    quick.resolve({ answer: 'once' });
    expect(await answer).toEqual({ answer: 'once' });
    expect(slow.asked[0]?.signal.aborted).toBe(true);
    expect(approvals.answer('ap_1', { answer: 'deny' })).toBe(false);
    expect(changes).toMatchObject([{ type: 'asked' }, { type: 'closed', id: 'ap_1', how: 'answered' }]);
  });

  it('refuse an answer that was not offered, and stay open', async () => {
    const approvals = new Approvals(person(never));
    const answer = approvals.approve(approvalRequest({ offers }));
    expect(() => approvals.answer('ap_1', { answer: 'workspace', grant: 'browser' })).toThrow(expect.objectContaining({ code: 'invalid-input' }) as Error);
    expect(() => approvals.answer('ap_1', { answer: 'run', grant: 'net https://*.example' })).toThrow(expect.objectContaining({ code: 'invalid-input' }) as Error);
    expect(approvals.pending()).toHaveLength(1);
    approvals.answer('ap_1', { answer: 'once' });
    expect(await answer).toEqual({ answer: 'once' });
  });

  it.each([['timeout', 'timeout'], [undefined, 'ended']] as const)('are closed when the question is (%s), and nothing can be answered then', async (reason, how) => {
    const approvals = new Approvals(person(never));
    const changes = listening(approvals);
    const over = new AbortController();
    const answer = approvals.approve(approvalRequest({ signal: over.signal }));
    over.abort(reason);
    expect(await answer).toBeUndefined();
    expect(approvals.answer('ap_1', { answer: 'once' })).toBe(false);
    expect(changes.at(-1)).toMatchObject({ type: 'closed', how });
  });

  it('end without an answer as soon as no door can give one, unless somebody looks at the list', async () => {
    expect(await new Approvals(person(undefined)).approve(approvalRequest())).toBeUndefined();
    const watched = new Approvals(person(undefined));
    listening(watched);
    const answer = watched.approve(approvalRequest());
    await new Promise((resolve) => setImmediate(resolve));
    expect(watched.pending()).toHaveLength(1);
    watched.answer('ap_1', { answer: 'once' });
    expect(await answer).toEqual({ answer: 'once' });
  });

  it('tell how many calls wait', async () => {
    const approvals = new Approvals(person(never));
    const changes = listening(approvals);
    const answer = approvals.approve(approvalRequest());
    const { signal: _signal, ...approval } = approvalRequest({ waiting: 4 });
    approvals.changed(approval);
    expect(changes.at(-1)).toMatchObject({ type: 'changed', approval: { waiting: 4 } });
    expect(approvals.pending()[0]?.waiting).toBe(4);
    approvals.answer('ap_1', { answer: 'once' });
    await answer;
  });

  it('know whether there is anybody to ask', () => {
    const approvals = new Approvals(denyAll);
    expect(approvals.canAsk).toBe(false);
    const page = approvals.onChange(() => undefined);
    expect(approvals.canAsk).toBe(true);
    page[Symbol.dispose]();
    expect(approvals.canAsk).toBe(false);
    expect(new Approvals(person(undefined)).canAsk).toBe(true);
  });
});
