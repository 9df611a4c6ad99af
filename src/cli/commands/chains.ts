import type { Command } from 'commander';
import { isBroken } from '../../chains/chain-file.ts';
import { describeError } from '../../shared/errors.ts';
import { mcpDeclarations, type DeclaredServer } from '../../tools/schema-to-typescript.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { openRuntime } from '../open-runtime.ts';
import { ServerWait } from '../server-wait.ts';
import { oneLine } from '../text.ts';
import { renderError } from '../views/run-report.ts';
import { renderTable } from '../views/table.ts';

const noChains = 'There are no chains yet. A chain is a .ts file in .assassin/chains.';

export function addChainsCommands(program: Command, context: CliContext): void {
  const chains = program.command('chains').description('chains of the workspace');
  chains.command('list').description('what is in .assassin/chains').action((options: CommonOptions) => list(context, options));
  chains.command('check [chain]').description('compile without running; names file, line and column of each problem').action((chain: string | undefined, options: CommonOptions) => check(context, chain, options));
  chains.command('types').description('write declarations for IntelliSense; starts each MCP server once to ask for its tools').action((options: CommonOptions) => types(context, options));
}

async function list(context: CliContext, options: CommonOptions): Promise<void> {
  const { terminal } = context;
  await using opened = await openRuntime(context, options);
  const chains = await opened.runtime.chains.list();
  if (options.json) {
    terminal.json({ chains });
    return;
  }
  if (chains.length === 0) {
    terminal.note(noChains);
    return;
  }
  const rows = chains.map((chain) => [oneLine(chain.name), isBroken(chain) ? `broken: ${oneLine(chain.problems[0].message)}` : oneLine(chain.description)]);
  terminal.result(...renderTable([{ title: 'chain', whole: true }, { title: 'what it does', min: 20 }], rows, terminal.width));
}

async function check(context: CliContext, chain: string | undefined, options: CommonOptions): Promise<void> {
  const { terminal } = context;
  await using opened = await openRuntime(context, options);
  const problems = await opened.runtime.chains.check(chain);
  if (options.json) terminal.json({ ok: problems.length === 0, problems });
  else if (problems.length === 0) terminal.note(chain !== undefined ? `${chain} compiles.` : (await opened.runtime.chains.list()).length === 0 ? noChains : 'All chains compile.');
  else for (const problem of problems) terminal.result(...renderError(problem, terminal.style, terminal.width));
  context.exit(problems.length === 0 ? exitCodes.done : exitCodes.usage);
}

async function types(context: CliContext, options: CommonOptions): Promise<void> {
  const { terminal } = context;
  await using opened = await openRuntime(context, options);
  const { mcp, chains } = opened.runtime;
  using wait = new ServerWait(context, opened.runtime, options);
  const asked = await Promise.all(mcp.servers().filter(({ enabled }) => enabled).map(async ({ name }): Promise<DeclaredServer | undefined> => {
    try {
      return { name, tools: await wait.look(name, (connection) => Promise.resolve(connection.tools)) };
    } catch (error) {
      wait.throwIfInterrupted();
      // One server that is not there must not keep the types of the others away.
      terminal.note(`warning: ${name}: ${oneLine(describeError(error))}`);
      return undefined;
    }
  }));
  const servers = asked.filter((server) => server !== undefined);
  // Without any server known, any may be named: nothing could be checked.
  const written = await chains.writeTypes(servers.length === 0 ? {} : { mcpDeclarations: mcpDeclarations(servers) });
  if (options.json) terminal.json({ written, servers: servers.map(({ name }) => name) });
  else terminal.note(written.length === 0 ? 'The declarations are up to date.' : `Wrote ${written.join(', ')}.`);
}
