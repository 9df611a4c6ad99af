import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Browser, Page } from 'puppeteer-core';
import { inRoot } from '../../../scripts/lib/paths.mjs';
import { processStart } from '../../../src/run/process-identity.ts';
import { sweep } from '../../../src/run/sweep.ts';
import { RunStore } from '../../../src/store/run-store.ts';
import { launchBrowser } from './browser.ts';
import { installVsix, remoteUri, VsCodeServer } from './server.ts';

export interface SessionOptions {
  /** Test the packaged extension, installed, instead of the one in this folder. */
  readonly vsix?: string | undefined;
  readonly workspaceTrust?: boolean | undefined;
  readonly env?: Record<string, string> | undefined;
  /** The extension in development; this repository unless said otherwise. */
  readonly extension?: string | undefined;
  /** Folders of further extensions, which are installed beside it. */
  readonly companions?: readonly string[] | undefined;
}

/** Where screenshots and logs of the tests go; ignored by git. */
export const outDir = inRoot('test', 'vscode', 'out');

/** Sockets and recorded runs go with the session; the fixture's MCP configuration finds its servers by name. */
const sessionEnv = (folder: string) => ({ XDG_RUNTIME_DIR: folder, ASSASSIN_HOME: join(folder, 'home'), ASSASSIN_TEST_SERVERS: inRoot('node_modules') });

/** What the next start would do: an extension host is killed with its server, and may have had a browser at hand. */
async function sweepAfter(home: string): Promise<void> {
  if (!existsSync(home)) return;
  using store = new RunStore(home);
  const { leases } = await sweep(store, { pid: process.pid, start: (await processStart(process.pid)) ?? '' });
  for (const { label, verified, how } of leases) if (!verified) console.log(`  Left behind by the extension host: ${label}, ${how}`);
}

/** One server and one browser with a temp folder for all their state; nothing of it remains after disposal. */
export class Session implements AsyncDisposable {
  readonly server: VsCodeServer;
  readonly #browser: Browser;
  readonly #folder: string;
  readonly #developmentPath: string;
  readonly consoleLines: string[] = [];
  #workspaces = 0;

  private constructor(server: VsCodeServer, browser: Browser, folder: string, developmentPath: string) {
    this.server = server;
    this.#browser = browser;
    this.#folder = folder;
    this.#developmentPath = developmentPath;
  }

  static async open(options: SessionOptions): Promise<Session> {
    await using cleanup = new AsyncDisposableStack();
    // Resolved, because the workbench compares real paths and a temp folder is a link on macOS.
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'ia-vscode-')));
    cleanup.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 }));
    cleanup.defer(() => sweepAfter(join(folder, 'home')));
    const extensionsDir = join(folder, 'extensions');
    const dataDir = join(folder, 'data');
    await mkdir(extensionsDir);
    // Not as a second extension in development: of those the workbench in a browser takes one only.
    for (const companion of options.companions ?? []) await cp(companion, join(extensionsDir, basename(companion)), { recursive: true });
    if (options.vsix) await installVsix(options.vsix, extensionsDir, dataDir);
    const server = cleanup.use(await VsCodeServer.start({ dataDir, extensionsDir, workspaceTrust: options.workspaceTrust, env: { ...sessionEnv(folder), ...options.env } }));
    const { browser } = cleanup.use(await launchBrowser());
    // A test payload is accepted only together with an extension in development: beside an installed one it is an empty helper.
    const developmentPath = options.vsix ? inRoot('test', 'vscode', 'helper') : (options.extension ?? inRoot());
    const session = new Session(server, browser, folder, developmentPath);
    session.#cleanup = cleanup.move();
    return session;
  }

  #cleanup = new AsyncDisposableStack();

  /** A fresh copy of the fixture workspace: tests change files as they like. */
  async workspace(): Promise<string> {
    const copy = join(this.#folder, `workspace-${++this.#workspaces}`);
    await cp(inRoot('test', 'vscode', 'workspace'), copy, { recursive: true });
    return copy;
  }

  /** A workspace file in that folder, with this one folder and no settings. */
  async workspaceFile(folder: string): Promise<string> {
    const path = join(folder, 'shop.code-workspace');
    await writeFile(path, JSON.stringify({ folders: [{ path: '.' }], settings: {} }));
    return path;
  }

  /** `folder`: or a workspace file. */
  async openWorkbench(folder: string | undefined, payload: Record<string, string> = {}): Promise<Page> {
    const page = await this.#browser.newPage();
    page.on('console', (message) => this.consoleLines.push(message.text().replace(/^%c\s*/, '').replace(/ color: #\w+/, '')));
    page.on('pageerror', (error) => this.consoleLines.push(`page error: ${String(error)}`));
    await page.goto(this.server.url(folder, { extensionDevelopmentPath: remoteUri(this.#developmentPath), ...payload }), { waitUntil: 'domcontentloaded', timeout: 90_000 });
    return page;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cleanup.disposeAsync();
  }
}
