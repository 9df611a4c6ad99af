import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeTemporaryFolder, removeTemporaryFolder } from '../../run/temp-dir.ts';
import { AssassinError } from '../../shared/errors.ts';
import type { McpSandbox } from '../mcp-config.ts';

/** The program that `@anthropic-ai/sandbox-runtime` installs. */
const sandboxProgram = 'srt';

export interface SandboxedCommand extends AsyncDisposable {
  readonly command: string;
  readonly args: readonly string[];
}

export interface SandboxOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly sandbox: McpSandbox;
  readonly title: string;
  readonly platform: NodeJS.Platform;
  /** The file of a program on the PATH of the server. */
  readonly find: (program: string) => string | undefined;
}

/**
 * The command that starts a server in a sandbox of the operating system. What is not named there is closed: no network, and nothing but temporary files is written. Where there
 * is no sandbox the server is not started: it would run with everything that it was to be kept from. Throws `not-supported`.
 */
export async function sandboxed({ command, args, sandbox, title, platform, find }: SandboxOptions): Promise<SandboxedCommand> {
  if (platform !== 'linux' && platform !== 'darwin') throw missing(title, `There is no sandbox for servers on ${platform === 'win32' ? 'Windows' : platform}`, 'Take "sandboxEnabled" out of its entry to start it without, with all your rights; or run it in a container.');
  const program = find(sandboxProgram);
  if (program === undefined) throw missing(title, `The program "${sandboxProgram}" is not on the PATH`, 'Install it with "npm install -g @anthropic-ai/sandbox-runtime", or take "sandboxEnabled" out of the entry.');
  const needed = platform === 'linux' ? ['bwrap', 'socat', 'rg'] : ['sandbox-exec'];
  const absent = needed.filter((each) => find(each) === undefined);
  if (absent.length > 0) throw missing(title, `${absent.map((each) => `"${each}"`).join(' and ')} ${absent.length === 1 ? 'is' : 'are'} not on the PATH, which its sandbox needs`, platform === 'linux' ? 'Install the packages bubblewrap, socat and ripgrep of your system, or take "sandboxEnabled" out of the entry.' : 'Start it on a macOS that has it, or take "sandboxEnabled" out of the entry.');
  const folder = await makeTemporaryFolder('sandbox');
  const settings = join(folder, 'settings.json');
  await writeFile(settings, JSON.stringify(sandboxSettings(sandbox)), { mode: 0o600 });
  return {
    command: program, args: ['--settings', settings, '--', command, ...args],
    [Symbol.asyncDispose]: async () => void (await removeTemporaryFolder(folder)),
  };
}

/** The settings of the sandbox, each list written out: where one is absent it has defaults of its own. */
export function sandboxSettings({ filesystem = {}, network = {} }: McpSandbox): object {
  return {
    filesystem: { denyRead: filesystem.denyRead ?? [], allowWrite: filesystem.allowWrite ?? [], denyWrite: filesystem.denyWrite ?? [] },
    network: { allowedDomains: network.allowedDomains ?? [], deniedDomains: network.deniedDomains ?? [] },
  };
}

function missing(title: string, why: string, hint: string): AssassinError {
  return new AssassinError('not-supported', `The MCP server "${title}" is to run in a sandbox and was not started: ${why}.`, { hint });
}
