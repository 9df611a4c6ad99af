import { spawn } from 'node:child_process';
import type { SignInDoor } from '../mcp/oauth/sign-in-door.ts';
import { oneLine } from './text.ts';
import type { AskLine } from './terminal-questions.ts';
import type { Terminal } from './terminal.ts';

export interface TerminalSignInOptions {
  readonly terminal: Pick<Terminal, 'canAsk' | 'note'>;
  readonly ask: AskLine;
  /** Opens an address for the person; absent where they open it themselves. */
  readonly browser?: (url: string) => Promise<boolean>;
}

/** Sign-ins at MCP servers, on the terminal. The address is always shown: it may have to be opened on another machine, and the way back pasted here. */
export function terminalSignIn({ terminal, ask, browser }: TerminalSignInOptions): SignInDoor {
  return {
    canAsk: terminal.canAsk,
    agree: async ({ server, domain, warnings, scopes, more, signal }) => yes(await ask([
      more ? `The MCP server ${oneLine(server)} asks for more rights than it was given.` : `The MCP server ${oneLine(server)} asks for a sign-in.`,
      `  at:     ${oneLine(domain)}`,
      ...(scopes.length === 0 ? [] : [`  rights: ${oneLine(scopes.join(', '))}`]),
      ...warnings.map((warning) => `  warning: ${warning}`),
      'Open the page in your browser? [y/N] ',
    ].join('\n'), signal)),
    open: async ({ server, url, warnings, signal }, deliver) => {
      terminal.note(`Sign in for the MCP server ${oneLine(server)} on this page:`, `  ${oneLine(url)}`, ...warnings.map((warning) => `  warning: ${warning}`));
      if (browser !== undefined && !(await browser(url))) terminal.note('No browser could be opened here: open the address yourself.');
      if (terminal.canAsk) void pasted(terminal, ask, signal, deliver);
    },
    clientId: ({ server, issuer, redirectUrl, signal }) => (terminal.canAsk
      ? ask(`${oneLine(issuer)} registers no clients by itself. Register one there for ${oneLine(server)}, with this address to come back to: ${redirectUrl}\nIts client id: `, signal)
      : Promise.resolve(undefined)),
  };
}

/** For a browser on another machine, from which no way leads back here. */
async function pasted(terminal: Pick<Terminal, 'note'>, ask: AskLine, signal: AbortSignal, deliver: (address: string) => boolean): Promise<void> {
  for (;;) {
    const line = await ask('Waiting for the browser. If it ends at an address that it cannot open, paste that address here: ', signal);
    if (line === undefined || deliver(line)) return;
    if (line.trim() !== '') terminal.note('That is not the address at the end of this sign-in.');
  }
}

function yes(line: string | undefined): boolean {
  return line !== undefined && /^y(es)?$/i.test(line.trim());
}

/** Programs that open an address, each with nothing between it and the address: no shell reads it. */
const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = { darwin: ['open'], win32: ['rundll32', 'url.dll,FileProtocolHandler'], linux: ['xdg-open'] };

/** Opens a web address with what the system has for it. False where there is nothing, or the address is none. */
export async function openInBrowser(url: string, env: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform = process.platform): Promise<boolean> {
  const opener = openers[platform];
  const address = URL.parse(url);
  if (opener === undefined || address === null || !/^https?:$/.test(address.protocol)) return false;
  if (platform === 'linux' && env['DISPLAY'] === undefined && env['WAYLAND_DISPLAY'] === undefined) return false;
  const [program, ...args] = opener;
  const child = spawn(program, [...args, address.href], { stdio: 'ignore', detached: true, shell: false });
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
