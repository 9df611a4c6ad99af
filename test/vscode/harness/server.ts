import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { productEnv, productNode } from '../../../scripts/lib/paths.mjs';
import { endOnInterrupt, killTree, runCommand } from '../../../scripts/lib/run.mjs';
import { serverMain } from '../../../scripts/lib/vscode-server.mjs';

export interface ServerOptions {
  /** Where the server keeps its state; the caller owns and removes it. */
  readonly dataDir: string;
  readonly extensionsDir?: string | undefined;
  /** Leaves workspace trust on, so that a folder opens restricted. */
  readonly workspaceTrust?: boolean | undefined;
  readonly env?: Record<string, string> | undefined;
}

/** Quiet defaults, so that a test and its screenshots see our extension and not the editor's introduction. */
const machineSettings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'chat.commandCenter.enabled': false,
  'git.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
};

export class VsCodeServer implements AsyncDisposable {
  readonly port: number;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, port: number) {
    this.#process = process;
    this.port = port;
  }

  static async start(options: ServerOptions): Promise<VsCodeServer> {
    const machineDir = join(options.dataDir, 'data', 'Machine');
    await mkdir(machineDir, { recursive: true });
    await writeFile(join(machineDir, 'settings.json'), JSON.stringify(machineSettings));
    const args = [
      serverMain, '--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--accept-server-license-terms',
      '--enable-smoke-test-driver', '--server-data-dir', options.dataDir, '--telemetry-level', 'off',
      // A window that was closed is not coming back: without this its extension host and file watchers stay until the server ends.
      '--reconnection-grace-time', '5',
      ...(options.workspaceTrust ? [] : ['--disable-workspace-trust']),
      ...(options.extensionsDir ? ['--extensions-dir', options.extensionsDir] : []),
    ];
    // Its own process group: the extension host and whatever that starts end with it, also when it hangs.
    const child = spawn(productNode(), args, { env: productEnv(options.env), stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    if (child.pid !== undefined) child.once('exit', endOnInterrupt(child.pid));
    let output = '';
    const port = new Promise<number>((resolve, reject) => {
      const read = (chunk: Buffer) => {
        output += chunk.toString('utf8');
        const match = /listening on (\d+)/.exec(output) ?? /https?:\/\/[^\s:/]+:(\d+)/.exec(output);
        if (match) resolve(Number(match[1]));
      };
      child.stdout?.on('data', read);
      child.stderr?.on('data', read);
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`The VS Code server ended with code ${code}:\n${output}`)));
    });
    try {
      const late = sleep(60_000, undefined, { ref: false }).then(() => Promise.reject(new Error(`The VS Code server did not listen within 60 s:\n${output}`)));
      return new VsCodeServer(child, await Promise.race([port, late]));
    } catch (error) {
      if (child.pid !== undefined) killTree(child.pid);
      throw error;
    }
  }

  /** Without a folder the window is empty: otherwise the server would open the folder of the last time. */
  url(folder: string | undefined, payload: Record<string, string> = {}): string {
    const query = new URLSearchParams(folder === undefined ? { ew: 'true' } : folder.endsWith('.code-workspace') ? { workspace: folder } : { folder });
    const entries = { skipWelcome: 'true', ...payload };
    query.set('payload', JSON.stringify(Object.entries(entries)));
    return `http://127.0.0.1:${this.port}/?${query}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { pid } = this.#process;
    if (pid === undefined) return;
    const gone = this.#process.exitCode === null && this.#process.signalCode === null ? once(this.#process, 'exit') : Promise.resolve();
    this.#process.kill('SIGTERM');
    // The group is killed in any case: extension hosts outlive a server that was asked politely, waiting for a reconnect.
    await Promise.race([gone, sleep(3_000)]);
    killTree(pid);
    await Promise.race([gone, sleep(3_000)]);
  }
}

/** What `remote` means to the workbench: the machine that the server runs on. */
export const remoteUri = (path: string) => `vscode-remote://remote${path}`;

/** Installs a VSIX as a person would, into a folder of its own. */
export async function installVsix(vsix: string, extensionsDir: string, dataDir: string): Promise<void> {
  const args = [serverMain, '--install-extension', vsix, '--extensions-dir', extensionsDir, '--server-data-dir', dataDir, '--accept-server-license-terms'];
  const result = await runCommand(productNode(), args, { env: productEnv(), output: 'capture', timeoutMs: 120_000 });
  if (result.code !== 0 || !/successfully installed/i.test(result.output)) throw new Error(`${vsix} could not be installed:\n${result.output}`);
}
