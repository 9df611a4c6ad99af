import type { Rule } from '../policy/authorize.ts';
import { ToolRegistry } from '../tools/registry.ts';

/** What looking needs, and what is computed without a trace. */
const harmless: ReadonlySet<string> = new Set(['fs.read', 'model', 'clock', 'random']);

/**
 * The rules of a run that only plans. Standing rules that allow more do not count in it, and where one asks, it denies: such a run has a grant for
 * reading and one for its own plan file, and what neither names is denied without a question.
 */
export function planRules(rules: readonly Rule[]): readonly Rule[] {
  return rules.flatMap((rule): readonly Rule[] => (harmless.has(rule.grant.kind) || rule.effect === 'deny' ? [rule] : rule.effect === 'ask' ? [{ ...rule, effect: 'deny' }] : []));
}

/** The tools that look at the workspace, and the one that asks the person. What a person has once allowed for ever is not even there. */
export function lookingTools(tools: ToolRegistry): ToolRegistry {
  const looking = new ToolRegistry();
  looking.register(...tools.list().filter(({ effects, kind }) => effects.readOnly && (kind === 'workspace' || kind === 'approval')));
  return looking;
}
