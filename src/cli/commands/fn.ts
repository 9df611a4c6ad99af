import type { Command } from 'commander';
import type { FunctionInput } from '../../chains/functions/function-runner.ts';
import type { FunctionShape } from '../../chains/functions/guest/adapters.ts';
import { AssassinError } from '../../shared/errors.ts';
import { parseInputFlag, parseWholeNumber } from '../arguments.ts';
import type { CliContext } from '../cli-context.ts';
import { refuseSecrets } from '../pasted-secrets.ts';
import { addServeCommand } from './fn-serve.ts';
import { parseTarget, shapeOption } from './fn-target.ts';
import { runInContext, withRunFlags, type RunOptions } from './run.ts';

interface FnOptions extends RunOptions {
  readonly shape?: FunctionShape;
  readonly node?: boolean;
  readonly timeout?: string;
}

export function addFunctionCommand(program: Command, context: CliContext): void {
  const functions = program.command('fn').description('run functions of the workspace, once or as a server');
  withRunFlags(functions.command('run <file#export>'))
    .description('run one exported function, for example "fn run src/price.ts#parse --input \'["1,99 €"]\'"')
    .option('--input <json>', 'arguments as a JSON array, or any other JSON as the one event of the function, or @FILE', '[]')
    .addOption(shapeOption())
    .option('--node', 'in a Node process instead of a sandbox: weaker isolation; needs --allow "node FILE"')
    .option('--timeout <ms>', 'how long it may take with --node (default: 30000)')
    .action(async (target: string, options: FnOptions) => {
      const { file, exportName } = parseTarget(target);
      const { shape, node = false } = options;
      const input = inputOf(options, context.cwd);
      refuseSecrets('event' in input ? input.event : input, 'The input', options);
      if (node && shape !== undefined) throw new AssassinError('invalid-input', 'A Node process calls a function with its arguments only.', { hint: 'Leave out --shape, and give the arguments as a JSON array with --input.' });
      // Without a word it would be dropped: somebody who trusts in it would wait as long as the budget lets the function run.
      if (!node && options.timeout !== undefined) throw new AssassinError('invalid-input', '--timeout is for functions in a Node process.', { hint: 'Give --budget wallMs=NUMBER to limit one in a sandbox, or add --node.' });
      const timeoutMs = options.timeout === undefined ? {} : { timeoutMs: parseWholeNumber('--timeout', options.timeout) };
      context.exit(await runInContext(context, options, (runtime, start) => runtime.functions.start(file, exportName, input, { ...start, ...(shape ? { shape } : {}), ...timeoutMs, node })));
    });
  addServeCommand(functions, context);
}

/** An array is the argument list, unless the shape takes one event. */
function inputOf({ input, shape }: FnOptions, cwd: string): FunctionInput {
  const json = parseInputFlag(input, cwd);
  return Array.isArray(json) && (shape === undefined || shape === 'plain') ? json : { event: json };
}
