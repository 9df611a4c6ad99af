import { AssassinError } from '../shared/errors.ts';
import type { EventBody } from '../shared/events.ts';
import { describeAction, grantFor, type Action } from './action.ts';
import { authorize, type Decision, type Rule } from './authorize.ts';
import type { Grant } from './grant.ts';

/** What a person is asked. The answer must come before `signal` aborts, or it counts as no. */
export interface ApprovalRequest {
  readonly run: string;
  readonly action: Action;
  readonly text: string;
  readonly reason: string;
  readonly signal: AbortSignal;
}

/** Asks the person: inline in the panel, natively in the editor, on the terminal. Where nobody can be asked it is `denyAll`. */
export interface Approver {
  approve(request: ApprovalRequest): Promise<boolean>;
  /** A question of the chain's; `undefined` where nobody answered. */
  ask(request: { readonly run: string; readonly question: string; readonly signal: AbortSignal }): Promise<string | undefined>;
}

export const denyAll: Approver = { approve: () => Promise.resolve(false), ask: () => Promise.resolve(undefined) };

export interface GateOptions {
  readonly run: string;
  readonly workspace: string;
  readonly grants: readonly Grant[];
  readonly rules: readonly Rule[];
  /** The place that an action counts for, where the run works on a copy of it. Throws `denied` for what must not be done from a copy. */
  readonly seenAs?: (action: Action) => Action;
  /** Asks the person about what nothing names, once for each action of the run. */
  readonly askUngranted?: boolean;
  readonly approver: Approver;
  readonly signal: AbortSignal;
  /** Writes the decision to the journal, before the effect. */
  readonly record: (event: Extract<EventBody, { type: 'decision' | 'meter' }>) => void;
  /** Marks the run as waiting for a person while the promise is open. */
  readonly waiting: <T>(work: () => Promise<T>) => Promise<T>;
}

/** The one gate of a run: every side effect passes `check` with its final, resolved action, or does not happen. */
export class Gate {
  readonly #options: GateOptions;
  /** Answers to what no rule asks about: the same action is not asked twice, or nobody would read the questions. */
  readonly #answers = new Map<string, Promise<boolean>>();
  readonly #approved = new Set<string>();

  constructor(options: GateOptions) {
    this.#options = options;
  }

  get grants(): readonly Grant[] {
    return this.#options.grants;
  }

  /** Resolves where the action may go on, throws `denied` with what would allow it where it may not. */
  async check(real: Action, step?: string): Promise<void> {
    const { workspace, signal, record } = this.#options;
    signal.throwIfAborted();
    const action = this.#seen(real);
    const decision = this.#decide(action);
    const text = describeAction(action);
    const asks = decision.effect === 'ask';
    const allowed = asks ? await this.#ask(action, text, decision) : decision.effect === 'allow';
    record({
      type: 'decision',
      action: text,
      effect: decision.effect,
      outcome: allowed ? 'allowed' : 'denied',
      reason: decision.reason,
      ...(step === undefined ? {} : { step }),
      ...(decision.rule === undefined ? {} : { rule: decision.rule }),
    });
    signal.throwIfAborted();
    if (!allowed) {
      const grant = grantFor(action, workspace);
      throw new AssassinError('denied', `Not allowed: ${text}. ${decision.reason}`, {
        hint: asks ? 'Approve it when asked.' : `Grant it with "${grant}" in the chain's meta.grants, or on the command line with --allow "${grant}".`,
        data: { action: text },
      });
    }
  }

  /** For synchronous callers that must not ask, such as the egress proxy: a rule that asks counts as a denial. */
  allows(real: Action): boolean {
    const action = this.#seen(real);
    const { effect, rule } = this.#decide(action);
    return effect === 'allow' || (effect === 'ask' && rule === undefined && this.#approved.has(keyOf(action)));
  }

  #seen(action: Action): Action {
    return this.#options.seenAs?.(action) ?? action;
  }

  #decide(action: Action): Decision {
    const { grants, rules, askUngranted = false } = this.#options;
    return authorize(action, grants, rules, { askUngranted });
  }

  async #ask(action: Action, text: string, { reason, rule }: Decision): Promise<boolean> {
    const { run, approver, signal, record, waiting } = this.#options;
    const question = async () => {
      const allowed = await waiting(() => approver.approve({ run, action, text, reason, signal }));
      record({ type: 'meter', meter: 'asks', value: 1, mark: 'measured', source: 'approvals asked' });
      return allowed;
    };
    // A rule that asks first means each time.
    if (rule !== undefined) return question();
    const key = keyOf(action);
    let answer = this.#answers.get(key);
    if (answer === undefined) this.#answers.set(key, (answer = question()));
    const allowed = await answer;
    if (allowed) this.#approved.add(key);
    return allowed;
  }
}

/** More than the text of an action: a command in another folder is another command. */
function keyOf(action: Action): string {
  return JSON.stringify(action);
}
