import type { Command } from 'commander';
import type { Json } from '../../shared/json.ts';
import { collect, parseBudgetFlags, parseInputFlag } from '../arguments.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { followRun } from '../follow-run.ts';
import { refuseSecrets } from '../pasted-secrets.ts';
import { openRuntime } from '../open-runtime.ts';
import { terminalApprover } from '../terminal-approver.ts';
import { terminalPerson } from '../terminal-person.ts';
import { terminalQuestions } from '../terminal-questions.ts';
import { openInBrowser, terminalSignIn } from '../terminal-sign-in.ts';
import { withSharedBudgetFlags } from '../shared-budget-flags.ts';
import { LiveView } from '../views/live-view.ts';

export interface RunOptions extends CommonOptions {
  readonly input?: string;
  readonly allow: readonly string[];
  readonly budget: readonly string[];
  readonly events?: boolean;
  readonly deterministic?: boolean;
  readonly withSecrets?: boolean;
  readonly quiet?: boolean;
}

/** Flags of every command that starts a run. */
export function withRunFlags(command: Command, { fixed = true }: { /** Whether it can be asked to be deterministic. */ readonly fixed?: boolean } = {}): Command {
  command
    .option('--allow <grant>', 'grant the run one capability more, for example "net https://shop.example" (repeatable)', collect, [])
    .option('--budget <name=number>', 'limit the run, for example wallMs=60000 (repeatable)', collect, []);
  if (fixed) command.option('--deterministic', 'a clock that stands still and the same random numbers in every run, whatever is granted');
  return withSharedBudgetFlags(command
    .option('--with-secrets', 'hand on texts and inputs that hold what looks like a key or password')
    .option('--quiet', 'only the result and the last line: no steps, trace, destruction report and bill, which "runs show ID" has')
    .option('--events', 'with --json: one line for each event as it happens, then the document'));
}

export function addRunCommand(program: Command, context: CliContext): void {
  withRunFlags(program.command('run <chain>'))
    .description('run a chain by name or file')
    .option('--input <json>', 'input of the chain as JSON, or @FILE')
    .action(async (chain: string, options: RunOptions) => {
      const input = parseInputFlag(options.input, context.cwd);
      refuseSecrets(input, 'The input', options);
      context.exit(await runInContext(context, options, startingChain(chain, input)));
    });
}

/** A chain in a runtime, with a sandbox that is made while the chain is read. */
export function startingChain(chain: string, input: Json): (runtime: OpenRuntime, options: StartOptions) => ReturnType<Start> {
  return (runtime, options) => {
    runtime.sandboxes.warm();
    return runtime.startChain(chain, input, options);
  };
}

type Start = Parameters<typeof followRun>[2];
type OpenRuntime = Parameters<typeof followRun>[1];
type StartOptions = NonNullable<Parameters<OpenRuntime['startChain']>[2]>;

/** Opens a runtime, follows one run in it to its end, and closes it again. Returns the exit code. */
export async function runInContext(
  context: CliContext, options: RunOptions, start: (runtime: OpenRuntime, options: StartOptions) => ReturnType<Start>,
): Promise<number> {
  const { terminal } = context;
  const budget = parseBudgetFlags(options.budget);
  const quiet = options.quiet === true;
  using view = options.json === true || quiet ? undefined : new LiveView(terminal);
  const ask = terminalQuestions(terminal, () => view?.pause() ?? { [Symbol.dispose]: () => undefined });
  await using opened = await openRuntime(context, options, terminalApprover(terminal, ask), { person: terminalPerson(terminal, ask), signIn: terminalSignIn({ terminal, ask, browser: (url) => openInBrowser(url, context.env) }) });
  const startOptions: StartOptions = { grants: options.allow, deterministic: options.deterministic === true, ...(budget === undefined ? {} : { budget }) };
  return await followRun(context, opened.runtime, () => start(opened.runtime, startOptions), { json: options.json === true, events: options.events === true, quiet, view });
}
