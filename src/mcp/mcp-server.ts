import { homedir } from 'node:os';
import type { Resolver } from '../policy/egress.ts';
import type { Redactor } from '../policy/redact.ts';
import { serverIdentity, type McpServerFacts } from '../policy/mcp-identity.ts';
import type { Destruction } from '../run/lease.ts';
import type { ProcessIdentity } from '../run/process-identity.ts';
import type { RunScope } from '../run/run-scope.ts';
import { AssassinError, toErrorInfo, type ErrorInfo } from '../shared/errors.ts';
import { commandLine, type McpInput, type McpProvenance, type McpServerConfig } from './mcp-config.ts';
import type { Admit, Quarantined } from './admission.ts';
import type { EraBook } from './era-book.ts';
import { IdleStop } from './idle-stop.ts';
import { McpConnection } from './mcp-connection.ts';
import { disabled } from './mcp-errors.ts';
import type { McpTool } from './mcp-tool.ts';
import type { ProcessGuard } from './process-guard.ts';
import type { RequestPorts } from './requests/answer-requests.ts';
import type { RemoteServer } from './oauth/mcp-sign-ins.ts';
import { resolveServer, type ResolvedServer } from './resolved-server.ts';
import type { ServerAuthFactory } from './server-auth.ts';
import type { StartTurns } from './start-turns.ts';
import { Restarts } from './restarts.ts';
import { resolvedFacts, serverFacts } from './server-facts.ts';
import type { KnownSources } from './variables.ts';

export type McpServerState = 'stopped' | 'starting' | 'running' | 'failed';

/** What the servers view and `mcp list` show. */
export interface McpServerStatus {
  readonly name: string;
  readonly title: string;
  /** `running` also where only runs use it; see `startedByHand` and `runs`. */
  readonly state: McpServerState;
  /** Why it failed the last time. */
  readonly error?: ErrorInfo;
  /** Number of its tools, once they have been listed. */
  readonly tools?: number;
  readonly startedByHand: boolean;
  /** How many runs have an instance of their own. */
  readonly runs: number;
  /** How often it broke and was started again, since a person started it. */
  readonly restarts: number;
  /** Since when the instance runs that a person has started, milliseconds of the epoch. */
  readonly since?: number;
  /** When it is started again, milliseconds of the epoch. */
  readonly retryAt?: number;
  readonly pid?: number;
  readonly enabled: boolean;
  readonly provenance: McpProvenance;
  /** Whole and untruncated, with its variables unresolved. */
  readonly command: string;
}

export interface McpServerDeps extends RequestPorts {
  readonly workspace: string;
  readonly redactor: Redactor;
  readonly version: string;
  readonly log: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
  readonly guard: ProcessGuard;
  readonly resolver?: Resolver;
  /** Asks the person for an input; `undefined` where nobody answers. */
  readonly input: (input: McpInput, server: string) => Promise<string | undefined>;
  /** Gives the value of `${secret:NAME}`; `undefined` where there is none. */
  readonly secret: (name: string) => Promise<string | undefined>;
  readonly changed: () => void;
  readonly auth?: ServerAuthFactory;
  readonly admit?: Admit;
  /** Throws where the server is not the one that was let in. Asked before anything of it starts. */
  readonly vouch?: (config: McpServerConfig, facts: McpServerFacts) => void;
  readonly eras: EraBook;
  readonly turns: StartTurns;
  /** Waits before a server that broke is started again, milliseconds; those of `restarts.ts` where absent. */
  readonly restartWaits?: readonly number[];
  /** How long a server that is shared by policy waits for the next run, milliseconds; that of `idle-stop.ts` where absent. */
  readonly sharedIdleMs?: number;
}

export interface OpenOptions {
  /** The run that it will belong to alone. */
  readonly owner?: RunScope;
  readonly onProcess?: (identity: ProcessIdentity) => void;
  readonly onTraffic?: (url: URL, bytes: number) => void;
  readonly onLost?: (error: unknown) => void;
}

/** One configured server: what is known of it, and the instance that a person has started. */
export class McpServer {
  readonly config: McpServerConfig;
  readonly #deps: McpServerDeps;
  #state: McpServerState = 'stopped';
  #error: ErrorInfo | undefined;
  #held: McpConnection | undefined;
  #starting: { readonly abort: AbortController; readonly done: Promise<void> } | undefined;
  #runs = 0;
  #tools: readonly McpTool[] | undefined;
  #quarantined: readonly Quarantined[] = [];
  readonly #inputs = new Map<string, string>();
  readonly #secrets = new Map<string, string>();
  readonly #restarts: Restarts;
  /** Instances that are on their way out: whoever closes the program waits for them, whoever ends them. */
  readonly #endings = new Set<Promise<unknown>>();
  readonly #idle: IdleStop;
  /** It was started for runs that share it, and not by a person. */
  #byPolicy = false;
  #since: number | undefined;

