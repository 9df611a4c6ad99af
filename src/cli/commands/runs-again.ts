import type { Command } from 'commander';
import { startAgain } from '../../start-again.ts';
import type { CliContext } from '../cli-context.ts';
import { runInContext, withRunFlags, type RunOptions } from './run.ts';

type AgainOptions = Omit<RunOptions, 'deterministic' | 'input'>;

export function addAgainCommand(runs: Command, context: CliContext): void {
  withRunFlags(runs.command('again <id>'), { fixed: false })
    .description('run it once more with the input that it had; a deterministic one with the clock and the random numbers that it had')
    .action(async (id: string, options: AgainOptions) => {
      context.exit(await runInContext(context, options, (runtime, { grants = [], budget }) => startAgain(runtime, runtime.detail(id), { grants, ...(budget === undefined ? {} : { budget }) })));
    });
}
