import { dayOf, type SharedBudget, type SharedUse } from '../run/shared-budget.ts';
import { budgetWords } from '../run/budget.ts';
import type { Check } from './check.ts';

/** From this share on a limit is worth a warning. */
const near = 0.9;

/** What is used of each limit that several runs share; nothing where none is set. */
export function budgetChecks(pool: SharedBudget | undefined): readonly Check[] {
  return (pool?.uses() ?? []).map(checkOf);
}

function checkOf({ per, kind, used, limit, renewsAt }: SharedUse): Check {
  const name = per === 'perDay' ? 'Budget: day' : 'Budget: workspace';
  const detail = `${Number(used.toPrecision(6))} of ${limit} ${budgetWords[kind]} used; renews on ${dayOf(renewsAt.getTime())}`;
  if (used < limit * near) return { name, status: 'ok', detail };
  const fix = `Raise "${kind}" in infrastructureAssassin.budget.${per}, or wait until it renews.`;
  return { name, status: 'warn', detail: used < limit ? detail : `${detail}; runs that need more are refused`, fix };
}