  constructor(config: McpServerConfig, deps: McpServerDeps) {
    this.config = config;
    this.#deps = deps;
    this.#idle = new IdleStop(() => void (this.#byPolicy && this.stop(new AssassinError('cancelled', 'No run has used the server for a while.'))), deps.sharedIdleMs);
    this.#restarts = new Restarts({ start: () => this.#begin(), changed: deps.changed, ...(deps.restartWaits === undefined ? {} : { waits: deps.restartWaits }) });
  }

  /** The instance that a person has started, while it runs. */
  get held(): McpConnection | undefined {
    return this.#state === 'running' ? this.#held : undefined;
  }

  /** The tools as they were listed the last time. */
  get tools(): readonly McpTool[] | undefined {
    return this.#tools;
  }

  /** What it had the last time and nobody was offered. */
  get quarantined(): readonly Quarantined[] {
    return this.held?.quarantined ?? this.#quarantined;
  }

  /** What a person has started is decided on again at once; everything else when it is started. */
  async readmit(): Promise<void> {
    this.#tools = undefined;
    this.#quarantined = [];
    await this.held?.readmit();
    this.#deps.changed();
  }

  status(): McpServerStatus {
    const { name, title, enabled, provenance } = this.config;
    const pid = this.held?.pid;
    const idle = this.#state === 'stopped' || this.#state === 'failed';
    // The error of a run's instance is a failure of the server too, as long as nothing of it runs.
    const whileIdle: McpServerState = this.#runs > 0 ? 'running' : this.#error === undefined ? 'stopped' : 'failed';
    return {
      name, title, enabled, provenance, runs: this.#runs, startedByHand: this.held !== undefined, command: commandLine(this.config),
      state: idle ? whileIdle : this.#state,
      ...(this.#error === undefined ? {} : { error: this.#error }),
      ...(this.#tools === undefined ? {} : { tools: this.#tools.length }),
      ...(pid === undefined ? {} : { pid }),
      restarts: this.#restarts.count, ...(this.held === undefined || this.#since === undefined ? {} : { since: this.#since }),
      ...(this.#restarts.next === undefined ? {} : { retryAt: Math.round(Date.now() + this.#restarts.next - performance.now()) }),
    };
  }

  /** A connection that is not connected yet and belongs to the caller. Throws `invalid-config` for a variable without a value. */
  async prepare(options: OpenOptions = {}): Promise<McpConnection> {
    const { workspace, redactor, version, log, guard, resolver, changed, auth, admit, person, sample, eras } = this.#deps;
    const { config } = this;
    if (!config.enabled) throw disabled(config);
    const facts = this.facts();
    this.#deps.vouch?.(config, facts);
    const resolved = await this.#resolve();
    const known = await eras.get(this.#identity);
    return new McpConnection({
      config, identity: serverIdentity(facts), resolved, workspace, version, guard, redactor, log, ...options, ...(resolver === undefined ? {} : { resolver }),
      ...(known === undefined ? {} : { known }), ...(auth === undefined ? {} : { auth }), ...(admit === undefined ? {} : { admit }),
      ...(person === undefined ? {} : { person }), ...(sample === undefined ? {} : { sample }),
      onToolsChanged: (tools) => {
        this.#tools = tools;
        changed();
      },
    });
  }

  /** Where a remote server is, with its variables filled in. Throws `invalid-input` for one that is a program. */
  async remote(): Promise<RemoteServer> {
    const { config } = this;
    if (!config.enabled) throw disabled(config);
    const { transport } = await this.#resolve();
    if (transport.type !== 'stdio') return { config, transport };
    throw new AssassinError('invalid-input', `The MCP server "${config.title}" is a program on this machine: there is nothing to sign in to.`, { hint: 'Give it what it needs under "env" in its entry.', data: { server: config.name } });
  }

  async #resolve(): Promise<ResolvedServer> {
    const { workspace, redactor } = this.#deps;
    const resolved = await resolveServer(this.config, { ...sourcesIn(workspace), input: (id) => this.#input(id), secret: (name) => this.#secret(name) });
    redactor.add(resolved.secrets);
    return resolved;
  }

  /** Connects, and remembers what was learned: the era, the tools, the error. */
  async connect(connection: McpConnection, signal: AbortSignal): Promise<void> {
    try {
      // A remote server takes no processor from others.
      using _turn = this.config.transport.type === 'stdio' ? await this.#deps.turns.take(signal) : undefined;
      await connection.connect(signal);
    } catch (error) {
      if (!signal.aborted) {
        this.#error = toErrorInfo(error);
        // A wrong token must not be tried for ever: the next start asks again.
        this.#inputs.clear();
      }
      throw error;
    } finally {
      this.#deps.changed();
    }
    this.#error = undefined;
    this.#tools = connection.tools;
    this.#quarantined = connection.quarantined;
    const { negotiated } = connection;
    if (negotiated?.certain === true) await this.#deps.eras.remember(this.#identity, negotiated);
  }

  /** The stored secrets that it was started with: what it answers may hold them. */
  get secrets(): ReadonlyMap<string, string> {
    return this.#secrets;
  }

  /** What would be started or reached now. */
  facts(): McpServerFacts {
    return resolvedFacts(this.config, sourcesIn(this.#deps.workspace));
  }

  get #identity(): string {
    return serverIdentity(serverFacts(this.config));
  }

  /** Counts an instance that a run has, for as long as it has it. */
  usedByRun(): () => void {
    this.#runs += 1;
    this.#deps.changed();
    return () => {
      this.#runs -= 1;
      this.#deps.changed();
    };
  }

  /** A person's Start. Resolves when it runs; where it runs already, at once. */
  start(): Promise<void> {
    this.#byPolicy = false;
    return this.#startOnce();
  }

  /** The instance that runs share: the one that a person has started, else one that is started for them and stopped when none has used it for a while. */
  async share(until: AbortSignal): Promise<McpConnection> {
    this.#idle.use(until);
    if (this.held === undefined && this.#starting === undefined) this.#byPolicy = true;
    await this.#startOnce();
    until.throwIfAborted();
    if (this.held !== undefined) return this.held;
    throw new AssassinError('mcp-disconnected', `The MCP server "${this.config.title}" was stopped while it started.`, { hint: 'Call it again.', data: { server: this.config.name } });
  }

  #startOnce(): Promise<void> {
    if (this.held !== undefined) return Promise.resolve();
    if (this.#starting === undefined) this.#restarts.reset();
    return this.#begin();
  }

  #begin(): Promise<void> {
    if (this.#starting !== undefined) return this.#starting.done;
    const abort = new AbortController();
    const done = this.#start(abort.signal).finally(() => (this.#starting = undefined));
    this.#starting = { abort, done };
    return done;
  }

  async #start(signal: AbortSignal): Promise<void> {
    this.#enter('starting');
    let connection: McpConnection | undefined;
    try {
      connection = await this.prepare({ onLost: (error) => void this.#lost(error) });
      this.#held = connection;
      await this.connect(connection, signal);
      signal.throwIfAborted();
      this.#since = Date.now();
      this.#restarts.up();
      this.#enter('running');
    } catch (error) {
      this.#held = undefined;
      await connection?.destroy();
      if (signal.aborted) this.#enter('stopped');
      else this.#enter('failed', error);
      throw error;
    }
  }

  /** A person's Stop, and the end of the program. Runs keep the instances of their own. */
  async stop(reason: Error): Promise<void> {
    this.#restarts.reset();
    this.#idle.cancel();
    const starting = this.#starting;
    starting?.abort.abort(reason);
    await starting?.done.catch(() => undefined);
    const held = this.#held;
    this.#held = undefined;
    this.#error = undefined;
    this.#enter('stopped');
    const destruction = held === undefined ? undefined : await this.#end(held);
    await Promise.all(this.#endings);
    if (destruction !== undefined) this.#deps.log(destruction.verified ? 'info' : 'error', `[${this.config.name}] stopped: ${destruction.how}`);
  }

  /** It ended by itself: what is left of its group goes too. */
  async #lost(error: unknown): Promise<void> {
    const held = this.#held;
    if (this.#state !== 'running' || held === undefined) return;
    this.#held = undefined;
    const again = this.config.restart !== false && this.#restarts.lost();
    this.#enter('failed', error);
    const destruction = await this.#end(held);
    this.#deps.log('error', `[${this.config.name}] ${toErrorInfo(error).message} ${destruction.how}${again ? '; it will be started again' : ''}`);
  }

  async #end(connection: McpConnection): Promise<Destruction> {
    const ending = connection.destroy();
    this.#endings.add(ending);
    try {
      return await ending;
    } finally {
      this.#endings.delete(ending);
    }
  }

  #enter(state: McpServerState, error?: unknown): void {
    this.#state = state;
    if (error !== undefined) this.#error = toErrorInfo(error);
    this.#deps.changed();
  }

  async #secret(name: string): Promise<string | undefined> {
    const value = await this.#deps.secret(name);
    if (value !== undefined) this.#secrets.set(name, value);
    return value;
  }

  async #input(id: string): Promise<string | undefined> {
    const known = this.#inputs.get(id);
    if (known !== undefined) return known;
    const input = this.config.inputs.find((candidate) => candidate.id === id);
    const value = input === undefined ? undefined : await this.#deps.input(input, this.config.name) ?? input.default;
    if (value !== undefined) this.#inputs.set(id, value);
    return value;
  }
}

function sourcesIn(workspace: string): KnownSources {
  return { workspace, home: homedir(), env: (name) => process.env[name] };
}
