import type { Approval, ApprovalAnswer, ApprovalChange } from '../shared/approvals.ts';
import { AssassinError } from '../shared/errors.ts';
import type { ApprovalRequest, Approver } from './approver.ts';

interface Pending {
  approval: Approval;
  readonly settle: (answer: ApprovalAnswer | undefined) => boolean;
}

/** Where the open questions of all runs lie, for every door at once: panel, notification, terminal. The first answer wins, and the others take theirs away. */
export class Approvals implements Approver {
  readonly #pending = new Map<string, Pending>();
  readonly #doors = new Set<Approver>();
  readonly #listeners = new Set<(change: ApprovalChange) => void>();

  constructor(...doors: readonly Approver[]) {
    for (const door of doors) this.#doors.add(door);
  }

  get canAsk(): boolean {
    return this.#listeners.size > 0 || [...this.#doors].some((door) => door.canAsk !== false);
  }

  /** Another way to reach the person, for the questions from now on; what is open already is in `pending`. */
  attach(door: Approver): Disposable {
    this.#doors.add(door);
    return { [Symbol.dispose]: () => void this.#doors.delete(door) };
  }

  /** Oldest first. */
  pending(run?: string): readonly Approval[] {
    return [...this.#pending.values()].map(({ approval }) => approval).filter((approval) => run === undefined || approval.run === run);
  }

  /** Whoever listens shows what is pending, and counts as somebody who can answer. */
  onChange(listener: (change: ApprovalChange) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** True if this answer counted; false where the question is not open any more. Throws `invalid-input` for a standing answer that was not offered. */
  answer(id: string, answer: ApprovalAnswer): boolean {
    const pending = this.#pending.get(id);
    if (pending === undefined) return false;
    if ((answer.answer === 'run' || answer.answer === 'workspace') && !pending.approval.offers.some(({ scope, grant }) => scope === answer.answer && grant === answer.grant)) {
      throw new AssassinError('invalid-input', `"${answer.grant}" was not offered for this question.`, { hint: 'Answer with one of the offers as it stands, with once, or with deny.' });
    }
    return pending.settle(answer);
  }

  changed(approval: Approval): void {
    const pending = this.#pending.get(approval.id);
    if (pending === undefined) return;
    pending.approval = approval;
    this.#tell({ type: 'changed', approval });
  }

  async approve(request: ApprovalRequest): Promise<ApprovalAnswer | undefined> {
    const { signal, ...approval } = request;
    const { promise, resolve } = Promise.withResolvers<ApprovalAnswer | undefined>();
    let settled = false;
    const answered = new AbortController();
    const settle = (answer: ApprovalAnswer | undefined) => {
      if (settled) return false;
      settled = true;
      this.#pending.delete(approval.id);
      const how = answer !== undefined ? 'answered' : signal.aborted && signal.reason === 'timeout' ? 'timeout' : 'ended';
      answered.abort();
      resolve(answer);
      this.#tell({ type: 'closed', id: approval.id, run: approval.run, how });
      return true;
    };
    signal.addEventListener('abort', () => settle(undefined), { once: true, signal: answered.signal });
    this.#pending.set(approval.id, { approval, settle });
    this.#tell({ type: 'asked', approval });
    if (signal.aborted) settle(undefined);
    const everywhere = { ...approval, signal: AbortSignal.any([signal, answered.signal]) };
    const asked = [...this.#doors].filter((door) => door.canAsk !== false).map(async (door) => {
      const answer = await door.approve(everywhere).catch(() => undefined);
      if (answer !== undefined) settle(answer);
    });
    // Nobody is left who could say anything.
    void Promise.all(asked).then(() => (this.#listeners.size === 0 ? settle(undefined) : undefined));
    return promise;
  }

  /** Questions in words go to the first door that can ask. */
  async ask(request: Parameters<Approver['ask']>[0]): Promise<string | undefined> {
    for (const door of this.#doors) if (door.canAsk !== false) return door.ask(request);
    return undefined;
  }

  #tell(change: ApprovalChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
