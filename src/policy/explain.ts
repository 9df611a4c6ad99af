import type { DecisionEffect } from '../shared/events.ts';
import { describeAction, grantFor, type Action } from './action.ts';
import { authorize, type Rule } from './authorize.ts';
import { allowRulePlace } from './denial-hint.ts';
import type { Grant } from './grant.ts';
import type { Untrusted } from './untrusted.ts';

/** A decision with what it rests on and what would change it. */
export interface Explanation {
  /** Resolved: after symbolic links, URL parsing and word splitting. */
  readonly action: string;
  readonly effect: DecisionEffect;
  readonly reason: string;
  /** The grant or rule that decided, with where it is written. */
  readonly decidedBy?: string;
  /** What would allow it, as a sentence; absent where it is allowed. */
  readonly remedy?: string;
  /** The narrowest grant that would cover it, absent where no grant would help. */
  readonly grant?: string;
}

export function explain(action: Action, grants: readonly Grant[], rules: readonly Rule[], workspace: string, untrusted?: Untrusted): Explanation {
  const { effect, reason, rule, cause } = authorize(action, grants, rules, { untrusted });
  const text = describeAction(action);
  const decidedBy = rule === undefined ? {} : { decidedBy: rule };
  if (effect === 'allow') return { action: text, effect, reason, ...decidedBy };
  if (cause === 'untrusted') {
    const grant = grantFor(action, workspace);
    return { action: text, effect, reason, grant, remedy: `Name it exactly, with "${grant}" in the chain's meta.grants, with --allow or as ${allowRulePlace}, or answer when asked; where nobody can be asked it is denied.` };
  }
  if (effect === 'ask') return { action: text, effect, reason, ...decidedBy, remedy: 'A person who is asked may allow it once; where nobody can be asked it is denied.' };
  if (rule !== undefined) return { action: text, effect, reason, ...decidedBy, remedy: `No grant can: remove or narrow the rule (${rule}).` };
  const grant = grantFor(action, workspace);
  return { action: text, effect, reason, grant, remedy: `Put "${grant}" into the chain's meta.grants, or give --allow '${grant}'.` };
}
