import type { Action } from './action.ts';
import type { Decision, Rule } from './authorize.ts';
import type { Grant } from './grant.ts';
import type { Untrusted } from './untrusted.ts';

/** All that a decision on an action hangs on, beside the grants of the run. Each is replaced, or grows, where it changes. */
export interface Grounds {
  readonly rules: readonly Rule[];
  /** What the person has decided for the workspace. */
  readonly decisions: readonly Rule[];
  /** What the person has answered in this run. */
  readonly answers: readonly Grant[];
  readonly untrusted: Untrusted | undefined;
  /** How many places the run has been in touch with. */
  readonly places: number;
}

interface Kept extends Grounds {
  readonly action: Action;
  readonly answered: number;
  readonly decision: Decision;
}

/**
 * The last decision of a gate, as long as nothing has changed that it hangs on. One call of a tool is decided on before it is recorded, when it is, and again
 * when it is known what the server says of the tool; and a loop calls the same tool again. What has a limit of time, number or size is decided on each time.
 */
export class LastDecision {
  readonly #grantsAreTimeless: boolean;
  #kept: Kept | undefined;

  constructor(grants: readonly Grant[]) {
    this.#grantsAreTimeless = grants.every(isTimeless);
  }

  of(action: Action, grounds: Grounds, decide: () => Decision): Decision {
    const { rules, decisions, answers, untrusted, places } = grounds;
    const kept = this.#kept;
    if (kept?.action === action && kept.rules === rules && kept.decisions === decisions && kept.answered === answers.length && kept.untrusted === untrusted && kept.places === places) return kept.decision;
    const decision = decide();
    const mayStand = this.#grantsAreTimeless && answers.every(isTimeless) && [rules, decisions].every((list) => list.every(({ grant }) => isTimeless(grant)));
    this.#kept = mayStand ? { ...grounds, action, answered: answers.length, decision } : undefined;
    return decision;
  }
}

const isTimeless = ({ limits }: Grant): boolean => limits === undefined;
