import { spawn } from 'node:child_process';
import { AssassinError } from '../shared/errors.ts';

export interface GitOptions {
  readonly cwd: string;
  readonly input?: Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that are answers and no failures. */
  readonly accept?: readonly number[];
}

export interface GitAnswer {
  readonly code: number;
  readonly output: Buffer;
}

/** Hooks and watchers of the repository are programs of strangers; what is done here must not start them. */
const settings = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', '-c', 'core.quotePath=false', '-c', 'gc.auto=0', '-c', 'maintenance.auto=false'] as const;

/** Runs git without a shell, a prompt or hooks. Throws `not-supported` where there is no git, and `tool-failed` with what it said. */
export async function git(args: readonly string[], { cwd, input, env = {}, accept = [] }: GitOptions): Promise<GitAnswer> {
  // What the surroundings say about another repository, such as those of a commit hook, must not lead there.
  const outer = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
  const child = spawn('git', [...settings, ...args], { cwd, env: { ...outer, GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C', ...env }, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
  const output: Buffer[] = [];
  const said: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  // A git that ends before it has read everything says why by its exit code.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input ?? '');
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', (cause) => reject(new AssassinError('not-supported', `git could not be started: ${cause.message}`, { hint: 'Install git, and see that it is on the PATH.', cause })));
    child.once('close', (exit) => resolve(exit ?? -1));
  });
  if (code !== 0 && !accept.includes(code)) {
    throw new AssassinError('tool-failed', `git ${args[0] ?? ''} failed: ${Buffer.concat(said).toString('utf8').trim().slice(0, 1000) || `exit code ${code}`}`, { data: { tool: 'git', exitCode: code } });
  }
  return { code, output: Buffer.concat(output) };
}
