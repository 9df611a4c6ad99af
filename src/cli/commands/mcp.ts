import type { Command } from 'commander';
import { parseInputFlag } from '../arguments.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { openRuntime } from '../open-runtime.ts';
import { ServerWait } from '../server-wait.ts';
import { mcpDeclarations } from '../../tools/schema-to-typescript.ts';
import { unknownTool } from '../../tools/mcp-tool-source.ts';
import { clip, oneLine, safeLines } from '../text.ts';
import { renderTable } from '../views/table.ts';
import { addBundleCommand } from './mcp-bundle.ts';
import { addCatalogCommands } from './mcp-catalog.ts';
import { addCheckCommand } from './mcp-check.ts';
import { addImportCommand } from './mcp-import.ts';
import { addMcpOfferCommands } from './mcp-offers.ts';
import { addMcpTaskCommands } from './mcp-tasks.ts';
import { addReviewCommand } from './mcp-review.ts';
import { addMcpSignInCommands } from './mcp-sign-in.ts';
import { runInContext, withRunFlags, type RunOptions } from './run.ts';
import { addServeMcpCommand } from './serve-mcp.ts';

export function addMcpCommands(program: Command, context: CliContext): void {
  const mcp = program.command('mcp').description('MCP servers that the workspace configures, and being one');
  mcp.command('list').description('configured servers').action((options: CommonOptions) => list(context, options));
  mcp.command('tools <server> [tool]')
    .description('start a server, list its tools, end it again; of one tool its declaration, with arguments and result')
    .action((server: string, tool: string | undefined, options: CommonOptions) => tools(context, server, tool, options));
  addCheckCommand(mcp, context);
  addMcpOfferCommands(mcp, context);
  addMcpTaskCommands(mcp, context);
  addMcpSignInCommands(mcp, context);
  addImportCommand(mcp, context);
  addCatalogCommands(mcp, context);
  addBundleCommand(mcp, context);
  addReviewCommand(mcp, context);
  addServeMcpCommand(mcp, context);
  withRunFlags(mcp.command('call <server> <tool>'))
    .description('call one tool, recorded as a run that is granted exactly this call')
    .option('--input <json>', 'arguments as a JSON object, or @FILE')
    .action(async (server: string, tool: string, options: RunOptions) => {
      const input = parseInputFlag(options.input, context.cwd);
      const own: RunOptions = { ...options, allow: [...options.allow, `mcp ${server}:${tool}`] };
      context.exit(await runInContext(context, own, (runtime, start) => runtime.startTool(`mcp.${server}.${tool}`, input, start)));
    });
}

async function list(context: CliContext, options: CommonOptions): Promise<void> {
  const { terminal } = context;
  await using opened = await openRuntime(context, options);
  const { mcp, mcpSignIns } = opened.runtime;
  const servers = await Promise.all(mcp.servers().map(async (server) => {
    const config = mcp.config(server.name);
    return { ...server, signedIn: config !== undefined && (await mcpSignIns.signedIn(config)) };
  }));
  if (options.json) {
    terminal.json({ servers, problems: opened.mcpProblems });
    return;
  }
  if (servers.length === 0) {
    terminal.note('No MCP servers are configured. Add one to .vscode/mcp.json or .mcp.json.');
    return;
  }
  const place = ({ provenance: { file, line } }: (typeof servers)[number]) => (line === undefined ? file : `${file}:${line}`);
  const rows = servers.map((server) => [server.name, server.enabled ? 'yes' : 'no', server.signedIn ? 'yes' : '', place(server), oneLine(server.command)]);
  terminal.result(...renderTable([{ title: 'server', whole: true }, { title: 'enabled' }, { title: 'signed in' }, { title: 'configured in' }, { title: 'command', min: 20 }], rows, terminal.width));
}

async function tools(context: CliContext, server: string, tool: string | undefined, options: CommonOptions): Promise<void> {
  const { terminal } = context;
  await using opened = await openRuntime(context, options);
  using wait = new ServerWait(context, opened.runtime, options);
  const all = await wait.look(server, (connection) => Promise.resolve(connection.tools));
  const found = tool === undefined ? all : all.filter(({ name }) => name === tool);
  if (tool !== undefined && found.length === 0) throw unknownTool(server, tool, all.map(({ name }) => name));
  if (options.json) {
    terminal.json({ server, tools: found });
    return;
  }
  if (tool !== undefined) {
    terminal.result(safeLines(mcpDeclarations([{ name: server, tools: found }]).trimEnd()));
    return;
  }
  const rows = found.map((tool) => [oneLine(tool.name), clip(oneLine(tool.description), 200)]);
  terminal.result(...renderTable([{ title: 'tool', whole: true }, { title: 'what it does', min: 20 }], rows, terminal.width));
}
