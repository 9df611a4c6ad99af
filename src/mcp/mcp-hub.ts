import { serverIdentity, type McpServerFacts } from '../policy/mcp-identity.ts';
import type { Redactor } from '../policy/redact.ts';
import type { RunScope } from '../run/run-scope.ts';
import { AssassinError, describeError } from '../shared/errors.ts';
import type { McpInput, McpServerConfig } from './mcp-config.ts';
import type { Quarantined } from './admission.ts';
import { EraBook } from './era-book.ts';
import type { IconFolder } from './icon-folder.ts';
import type { McpConnection } from './mcp-connection.ts';
import type { McpTool } from './mcp-tool.ts';
import { notConfigured } from './mcp-errors.ts';
import { McpServer, type McpServerDeps, type McpServerStatus } from './mcp-server.ts';
import { nearNames } from '../shared/near-names.ts';
import { ProcessGuard } from './process-guard.ts';
import type { RemoteServer } from './oauth/mcp-sign-ins.ts';
import type { OpenTasks } from './open-tasks.ts';
import { openRunServer, type RunServer } from './run-server.ts';
import { StartTurns } from './start-turns.ts';

export interface McpHubOptions extends Pick<McpServerDeps, 'person' | 'sample' | 'auth' | 'admit' | 'vouch' | 'resolver' | 'restartWaits' | 'sharedIdleMs'> {
  /** Absolute path of the workspace folder: the working directory of servers that name none. */
  readonly workspace: string;
  readonly servers: readonly McpServerConfig[];
  readonly redactor: Redactor;
  readonly version: string;
  readonly log: McpServerDeps['log'];
  /** Where the ids of tasks are kept; they end with the program where it is absent. */
  readonly tasks?: OpenTasks;
  /** Where icons are kept that were fetched; there are none where it is absent. */
  readonly icons?: IconFolder;
  /** Which protocol each server spoke the last time; forgotten with the program where absent. */
  readonly eras?: EraBook;
  readonly turns?: StartTurns;
  /** Asks the person for the value of `${input:id}`; where it is absent nobody can be asked. */
  readonly input?: (input: McpInput, server: string) => Promise<string | undefined>;
  /** Gives the value of `${secret:NAME}`; where it is absent there is none. */
  readonly secret?: McpServerDeps['secret'];
}

/** A run that keeps losing a server gives up on it after this many starts. */
const maxStartsPerRun = 3;
const none: ReadonlyMap<string, string> = new Map();

interface RunSlot {
  readonly starts: number;
  readonly opening: Promise<RunServer>;
  running?: RunServer;
}

/** All configured MCP servers: which there are, which a person has started, and which run has which. Nothing starts before somebody needs it. */
export class McpHub implements AsyncDisposable {
  /** Calls that servers work on by themselves, and whose results nobody has had yet. */
  readonly tasks: OpenTasks | undefined;
  readonly #icons: IconFolder | undefined;
  readonly #deps: McpServerDeps;
  readonly #guard: ProcessGuard;
  readonly #servers = new Map<string, McpServer>();
  readonly #runs = new WeakMap<RunScope, Map<string, RunSlot>>();
  readonly #listeners = new Set<() => void>();
  readonly #closing = new AbortController();

  constructor(options: McpHubOptions) {
    const { servers, input = () => Promise.resolve(undefined), secret = () => Promise.resolve(undefined), eras = new EraBook(), turns = new StartTurns(), tasks, icons, ...rest } = options;
    this.tasks = tasks;
    this.#icons = icons;
    const { log } = rest;
    this.#guard = new ProcessGuard((message) => log('warn', message));
    this.#deps = { ...rest, input, secret, eras, turns, guard: this.#guard, changed: () => this.#changed() };
    for (const config of servers) this.#servers.set(config.name, new McpServer(config, this.#deps));
  }

