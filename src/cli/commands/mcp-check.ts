import type { Command } from 'commander';
import { describeError, fromErrorInfo, toErrorInfo, type ErrorInfo } from '../../shared/errors.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { openRuntime } from '../open-runtime.ts';
import { oneLine } from '../text.ts';
import { renderTable } from '../views/table.ts';

interface Checked {
  readonly server: string;
  readonly healthy: boolean;
  /** From the start to the list of tools, milliseconds. */
  readonly readyMs?: number;
  readonly tools?: number;
  readonly protocol?: string;
  readonly calls?: string;
  readonly error?: ErrorInfo;
}

export function addCheckCommand(mcp: Command, context: CliContext): void {
  mcp.command('check [servers...]').description('start each server, see whether it answers and how long that takes, and end it again; exit code 1 where one does not')
    .action((servers: readonly string[], options: CommonOptions) => check(context, servers, options));
}

async function check(context: CliContext, wanted: readonly string[], options: CommonOptions): Promise<void> {
  const { terminal } = context;
  await using opened = await openRuntime(context, options);
  const { mcp } = opened.runtime;
  const names = wanted.length > 0 ? wanted : mcp.servers().filter(({ enabled }) => enabled).map(({ name }) => name);
  const checked = await Promise.all(names.map(async (server): Promise<Checked> => {
    const began = performance.now();
    try {
      return await mcp.look(server, (connection) => Promise.resolve({ server, healthy: true, readyMs: Math.round(performance.now() - began), tools: connection.tools.length, protocol: connection.protocolVersion ?? 'unknown', calls: connection.serverInfo }));
    } catch (error) {
      return { server, healthy: false, error: toErrorInfo(error) };
    }
  }));
  if (checked.some(({ healthy }) => !healthy)) context.exit(exitCodes.failed);
  if (options.json === true) {
    terminal.json({ servers: checked });
    return;
  }
  if (checked.length === 0) terminal.note('No MCP servers are configured. Add one to .vscode/mcp.json or .mcp.json.');
  else {
    const rows = checked.map(({ server, healthy, readyMs = 0, tools = 0, protocol = '', calls = '', error }) => [server, healthy ? 'yes' : 'no', ...(healthy ? [`${readyMs} ms`, String(tools), protocol, oneLine(calls)] : ['', '', '', oneLine(error?.message ?? '')])]);
    terminal.result(...renderTable([{ title: 'server' }, { title: 'answers' }, { title: 'ready after' }, { title: 'tools' }, { title: 'protocol' }, { title: 'calls itself', min: 20 }], rows, terminal.width));
    // The table has the beginning of each only, and no way to tell whose remedy is whose.
    for (const { server, error } of checked) if (error !== undefined) terminal.note(`${server}: ${oneLine(describeError(fromErrorInfo(error)))}`);
  }
}
