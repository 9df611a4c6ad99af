import type { Command } from 'commander';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { openRuntime } from '../open-runtime.ts';
import { localTime, oneLine } from '../text.ts';
import { renderTable } from '../views/table.ts';
import { runInContext, withRunFlags, type RunOptions } from './run.ts';

/** Calls that servers work on by themselves, and that nobody waits for any more. */
export function addMcpTaskCommands(mcp: Command, context: CliContext): void {
  mcp.command('tasks').description('list calls that servers still work on, or have finished, after the program that had made them ended').action((options: CommonOptions) => list(context, options));
  withRunFlags(mcp.command('task <id>'))
    .description('wait for such a call and print its result: nothing is called again')
    .action(async (id: string, options: RunOptions) => {
      context.exit(await runInContext(context, options, async (runtime, start) => {
        const { findOpenTask } = await import('../../tools/mcp-task-tools.ts');
        const { server, tool } = await findOpenTask(runtime.mcp, id);
        return runtime.startTool('tasks.result', { id }, { ...start, grants: [...(start.grants ?? []), `mcp ${server}:${tool}`] });
      }));
    });
}

async function list(context: CliContext, options: CommonOptions): Promise<void> {
  const { terminal } = context;
  await using opened = await openRuntime(context, options);
  const tasks = await opened.runtime.mcp.tasks?.list() ?? [];
  if (options.json === true) {
    terminal.json({ tasks: tasks.map(({ id, server, tool, run, at }) => ({ id, server, tool, run, at })) });
    return;
  }
  if (tasks.length === 0) terminal.note('No MCP task is open.');
  else terminal.result(...renderTable([{ title: 'id', whole: true }, { title: 'tool', min: 12 }, { title: 'of the run', whole: true }, { title: 'since', whole: true }], tasks.map(({ id, server, tool, run, at }) => [id, oneLine(`${server}.${tool}`), run, localTime(at)]), terminal.width));
}
