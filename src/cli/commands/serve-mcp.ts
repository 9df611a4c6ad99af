import type { Command } from 'commander';
import { denyAll } from '../../policy/approver.ts';
import { parseGrant } from '../../policy/grant.ts';
import type { StartOptions, UseRuntime } from '../../serve/served-tool.ts';
import { ServedTools } from '../../serve/served-tools.ts';
import { AssassinError } from '../../shared/errors.ts';
import { withSharedBudgetFlags } from '../shared-budget-flags.ts';
import { collect, parseBudgetFlags } from '../arguments.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { onInterrupt } from '../interrupts.ts';
import { loopbackFlags } from '../loopback-flags.ts';
import { openRuntime } from '../open-runtime.ts';
import { terminalApprover } from '../terminal-approver.ts';
import { terminalPerson } from '../terminal-person.ts';
import { terminalQuestions } from '../terminal-questions.ts';

interface ServeFlags extends CommonOptions {
  readonly http?: boolean;
  readonly port?: string;
  readonly allow: readonly string[];
  readonly budget: readonly string[];
}

export function addServeMcpCommand(mcp: Command, context: CliContext): void {
  withSharedBudgetFlags(mcp.command('serve'))
    .description('be an MCP server for other programs: sandbox, browser, chains and tools of this workspace, each call a recorded run')
    .option('--http', 'serve on a port of this computer, to several clients, and ask on this terminal; without it on standard input and output')
    .option('--port <number>', 'with --http: port on 127.0.0.1 (default: any that is free)')
    .option('--allow <grant>', 'grant each run one capability, for example "net https://shop.example" (repeatable)', collect, [])
    .option('--budget <name=number>', 'limit each run, for example wallMs=60000 (repeatable)', collect, [])
    .action(async (flags: ServeFlags) => context.exit(await (flags.http === true ? serveHttp(context, flags) : serveStdio(context, flags))));
}

/** The client holds both streams, so nobody can be asked: what is not granted is denied. */
async function serveStdio(context: CliContext, flags: ServeFlags): Promise<number> {
  if (flags.port !== undefined) throw new AssassinError('invalid-input', '--port is for --http.', { hint: 'Add --http, or leave --port out.' });
  const { terminal, version } = context;
  await using opened = await openRuntime(context, flags, denyAll);
  const end = new AbortController();
  using _interrupts = interrupting(context, () => end.abort());
  const use: UseRuntime = (work) => work(opened.runtime);
  using tools = new ServedTools(use);
  const { serveOnStreams } = await import('../../serve/serve-stdio.ts');
  await serveOnStreams({ use, tools, version, start: startOptions(flags, opened.runtime.workspace), input: terminal.stdin, output: process.stdout, signal: end.signal, onError: ({ message }) => terminal.note(`warning: ${message}`) });
  return exitCodes.done;
}

async function serveHttp(context: CliContext, flags: ServeFlags): Promise<number> {
  const { terminal, version } = context;
  const where = loopbackFlags(context, flags);
  const ask = terminalQuestions(terminal, () => ({ [Symbol.dispose]: () => undefined }));
  await using opened = await openRuntime(context, flags, terminalApprover(terminal, ask), { person: terminalPerson(terminal, ask) });
  const end = Promise.withResolvers<void>();
  using _interrupts = interrupting(context, () => end.resolve());
  const use: UseRuntime = (work) => work(opened.runtime);
  using tools = new ServedTools(use);
  const { serveOnHttp } = await import('../../serve/serve-http.ts');
  const start = startOptions(flags, opened.runtime.workspace);
  await using service = await serveOnHttp({ use, tools, version, start, port: 0, ...where, onError: ({ message }) => terminal.note(`warning: ${message}`) });
  const { url, token } = service;
  opened.runtime.redactor.add([token]);
  if (flags.json === true) terminal.json({ type: 'serving', url, token });
  else terminal.note(`Serving MCP at ${url}`, `Header: Authorization: Bearer ${token}`, 'Interrupt to stop.');
  await end.promise;
  return exitCodes.done;
}

function interrupting({ terminal }: CliContext, stop: () => void): Disposable {
  return onInterrupt({ signals: process, cancel: stop, note: (text) => terminal.note(text), exitNow: (code) => process.exit(code), first: 'Stopping: ending the runs of this server. Interrupt again to end at once.' });
}

/** Wrong grants are told at once, and not at the first call. */
function startOptions({ allow, budget }: ServeFlags, workspace: string): StartOptions {
  for (const grant of allow) parseGrant(grant, workspace);
  const limits = parseBudgetFlags(budget);
  return { grants: allow, ...(limits === undefined ? {} : { budget: limits }) };
}
