import { Command, CommanderError, Option } from 'commander';
import { toErrorInfo } from '../shared/errors.ts';
import type { CliContext } from './cli-context.ts';
import { addAgentsCommands } from './commands/agents.ts';
import { addAuditCommands } from './commands/audit.ts';
import { addBrowserCommands } from './commands/browser.ts';
import { addChainsCommands } from './commands/chains.ts';
import { addContextCommand } from './commands/context.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addFunctionCommand } from './commands/fn.ts';
import { addMcpCommands } from './commands/mcp.ts';
import { addModelsCommand } from './commands/models.ts';
import { addPolicyCommands } from './commands/policy.ts';
import { addRunCommand } from './commands/run.ts';
import { addRunsCommands } from './commands/runs.ts';
import { addSampleCommand } from './commands/sample.ts';
import { addSavingsCommands } from './commands/savings.ts';
import { addSchemaCommand } from './commands/schema.ts';
import { addTaskCommand } from './commands/task.ts';
import { addTraceCommands } from './commands/trace.ts';
import { addVerifyCommand } from './commands/verify.ts';
import { exitCodeOfError, exitCodes } from './exit-codes.ts';
import { renderError } from './views/run-report.ts';

const exitCodeHelp = `
Exit codes: 0 done and everything verified gone, 1 failed, 2 wrong usage or input, 3 denied,
4 something could not be verified as gone, 5 browser, store or model missing, 130 cancelled.`;

/** The tree of all commands. */
export function buildProgram(context: CliContext): Command {
  const { terminal } = context;
  const program = new Command('infrastructure-assassin')
    .description('Runs chains with throwaway sandboxes, browsers and MCP servers, and proves that nothing is left.')
    .version(context.version)
    .addHelpText('after', exitCodeHelp)
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.result(text.trimEnd()), writeErr: (text) => terminal.note(text.trimEnd()) });
  addRunCommand(program, context);
  addVerifyCommand(program, context);
  addSampleCommand(program, context);
  addChainsCommands(program, context);
  addMcpCommands(program, context);
  addRunsCommands(program, context);
  addPolicyCommands(program, context);
  addAuditCommands(program, context);
  addBrowserCommands(program, context);
  addDoctorCommand(program, context);
  addFunctionCommand(program, context);
  addTaskCommand(program, context);
  addModelsCommand(program, context);
  addContextCommand(program, context);
  addAgentsCommands(program, context);
  addSavingsCommands(program, context);
  addTraceCommands(program, context);
  addSchemaCommand(program, context);
  for (const command of leaves(program)) {
    command
      .option('--json', 'one JSON document on standard output')
      .option('--workspace <dir>', 'workspace folder (default: the current one)')
      .addOption(new Option('--data-dir <dir>', 'where runs are recorded (default: $ASSASSIN_HOME, or the folder for program data)'));
  }
  return program;
}

/** The commands that do something, without those that only hold others. */
export function leaves(command: Command): readonly Command[] {
  return command.commands.flatMap((child) => (child.commands.length === 0 ? [child] : leaves(child)));
}

/** Runs one command line (without the program's name). Every failure ends in one message, or one JSON document, and an exit code. */
export async function runProgram(args: readonly string[], context: CliContext): Promise<void> {
  try {
    await buildProgram(context).parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and --version arrive here too, with exit code 0; commander has printed the text already.
      context.exit(error.exitCode === 0 ? exitCodes.done : exitCodes.usage);
      if (error.exitCode !== 0 && args.includes('--json')) context.terminal.json({ error: { code: 'invalid-input', message: error.message } });
      return;
    }
    const info = toErrorInfo(error);
    if (args.includes('--json')) context.terminal.json({ error: info });
    else context.terminal.note(...renderError(info, context.terminal.style, context.terminal.width));
    context.exit(exitCodeOfError(info));
  }
}
