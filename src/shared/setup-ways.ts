import type { ErrorInfo } from './errors.ts';
import type { BudgetLimits } from './events.ts';

/** Places of the editor where what is missing can be had. */
export const setupWays = ['copilot', 'ollama', 'provider', 'trust', 'folder', 'browser', 'browserPath', 'budget', 'settings'] as const;
export type SetupWay = (typeof setupWays)[number];

/** With no model at all: the three quickest ways to one. */
export const modelWays = ['copilot', 'ollama', 'provider'] as const satisfies readonly SetupWay[];

/** Those that settings raise: grants, turns and agents have limits of other origins. */
const limitsOfRuns: ReadonlySet<unknown> = new Set(['wallMs', 'steps', 'moneyUsd', 'tokens', 'browserSeconds', 'egressBytes'] satisfies (keyof BudgetLimits)[]);

/** What a person can press next to an error that only something outside of the run can mend. */
export function waysOutOf({ code, data }: Pick<ErrorInfo, 'code' | 'data'>): readonly SetupWay[] {
  const way = data?.['way'];
  if (way === 'trust' || way === 'folder' || way === 'settings') return [way];
  if (code === 'no-model') return modelWays;
  if (code === 'browser-not-found') return [data?.['download'] === true ? 'browser' : 'browserPath'];
  if (code === 'budget-exceeded' && limitsOfRuns.has(data?.['budget'])) return ['budget'];
  return [];
}
