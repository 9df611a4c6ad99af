import type { Command } from 'commander';
import type { Runtime } from '../../runtime.ts';
import { describeError, fromErrorInfo, toErrorInfo, type ErrorInfo } from '../../shared/errors.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { openRuntime } from '../open-runtime.ts';
import { ServerWait } from '../server-wait.ts';
import { oneLine } from '../text.ts';
import { renderTable } from '../views/table.ts';

interface Checked {
  readonly server: string;
  readonly healthy: boolean;
  /** From its start to the list of its tools, milliseconds. Where others start before it, the wait for its turn is not counted. */
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
  const checked = await lookAtAll(context, opened.runtime, names, options);
  if (checked.some(({ healthy }) => !healthy)) context.exit(checked.some(({ error }) => error?.code === 'mcp-not-configured') ? exitCodes.usage : exitCodes.failed);
  if (options.json === true) {
    terminal.json({ servers: checked });
    return;
  }
  if (checked.length === 0) terminal.note('No MCP servers are configured. Add one to .vscode/mcp.json or .mcp.json.');
  else {
    const rows = checked.map(({ server, healthy, readyMs = 0, tools = 0, protocol = '', calls = '' }) => [oneLine(server), healthy ? 'yes' : 'no', ...(healthy ? [`${readyMs} ms`, String(tools), protocol, oneLine(calls)] : [])]);
    terminal.result(...renderTable([{ title: 'server', whole: true }, { title: 'answers' }, { title: 'ready after' }, { title: 'tools' }, { title: 'protocol' }, { title: 'calls itself', min: 20 }], rows, terminal.width));
    for (const { server, error } of checked) if (error !== undefined) terminal.note(`${server}: ${oneLine(describeError(fromErrorInfo(error)))}`);
  }
}

/** Throws `cancelled` where it was interrupted: then the servers are ended, and there is nothing to tell of them. */
async function lookAtAll(context: CliContext, runtime: Runtime, names: readonly string[], options: CommonOptions): Promise<readonly Checked[]> {
  using wait = new ServerWait(context, runtime, options);
  const checked = await Promise.all(names.map(async (server): Promise<Checked> => {
    try {
      return await wait.look(server, (connection) => Promise.resolve({ server, healthy: true, readyMs: Math.round(connection.readyMs ?? 0), tools: connection.tools.length, protocol: connection.protocolVersion ?? 'unknown', calls: connection.serverInfo }));
    } catch (error) {
      return { server, healthy: false, error: toErrorInfo(error) };
    }
  }));
  wait.throwIfInterrupted();
  return checked;
}