  servers(): readonly McpServerStatus[] {
    return [...this.#servers.values()].map((server) => server.status());
  }

  /** Hears of every change of a server's state, tools or configuration. */
  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Takes over a new configuration. A server whose entry has changed or gone is stopped; runs keep the instances that they have. */
  async configure(configs: readonly McpServerConfig[]): Promise<void> {
    const before = new Map(this.#servers);
    this.#servers.clear();
    for (const config of configs) {
      const old = before.get(config.name);
      if (old !== undefined && JSON.stringify(old.config) === JSON.stringify(config)) {
        this.#servers.set(config.name, old);
        before.delete(config.name);
      } else {
        this.#servers.set(config.name, new McpServer(config, this.#deps));
      }
    }
    this.#changed();
    await Promise.all([...before.values()].map((server) => server.stop(new AssassinError('cancelled', 'The configuration of the server has changed.'))));
  }

  /** A person's Start: the hub holds the server until `stop` or the end of the program, and runs share it. */
  start(name: string): Promise<void> {
    return this.#server(name).start();
  }

  stop(name: string): Promise<void> {
    return this.#server(name).stop(new AssassinError('cancelled', 'The server was stopped.'));
  }

  /** How a server is configured; `undefined` where there is none of that name. */
  config(name: string): McpServerConfig | undefined {
    return this.#servers.get(name)?.config;
  }

  /** Where a remote server is, with its variables filled in. */
  remote(name: string): Promise<RemoteServer> {
    return this.#server(name).remote();
  }

  /** What would be started or reached under this name now; `undefined` where there is none. */
  facts(name: string): McpServerFacts | undefined {
    return this.#servers.get(name)?.facts();
  }

  /** By which rules and grants know a server: as the instance of the run was started, or as it would be now; `undefined` where there is none of that name. */
  identity(name: string, scope: RunScope): string | undefined {
    const running = this.#runs.get(scope)?.get(name)?.running;
    // Looking after links in the file system takes longer than most calls: once for each instance.
    if (running?.closed === false) return running.identity;
    const facts = this.facts(name);
    return facts === undefined ? undefined : serverIdentity(facts);
  }

  /** Throws `mcp-not-configured` where there is no server of that name, with similar ones. */
  requireConfigured(name: string): void {
    this.#server(name);
  }

  /** The instance that a run uses, where it has one that works. */
  inUse(name: string, scope: RunScope): RunServer | undefined {
    const running = this.#runs.get(scope)?.get(name)?.running;
    return running?.closed === false && this.#servers.has(name) ? running : undefined;
  }

  /** Throws where a server would be started otherwise than it was let in. */
  vouch(name: string): void {
    const server = this.#servers.get(name);
    if (server !== undefined) this.#deps.vouch?.(server.config, server.facts());
  }

  /** The stored secrets that a server was started with, by name. */
  secrets(name: string): ReadonlyMap<string, string> {
    return this.#servers.get(name)?.secrets ?? none;
  }

  /** What is known of a server's tools without starting it. */
  knownTools(name: string): readonly McpTool[] | undefined {
    return this.#servers.get(name)?.tools;
  }

  /** An icon that was fetched from there, as a data address. */
  icon(url: string): string | undefined {
    return this.#icons?.get(url);
  }

  keepIcon(url: string, picture: string): void {
    this.#icons?.put(url, picture);
    this.#changed();
  }

  /** Its tools, of the run's instance where a run is given. Without a run, a server that is not started is started for this question and ended again. */
  async tools(name: string, scope?: RunScope): Promise<readonly McpTool[]> {
    if (scope !== undefined) return (await this.acquire(name, scope)).tools;
    return this.look(name, (connection) => Promise.resolve(connection.tools));
  }

  /** A look at a server without a run, asked for by a person: the one that is started, or one that is started for this and ended again. */
  async look<T>(name: string, work: (connection: McpConnection) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const server = this.#server(name);
    if (server.held !== undefined) return work(server.held);
    const connection = await server.prepare();
    try {
      await server.connect(connection, signal === undefined ? this.#closing.signal : AbortSignal.any([this.#closing.signal, signal]));
      return await work(connection);
    } finally {
      const { verified, how } = await connection.destroy();
      if (!verified) this.#deps.log('error', `[${name}] ${how}`);
    }
  }

  /** What a server has and nobody is offered, as far as it is known. */
  quarantined(name: string): readonly Quarantined[] {
    return this.#servers.get(name)?.quarantined ?? [];
  }

  /** Decides anew on what a started server offers, after an approval was given or withdrawn. */
  async readmit(name: string): Promise<void> {
    await this.#server(name).readmit();
  }

  /** The server for one run: one instance per run and server, gone with the run; or the one that a person has started. Call only after the gate has allowed it. */
  async acquire(name: string, scope: RunScope, parent?: string): Promise<RunServer> {
    const server = this.#server(name);
    let slots = this.#runs.get(scope);
    if (slots === undefined) this.#runs.set(scope, (slots = new Map()));
    for (;;) {
      const slot = slots.get(name);
      const current = await slot?.opening.catch((error: unknown) => {
        if (slot.starts >= maxStartsPerRun) throw error;
        return undefined;
      });
      if (current !== undefined && !current.closed) return current;
      // Another call of the same run may have replaced it meanwhile.
      if (slots.get(name) !== slot) continue;
      const starts = (slot?.starts ?? 0) + 1;
      if (starts > maxStartsPerRun) {
        throw new AssassinError('mcp-disconnected', `The MCP server "${server.config.title}" has broken ${maxStartsPerRun} times in this run.`, { hint: 'See its log and the errors before this one.', data: { server: name } });
      }
      const opening = openRunServer(server, scope, parent);
      const opened: RunSlot = { starts, opening };
      slots.set(name, opened);
      return (opened.running = await opening);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listeners.clear();
    const reason = new AssassinError('cancelled', 'The program is closing.');
    this.#closing.abort(reason);
    await Promise.all([...this.#servers.values()].map((server) => server.stop(reason)));
    await this.#guard[Symbol.asyncDispose]();
  }

  #server(name: string): McpServer {
    const server = this.#servers.get(name);
    if (server !== undefined) return server;
    const names = [...this.#servers.keys()];
    throw notConfigured(name, names, nearNames(name, names));
  }

  #changed(): void {
    for (const listener of this.#listeners) {
      try {
        listener();
      } catch (error) {
        this.#deps.log('error', `A view of the MCP servers failed: ${describeError(error)}`);
      }
    }
  }
}
