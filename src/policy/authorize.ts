import type { DecisionEffect } from '../shared/events.ts';
import { hostOf, type Action } from './action.ts';
import { isExact } from './breadth.ts';
import { forbids, permits, type Grant } from './grant.ts';
import { mcpNamed } from './name-pattern.ts';
import { describeSources, riskOf, type Untrusted } from './untrusted.ts';

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
  /** What it rests on: the grant that allows, or the one that does not suffice. */
  readonly grant?: Grant;
  /** Why a person has to be asked, where one has. */
  readonly cause?: 'rule' | 'unlisted' | 'untrusted';
}

export interface AuthorizeOptions {
  /** What nothing names is asked of the person instead of being denied. For tasks, whose steps nobody could list beforehand. */
  readonly askUngranted?: boolean;
  /** What the person has answered "for this run" in this run. */
  readonly answers?: readonly Grant[];
  /** Absent while the run has read nothing of strangers. */
  readonly untrusted?: Untrusted | undefined;
  /** Milliseconds since 1970, for grants that expire. */
  readonly now?: number;
}

/**
 * The one policy function. Looks at nothing but its arguments, and is linear in the number of grants and rules. In this order: a deny rule forbids; what the person has
 * answered for this run allows; an ask rule asks; after untrusted text only what is named exactly is allowed, for what could carry data out; a grant allows; an
 * allow rule allows; and what nothing names is denied or asked: there is no default allow.
 */
export function authorize(action: Action, grants: readonly Grant[], rules: readonly Rule[], options: AuthorizeOptions = {}): Decision {
  const { askUngranted = false, answers = [], untrusted, now = Date.now() } = options;
  const matching = rules.filter(({ effect, grant }) => grant.kind === action.kind && (effect === 'allow' ? permits(grant, action) : forbids(grant, action)) && over(grant, now, action) === undefined);
  const denied = matching.find((rule) => rule.effect === 'deny');
  if (denied) return { effect: 'deny', reason: `The rule "${denied.grant.text}" denies it (${denied.origin}).`, rule: denied.origin };
  const answered = answers.find((grant) => permits(grant, action));
  if (answered) return { effect: 'allow', reason: `The person allowed "${answered.text}" for this run.`, rule: `${answered.text}${placeOf(answered)}`, grant: answered };
  const asked = matching.find((rule) => rule.effect === 'ask');
  if (asked) return { effect: 'ask', reason: `The rule "${asked.grant.text}" asks first (${asked.origin}).`, rule: asked.origin, grant: asked.grant, cause: 'rule' };
  const risk = untrusted === undefined ? undefined : riskOf(action, untrusted);
  const named = risk === undefined ? () => true : isExact;
  const granted = best(grants, (grant) => permits(grant, action) && over(grant, now, action) === undefined && named(grant));
  if (granted) return { effect: 'allow', reason: `Granted by "${granted.text}"${placeOf(granted)}.`, rule: `${granted.text}${placeOf(granted)}`, grant: granted };
  const allowed = matching.find((rule) => rule.effect === 'allow' && named(rule.grant));
  if (allowed) return { effect: 'allow', reason: `The rule "${allowed.grant.text}" allows it (${allowed.origin}).`, rule: allowed.origin, grant: allowed.grant };
  const broad = risk === undefined ? undefined : (best(grants, (grant) => permits(grant, action) && over(grant, now, action) === undefined) ?? matching.find((rule) => rule.effect === 'allow')?.grant);
  if (broad && untrusted) {
    return { effect: 'ask', reason: `The run has read ${describeSources(untrusted.sources)}, and ${risk}; "${broad.text}"${placeOf(broad)} does not name it exactly.`, grant: broad, cause: 'untrusted' };
  }
  return unlisted(action, grants, rules, { askUngranted, now });
}

/** Nothing allows it: says what comes near. */
function unlisted(action: Action, grants: readonly Grant[], rules: readonly Rule[], { askUngranted, now }: { readonly askUngranted: boolean; readonly now: number }): Decision {
  const effect: DecisionEffect = askUngranted ? 'ask' : 'deny';
  const decision = (reason: string, as = effect): Decision => ({ effect: as, reason, ...(as === 'ask' ? { cause: 'unlisted' } : {}) });
  const spent = grants.find((grant) => permits(grant, action));
  if (spent) return decision(`The grant "${spent.text}"${placeOf(spent)} ${over(spent, now, action) ?? 'does not hold'}.`);
  const broad = grants.find((grant) => grant.matches(action));
  if (broad) return decision(`It is a protected path, which "${broad.text}" does not cover because it does not name it.`);
  const changed = [...grants, ...rules.filter((rule) => rule.effect === 'allow').map(({ grant }) => grant)].find(({ pattern }) => pattern.kind === 'mcp' && mcpNamed(pattern, action));
  // Somebody has said yes to what bore this name before: whether that still holds is for a person to say.
  if (changed) return decision(`"${changed.text}"${placeOf(changed)} is pinned, and the server or the tool is not the one that it was pinned to.`, 'ask');
  return decision('No grant of this run covers it.');
}

/** The one whose use is counted: one without limits if there is one, else the first by its text. Which one it is must not hang on their order. */
function best(grants: readonly Grant[], holds: (grant: Grant) => boolean): Grant | undefined {
  let found: Grant | undefined;
  for (const grant of grants) {
    if (!holds(grant)) continue;
    if (grant.limits === undefined) return grant;
    if (found === undefined || grant.text < found.text) found = grant;
  }
  return found;
}

/** Why it holds no more, `undefined` while it does. */
function over({ limits, meter }: Grant, now: number, action: Action): string | undefined {
  if (limits === undefined) return undefined;
  if (meter !== undefined) return meter.over(now, hostOf(action));
  return limits.until !== undefined && now >= limits.until ? `expired at ${new Date(limits.until).toISOString()}` : undefined;
}

function placeOf({ origin }: Grant): string {
  return origin === undefined ? '' : ` (${origin})`;
}
