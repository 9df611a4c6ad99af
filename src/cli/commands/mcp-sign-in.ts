import type { Command } from 'commander';
import { AssassinError } from '../../shared/errors.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { onInterrupt } from '../interrupts.ts';
import { openRuntime } from '../open-runtime.ts';
import { terminalQuestions } from '../terminal-questions.ts';
import { openInBrowser, terminalSignIn } from '../terminal-sign-in.ts';

interface SignInOptions extends CommonOptions {
  readonly browser: boolean;
}

export function addMcpSignInCommands(mcp: Command, context: CliContext): void {
  mcp.command('sign-in <server>')
    .description('sign in at a remote server, in your browser')
    .option('--no-browser', 'only print the address')
    .action((server: string, options: SignInOptions) => signIn(context, server, options));
  mcp.command('sign-out <server>').description('give the tokens of a server back, and forget them').action((server: string, options: CommonOptions) => signOut(context, server, options));
}

async function signIn(context: CliContext, server: string, options: SignInOptions): Promise<void> {
  const { terminal, env } = context;
  const ask = terminalQuestions(terminal, () => ({ [Symbol.dispose]: () => undefined }));
  const door = terminalSignIn({ terminal, ask, ...(options.browser ? { browser: (url: string) => openInBrowser(url, env) } : {}) });
  await using opened = await openRuntime(context, options, undefined, { signIn: door });
  const { mcp, mcpSignIns } = opened.runtime;
  const remote = await mcp.remote(server);
  const stop = new AbortController();
  using _interrupt = onInterrupt({
    signals: process, cancel: (reason) => stop.abort(new AssassinError('cancelled', reason)), note: () => terminal.note('The sign-in is given up.'), exitNow: (code) => process.exit(code),
  });
  await mcpSignIns.signIn(remote, stop.signal);
  if (options.json === true) terminal.json({ server, signedIn: true });
  else terminal.result(`Signed in at the MCP server ${server}.`);
}

async function signOut(context: CliContext, server: string, options: CommonOptions): Promise<void> {
  const { terminal } = context;
  await using opened = await openRuntime(context, options);
  const { mcp, mcpSignIns } = opened.runtime;
  const { was, revoked } = await mcpSignIns.signOut(await mcp.remote(server), AbortSignal.timeout(30_000));
  if (options.json === true) terminal.json({ server, signedOut: was, revoked });
  else terminal.result(was ? `Signed out of the MCP server ${server}. ${revoked === 0 ? 'Its authorization server takes no tokens back: they end by themselves.' : 'Its tokens were given back.'}` : `There was no sign-in at the MCP server ${server}.`);
}
