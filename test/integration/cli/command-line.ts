import { spawn, spawnSync, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Bill, DestructionReport, RunSummary, Span } from '../../../src/shared/dto.ts';
import type { ErrorInfo } from '../../../src/shared/errors.ts';
import type { JournalEvent } from '../../../src/shared/events.ts';

const cli = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));
export const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Only the `script` of util-linux takes a command in this way. */
export const hasTerminal = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunDocument {
  readonly run: string; readonly state: string; readonly clean: boolean; readonly exitCode: number; readonly result?: unknown; readonly error?: ErrorInfo;
  readonly summary: RunSummary; readonly trace: readonly Span[]; readonly destruction: DestructionReport; readonly bill: Bill;
}

/** A workspace and a data directory of a test's own, and the built command line in it. */
export class CommandLine implements Disposable {
  readonly workspace: string;
  readonly data: string;
  readonly #folder: string;

  constructor(files: Readonly<Record<string, string>> = {}) {
    this.#folder = mkdtempSync(join(tmpdir(), 'ia-cli-'));
    this.workspace = join(this.#folder, 'workspace');
    this.data = join(this.#folder, 'data');
    mkdirSync(this.workspace);
    for (const [path, text] of Object.entries(files)) this.write(path, text);
  }

  write(path: string, text: string): void {
    const file = join(this.workspace, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Starts a command without waiting for its end. */
  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): { readonly child: ChildProcess; readonly finished: Promise<Finished>; readonly seen: (text: string) => Promise<void> } {
    const child = spawn(process.execPath, [cli, ...args], { cwd: this.workspace, env: { ...process.env, ASSASSIN_HOME: this.data, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    return { child, ...followed(child) };
  }

  run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Finished> {
    return this.start(args, env).finished;
  }

  /**
   * Starts a command on a terminal of its own, made by the system's `script`, with its output in the file `out` of the workspace. `say` types a line.
   * Where the system has no such program there is no such test.
   */
  onTerminal(args: readonly string[]): { readonly say: (text: string) => void; readonly seen: (text: string) => Promise<void>; readonly finished: Promise<Finished> } {
    const quoted = [process.execPath, cli, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
    const { CI: _, ...env } = process.env;
    const child = spawn('script', ['-qec', `${quoted} > out`, '/dev/null'], { cwd: this.workspace, env: { ...env, ASSASSIN_HOME: this.data, TERM: 'xterm' }, stdio: ['pipe', 'pipe', 'pipe'] });
    const { finished, seen } = followed(child);
    return { say: (text) => void child.stdin.write(`${text}\n`), seen, finished };
  }

  /** A command with `--json`, its one document parsed. */
  async json<T = RunDocument>(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<{ readonly code: number | null; readonly document: T; readonly stderr: string }> {
    const { code, stdout, stderr } = await this.run([...args, '--json'], env);
    try {
      return { code, document: JSON.parse(stdout) as T, stderr };
    } catch {
      throw new Error(`Not one JSON document (exit code ${code}):\n${stdout}\n${stderr}`);
    }
  }

  async events(run: string): Promise<readonly JournalEvent[]> {
    return (await this.json<{ events: JournalEvent[] }>(['runs', 'export', run])).document.events;
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What a program prints until it ends, and whether it has said something yet. */
function followed(child: ChildProcessByStdio<Writable | null, Readable, Readable>): { readonly finished: Promise<Finished>; readonly seen: (text: string) => Promise<void> } {
  let stdout = '';
  let stderr = '';
  const waiting = new Map<string, () => void>();
  const look = () => {
    for (const [text, resolve] of waiting) if ((stdout + stderr).includes(text)) resolve();
  };
  child.stdout.on('data', (chunk: Buffer) => { stdout += chunk.toString(); look(); });
  child.stderr.on('data', (chunk: Buffer) => { stderr += chunk.toString(); look(); });
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  const seen = (text: string) => new Promise<void>((resolve, reject) => {
    waiting.set(text, resolve);
    look();
    void finished.then(() => reject(new Error(`It ended before it said "${text}":\n${stdout}\n${stderr}`)));
  });
  return { finished, seen };
}

/** The processes that a run leased, as its journal names them. */
export function pidsOf(events: readonly JournalEvent[]): readonly number[] {
  return events.flatMap((event) => (event.type === 'lease.identified' || event.type === 'lease.created') && event.identity.pid !== undefined ? [event.identity.pid] : []);
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export function chain(body: string, meta: Readonly<Record<string, unknown>> = {}, imports = ''): string {
  return `${imports}\nexport const meta = ${JSON.stringify({ description: 'A test', ...meta })};\nexport default async function (input: any) {\n${body}\n}\n`;
}

/** Both servers of the sample, as a workspace elsewhere configures them. */
export const mcpConfiguration = JSON.stringify({
  servers: Object.fromEntries([['filesystem', '${workspaceFolder}'], ['everything', 'stdio']].map(([name, argument]) =>
    [name, { type: 'stdio', command: process.execPath, args: [join(root, 'node_modules/@modelcontextprotocol', `server-${name}`, 'dist/index.js'), argument] }])),
});
