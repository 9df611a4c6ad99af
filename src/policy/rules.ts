import { sep } from 'node:path';
import type { DecisionEffect } from '../shared/events.ts';
import type { Rule } from './authorize.ts';
import { parseGrant } from './grant.ts';
import { invalidGrant } from './invalid-grant.ts';

/** A rule as a person has written it. `origin` is a file with a line, or the name of the setting. */
export interface WrittenRule {
  readonly effect: DecisionEffect;
  readonly grant: string;
  readonly origin: string;
}

/** A rule that cannot be read stops the start: ignoring a deny rule would allow what it forbids. Throws `invalid-grant`. */
export function parseRules(rules: readonly WrittenRule[], workspace: string): readonly Rule[] {
  return rules.map(({ effect, grant, origin }) => {
    const parsed = parseGrant(grant, workspace, { origin });
    // A rule belongs to no run: there is nothing from which time could count, and nobody whose use would be counted.
    const uncounted = Object.keys(parsed.limits ?? {}).find((limit) => limit !== 'until');
    if (uncounted !== undefined) throw invalidGrant(`The rule "${grant}" (${origin}) has a limit that only a run's own grant can have.`, 'Leave it out, or write {until 2027-01-31}.');
    return { effect, grant: parsed, origin };
  });
}

/** No run reaches the record of runs, whatever it is granted: it holds what other runs have seen, and the proof of what this one did. Both are real paths. */
export function ownRules(workspace: string, dataDirectory: string): readonly WrittenRule[] {
  if (workspace === dataDirectory || workspace.startsWith(dataDirectory + sep)) return [];
  return (['fs.read', 'fs.write'] as const).map((kind) => ({ effect: 'deny', grant: `${kind} ${dataDirectory}${sep}**`, origin: 'built in: the record of runs' }));
}
