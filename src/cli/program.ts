import { Command, CommanderError, Option } from 'commander';
import { toErrorInfo } from '../shared/errors.ts';
import { ownEntry } from '../shared/own-entry.ts';
import type { CliContext } from './cli-context.ts';
import { exitCodeOfError, exitCodes } from './exit-codes.ts';
import { renderError } from './views/run-report.ts';

type AddCommands = (program: Command, context: CliContext) => void;

/** What each first word adds, in the order of the help. A command loads its own modules only: most of the time until a program answers is loading. */
const groups: Readonly<Record<string, () => Promise<AddCommands>>> = {
  run: async () => (await import('./commands/run.ts')).addRunCommand,
  verify: async () => (await import('./commands/verify.ts')).addVerifyCommand,
  sample: async () => (await import('./commands/sample.ts')).addSampleCommand,
  chains: async () => (await import('./commands/chains.ts')).addChainsCommands,
  mcp: async () => (await import('./commands/mcp.ts')).addMcpCommands,
  runs: async () => (await import('./commands/runs.ts')).addRunsCommands,
  policy: async () => (await import('./commands/policy.ts')).addPolicyCommands,
  audit: async () => (await import('./commands/audit.ts')).addAuditCommands,
  browser: async () => (await import('./commands/browser.ts')).addBrowserCommands,
  doctor: async () => (await import('./commands/doctor.ts')).addDoctorCommand,
  fn: async () => (await import('./commands/fn.ts')).addFunctionCommand,
  task: async () => (await import('./commands/task.ts')).addTaskCommand,
  models: async () => (await import('./commands/models.ts')).addModelsCommand,
  context: async () => (await import('./commands/context.ts')).addContextCommand,
  agents: async () => (await import('./commands/agents.ts')).addAgentsCommands,
  savings: async () => (await import('./commands/savings.ts')).addSavingsCommands,
  trace: async () => (await import('./commands/trace.ts')).addTraceCommands,
  schema: async () => (await import('./commands/schema.ts')).addSchemaCommand,
};

const exitCodeHelp = `
Exit codes: 0 done and everything verified gone, 1 failed, 2 wrong usage or input, 3 denied,
4 something could not be verified as gone, 5 browser, store or model missing, 130 cancelled.`;

const helpHint = 'Add --help to see what the command takes.';

function neededBy(word = ''): readonly (() => Promise<AddCommands>)[] {
  if (word === '--version' || word === '-V') return [];
  const group = ownEntry(groups, word);
  return group === undefined ? Object.values(groups) : [group];
}

/** The tree of all commands, or of those that the first word of `args` names: help, and the advice after a word that is none, need all. */
export async function buildProgram(context: CliContext, args: readonly string[] = []): Promise<Command> {
  const { terminal } = context;
  const program = new Command('infrastructure-assassin')
    .description('Runs chains with throwaway sandboxes, browsers and MCP servers, and proves that nothing is left.')
    .version(context.version)
    .addHelpText('after', exitCodeHelp)
    .exitOverride()
    .showHelpAfterError(helpHint)
    // Flags before a command belong to what stands before it, the program or a group, and are handed down below.
    .enablePositionalOptions()
    .configureOutput({ writeOut: (text) => terminal.result(text.trimEnd()), writeErr: (text) => terminal.note(text.trimEnd()) });
  for (const add of await Promise.all(neededBy(args[0]).map((load) => load()))) add(program, context);
  for (const command of everyCommand(program)) addCommonFlags(command);
  program.hook('preAction', (_program, command) => {
    for (let above = command.parent; above !== null; above = above.parent) {
      for (const [name, value] of Object.entries(above.opts())) if (command.getOptionValue(name) === undefined) command.setOptionValue(name, value);
    }
  });
  return program;
}

function everyCommand(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

function addCommonFlags(command: Command): void {
  command
    .option('--json', 'one JSON document on standard output')
    .option('--workspace <dir>', 'workspace folder (default: the current one)')
    .addOption(new Option('--data-dir <dir>', 'where runs are recorded (default: $ASSASSIN_HOME, or the folder for program data)'));
}

/** The commands that do something, without those that only hold others. */
export function leaves(command: Command): readonly Command[] {
  return command.commands.flatMap((child) => (child.commands.length === 0 ? [child] : leaves(child)));
}

/** Runs one command line (without the program's name). Every failure ends in one message, or one JSON document, and an exit code. */
export async function runProgram(args: readonly string[], context: CliContext): Promise<void> {
  try {
    await (await buildProgram(context, args)).parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and --version arrive here too, with exit code 0; commander has printed the text already.
      context.exit(error.exitCode === 0 ? exitCodes.done : exitCodes.usage);
      if (error.exitCode !== 0 && args.includes('--json')) context.terminal.json({ error: { code: 'invalid-input', message: error.code === 'commander.help' ? 'No command was given.' : error.message.replace(/^error: /, '').replaceAll('\n', ' '), hint: helpHint } });
      return;
    }
    const info = toErrorInfo(error);
    if (args.includes('--json')) context.terminal.json({ error: info });
    else context.terminal.note(...renderError(info, context.terminal.style, context.terminal.width));
    context.exit(exitCodeOfError(info));
  }
}
