import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/**
 * Reads "add GROUP" and "del GROUP" lines; when its input ends, because the host has died however that was, it ends the groups still listed:
 * asked first, a second later for sure. Everything but `sleep` is built into the shell, so that it costs about a megabyte.
 */
const script = `
groups=
while read -r verb group; do
  case $verb in
    add) groups="$groups $group" ;;
    del) rest=; for g in $groups; do [ "$g" = "$group" ] || rest="$rest $g"; done; groups=$rest ;;
  esac
done
[ -n "$groups" ] || exit 0
for g in $groups; do kill -s TERM -- "-$g"; done 2>/dev/null
sleep 1
for g in $groups; do kill -s KILL -- "-$g"; done 2>/dev/null
exit 0
`;

/**
 * Sees to it that a host which is killed takes its servers with it, also those that ignore the end of their input and those that no run owns.
 * One small shell process for all servers of the host, started with the first. Windows has none: there the end of the input must do,
 * and the next start sweeps what runs had leased.
 */
export class ProcessGuard implements AsyncDisposable {
  readonly #log: (message: string) => void;
  #shell: ChildProcess | undefined;
  readonly #groups = new Set<number>();

  constructor(log: (message: string) => void) {
    this.#log = log;
  }

  get pid(): number | undefined {
    return this.#shell?.pid;
  }

  /** Call in the same turn as the spawn of the group's leader. */
  add(group: number): void {
    if (process.platform === 'win32') return;
    this.#groups.add(group);
    if (this.#shell === undefined) this.#start();
    else this.#write(`add ${group}`);
  }

  /** Call when the group is gone: its number may belong to somebody else from now on. */
  delete(group: number): void {
    if (!this.#groups.delete(group)) return;
    this.#write(`del ${group}`);
    if (this.#groups.size === 0) void this[Symbol.asyncDispose]();
  }

  /** Ends the guard without touching a group. */
  async [Symbol.asyncDispose](): Promise<void> {
    const shell = this.#shell;
    this.#shell = undefined;
    if (shell === undefined || shell.exitCode !== null || shell.signalCode !== null) return;
    for (const group of this.#groups) shell.stdin?.write(`del ${group}\n`);
    this.#groups.clear();
    const gone = once(shell, 'exit');
    shell.stdin?.end();
    await gone;
  }

  #start(): void {
    // A group of its own: Ctrl+C on a terminal reaches the whole foreground group, and the guard must outlive its host.
    const shell = spawn('/bin/sh', ['-c', script, 'mcp-guard'], { detached: true, stdio: ['pipe', 'ignore', 'ignore'], env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' }, cwd: '/' });
    this.#shell = shell;
    const lost = (reason: string) => {
      if (this.#shell !== shell) return;
      this.#shell = undefined;
      this.#log(`MCP servers are not guarded against a sudden end of this program: ${reason}.`);
    };
    shell.on('error', (error) => lost(error.message));
    shell.on('exit', () => lost('the guard process has ended'));
    shell.stdin?.on('error', () => undefined);
    shell.unref();
    for (const group of this.#groups) this.#write(`add ${group}`);
  }

  #write(line: string): void {
    this.#shell?.stdin?.write(`${line}\n`);
  }
}
