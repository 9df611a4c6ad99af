import type { Command } from 'commander';
import { AssassinError } from '../../shared/errors.ts';
import { parseInputFlag } from '../arguments.ts';
import type { CliContext } from '../cli-context.ts';
import { runInContext, withRunFlags, type RunOptions } from './run.ts';

export function addFunctionCommand(program: Command, context: CliContext): void {
  const functions = program.command('fn').description('run functions of the workspace in a sandbox');
  withRunFlags(functions.command('run <file#export>'))
    .description('run one exported function, for example "fn run src/price.ts#parse --input \'["1,99 €"]\'"')
    .option('--input <json>', 'arguments as a JSON array, or @FILE', '[]')
    .action(async (target: string, options: RunOptions) => {
      const [file = '', name = 'default'] = target.split('#', 2);
      const args = parseInputFlag(options.input, context.cwd);
      if (!Array.isArray(args)) throw new AssassinError('invalid-input', 'The arguments are not a JSON array.', { hint: 'Write --input \'[1, "two"]\': one element for each parameter.' });
      context.exit(await runInContext(context, options, (runtime, start) => runtime.startFunction(file, name, args, start)));
    });
}
