import type { Command } from 'commander';
import { AssassinError } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import { parseInputFlag } from '../arguments.ts';
import type { CliContext } from '../cli-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { runInContext, withRunFlags, type RunOptions } from './run.ts';

interface VerifyFlags extends RunOptions {
  readonly checks?: string;
  readonly script?: string;
  readonly path?: string;
  readonly accessibility: string;
  readonly allowErrors?: boolean;
}

export function addVerifyCommand(program: Command, context: CliContext): void {
  withRunFlags(program.command('verify [url]'))
    .description('check a page in a throwaway browser: steps, errors of console and network, accessibility, with pictures')
    .option('--checks <json>', 'steps as a JSON array such as \'[{"click":"text=Log in"},{"text":"Welcome"}]\', or @FILE')
    .option('--script <name>', 'start this script of package.json first, check what it serves, and end it')
    .option('--path <path>', 'with --script: path on the address that the script prints')
    .option('--accessibility <impact>', 'from which impact on a violation fails: off, minor, moderate, serious, critical', 'serious')
    .option('--allow-errors', 'errors of console and network fail nothing')
    .action(async (url: string | undefined, flags: VerifyFlags) => {
      const { tool, input, grants } = request(url, flags, parseInputFlag(flags.checks ?? '[]', context.cwd));
      let passed = false;
      const code = await runInContext(context, flags, async (runtime, start) => {
        // Whoever types an address means it to be looked at: the grants need not be typed too. A rule that denies it holds all the same.
        const handle = await runtime.startTool(tool, input, { ...start, grants: [...grants, ...(start.grants ?? [])] });
        void handle.outcome.then(({ result }) => (passed = typeof result === 'object' && result !== null && 'passed' in result && result.passed === true));
        return handle;
      });
      context.exit(code === exitCodes.done && !passed ? exitCodes.failed : code);
    });
}

function request(url: string | undefined, { script, path, accessibility, allowErrors = false }: VerifyFlags, checks: Json): { readonly tool: string; readonly input: Json; readonly grants: readonly string[] } {
  const options = { checks, accessibility, allowErrors };
  if (script === undefined) {
    if (url === undefined || !URL.canParse(url)) throw new AssassinError('invalid-input', url === undefined ? 'There is nothing to check.' : `"${url}" is not an address.`, { hint: 'Give an address such as http://localhost:5173, or --script with the name of a script.' });
    return { tool: 'browser.verify', input: { url, ...options }, grants: ['browser', `net ${new URL(url).origin}`] };
  }
  if (!/^[\w:.-]+$/.test(script)) throw new AssassinError('invalid-input', `"${script}" is not the name of a script.`, { hint: 'Give a name of the scripts in package.json, for example dev.' });
  return {
    tool: 'browser.verifyServer',
    input: { argv: ['npm', 'run', script], ...(url === undefined ? {} : { url }), ...(path === undefined ? {} : { path }), ...options },
    grants: ['browser', `exec npm run ${script}`, ...(url === undefined ? ['net http://localhost:*', 'net http://127.0.0.1:*'] : [`net ${new URL(url).origin}`])],
  };
}
