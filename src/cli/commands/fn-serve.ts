import type { Command } from 'commander';
import type { StartServingOptions } from '../../chains/functions/function-runner.ts';
import { collect, parseWholeNumber } from '../arguments.ts';
import type { CliContext } from '../cli-context.ts';
import { loopbackFlags } from '../loopback-flags.ts';
import { parseTarget, shapeOption } from './fn-target.ts';
import { runInContext, withRunFlags, type RunOptions } from './run.ts';

interface ServeFlags extends RunOptions {
  readonly port?: string;
  readonly concurrency?: string;
  readonly queue?: string;
  readonly timeout?: string;
  readonly maxBody?: string;
  readonly shape?: NonNullable<StartServingOptions['shape']>;
  readonly origin: readonly string[];
}

export function addServeCommand(functions: Command, context: CliContext): void {
  withRunFlags(functions.command('serve <file#export>'))
    .description('serve one exported function on a port of this computer until it is interrupted; the token is in $ASSASSIN_TOKEN, or a new one is printed')
    .option('--port <number>', 'port on 127.0.0.1 (default: any that is free)')
    .option('--concurrency <number>', 'calls at the same time, each in a sandbox of its own (default: 4)')
    .option('--queue <number>', 'calls that may wait; further ones are refused with 429 (default: 64)')
    .option('--timeout <ms>', 'longest time of a call, waiting included (default: 30000)')
    .option('--max-body <bytes>', 'largest body of a call (default: 1048576)')
    .option('--origin <origin>', 'a web origin whose pages may call it (repeatable)', collect, [])
    .addOption(shapeOption())
    .action(async (target: string, flags: ServeFlags) => {
      const { file, exportName } = parseTarget(target);
      const options = serveInput(context, flags);
      context.exit(await runInContext(context, flags, async (runtime, start) => {
        // Whoever types this command means it to be served: the grant need not be typed too. A rule that denies it holds all the same.
        const handle = await runtime.functions.serve(file, exportName, { ...options, ...start, grants: ['fn.serve', ...(start.grants ?? [])] });
        handle.ready.then(({ url, token }) => {
          if (flags.json === true) context.terminal.json({ type: 'serving', url, token, run: handle.id });
          else context.terminal.note(`Serving at ${url}`, `Token: ${token}`, `Try: curl -H "Authorization: Bearer ${token}" -d '{}' ${url}`, 'Interrupt to stop.');
        }, () => undefined);
        // An interrupt is the ordinary end here: calls that are under way may end.
        return { ...handle, cancel: () => handle.stop() };
      }));
    });
}

function serveInput(context: CliContext, flags: ServeFlags): StartServingOptions {
  const number = (name: string, key: string, text: string | undefined) => (text === undefined ? {} : { [key]: parseWholeNumber(name, text) });
  return {
    ...loopbackFlags(context, flags), ...number('--concurrency', 'concurrency', flags.concurrency), ...number('--queue', 'queue', flags.queue),
    ...number('--timeout', 'timeoutMs', flags.timeout), ...number('--max-body', 'maxBodyBytes', flags.maxBody),
    ...(flags.shape ? { shape: flags.shape } : {}), origins: [...flags.origin],
  };
}
