import type { Command } from 'commander';
import type { SharedLimits } from '../run/shared-budget.ts';
import { collect, parseBudgetFlags } from './arguments.ts';
import type { CommonOptions } from './cli-context.ts';

/** Flags of every command that starts runs. */
export function withSharedBudgetFlags(command: Command): Command {
  return command
    .option('--budget-per-day <name=number>', 'limit all runs of a day together, in place of what the settings say (repeatable)', collect)
    .option('--budget-per-workspace <name=number>', 'limit all runs of the workspace in a month together (repeatable)', collect);
}

/** What flags name goes before what the settings say, limit by limit. */
export function sharedBudgetOf({ budgetPerDay = [], budgetPerWorkspace = [] }: Pick<CommonOptions, 'budgetPerDay' | 'budgetPerWorkspace'>, set: SharedLimits = {}): { readonly sharedBudget?: SharedLimits } {
  const perDay = { ...set.perDay, ...parseBudgetFlags(budgetPerDay, '--budget-per-day') };
  const perWorkspace = { ...set.perWorkspace, ...parseBudgetFlags(budgetPerWorkspace, '--budget-per-workspace') };
  return Object.keys(perDay).length + Object.keys(perWorkspace).length === 0 ? {} : { sharedBudget: { perDay, perWorkspace } };
}
