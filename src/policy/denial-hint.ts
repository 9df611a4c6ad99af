import type { Verdict } from './ask-person.ts';
import type { Decision } from './authorize.ts';

/** Where somebody who means it writes down that it may be done. */
export const allowRulePlace = 'an allow rule in "infrastructureAssassin.rules" of your own settings';

/** What a person does about a denial who wants the action. @param grant the one that allows exactly this action */
export function denialHint(grant: string, { cause, grant: broad }: Decision, how: Exclude<Verdict['how'], 'once' | 'run' | 'workspace'> | undefined): string {
  if (how === 'deny') return 'Do it in another way, or without it.';
  const unasked = how === undefined || how === 'nobody';
  if (cause === 'untrusted') {
    const place = broad?.origin === undefined ? "in the chain's meta.grants" : `beside "${broad.text}" (${broad.origin})`;
    return `${unasked ? 'Where you mean it' : 'Approve it when asked, or where you always mean it'}, name it exactly: "${grant}" ${place}, with --allow on the command line, or as ${allowRulePlace}. What was read may have asked for this call, and a pattern does not say that you meant it.`;
  }
  return unasked ? `Grant it with "${grant}" in the chain's meta.grants, or on the command line with --allow "${grant}".` : 'Approve it when asked.';
}
