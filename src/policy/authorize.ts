import type { DecisionEffect } from '../shared/events.ts';
import { describeAction, type Action } from './action.ts';
import { forbids, permits, type Grant } from './grant.ts';

/** A standing decision of a person or a settings file. `origin` is a file with a line, or the name of the setting. */
export interface Rule {
  readonly effect: DecisionEffect;
  readonly grant: Grant;
  readonly origin: string;
}

export interface Decision {
  readonly effect: DecisionEffect;
  readonly reason: string;
  /** The grant or rule that decided, absent where nothing matched. */
  readonly rule?: string;
}

export interface AuthorizeOptions {
  /** What nothing names is asked of the person instead of being denied. For tasks, whose steps nobody could list beforehand. */
  readonly askUngranted?: boolean;
}

/**
 * The one policy function. Pure, and linear in the number of grants and rules.
 * A deny rule beats everything, an ask rule beats a grant, and an action that nothing names is denied or asked: there is no default allow.
 */
export function authorize(action: Action, grants: readonly Grant[], rules: readonly Rule[], { askUngranted = false }: AuthorizeOptions = {}): Decision {
  const matching = rules.filter(({ effect, grant }) => grant.kind === action.kind && (effect === 'allow' ? permits(grant, action) : forbids(grant, action)));
  const denied = matching.find((rule) => rule.effect === 'deny');
  if (denied) return { effect: 'deny', reason: `The rule "${denied.grant.text}" denies it (${denied.origin}).`, rule: denied.origin };
  const asked = matching.find((rule) => rule.effect === 'ask');
  if (asked) return { effect: 'ask', reason: `The rule "${asked.grant.text}" asks first (${asked.origin}).`, rule: asked.origin };
  const granted = grants.find((grant) => permits(grant, action));
  if (granted) return { effect: 'allow', reason: `Granted by "${granted.text}"${placeOf(granted)}.`, rule: `${granted.text}${placeOf(granted)}` };
  const allowed = matching.find((rule) => rule.effect === 'allow');
  if (allowed) return { effect: 'allow', reason: `The rule "${allowed.grant.text}" allows it (${allowed.origin}).`, rule: allowed.origin };
  const otherwise: DecisionEffect = askUngranted ? 'ask' : 'deny';
  const broad = grants.find((grant) => grant.matches(action));
  if (broad) return { effect: otherwise, reason: `It is a protected path, which "${broad.text}" does not cover because it does not name it.` };
  return { effect: otherwise, reason: `No grant of this run covers ${describeAction(action)}.` };
}

function placeOf({ origin }: Grant): string {
  return origin === undefined ? '' : ` (${origin})`;
}
