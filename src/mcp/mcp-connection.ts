import type { CallToolResult, Client } from '@modelcontextprotocol/client';
import type { Resolver } from '../policy/egress.ts';
import type { Redactor } from '../policy/redact.ts';
import type { Destruction, Leasable } from '../run/lease.ts';
import type { ProcessIdentity } from '../run/process-identity.ts';
import type { RunScope } from '../run/run-scope.ts';
import { AssassinError, describeError } from '../shared/errors.ts';
import type { JsonObject } from '../shared/json.ts';
import { admitted, type Admit, type Quarantined } from './admission.ts';
import type { Traffic } from './bounded-fetch.ts';
import { CallClock } from './call-clock.ts';
import { noTimeout, type CallOptions } from './call-options.ts';
import type { EraVerdict, ProtocolEra } from './era-book.ts';
import { Deadlines } from './deadlines.ts';
import { makeLink, type Link } from './link.ts';
import { defaultLogLevel, makeClient, type MadeClient } from './make-client.ts';
import { totalCallTimeoutMs, type McpServerConfig } from './mcp-config.ts';
import { callError, connectTimeout, maxStrays, notATask, startError, type Asked, type FailureContext } from './mcp-errors.ts';
import { toolFromWire, type McpTool } from './mcp-tool.ts';
import { negotiate, type Attempt } from './negotiate.ts';
import type { ProcessGuard } from './process-guard.ts';
import type { ProcessUsage } from './process-usage.ts';
import type { RequestPorts } from './requests/answer-requests.ts';
import { Relisting } from './relisting.ts';
import { Callers } from './requests/caller.ts';
import type { ResolvedServer } from './resolved-server.ts';
import { loadSdk, type Sdk } from './sdk.ts';
import type { ServerAuthFactory } from './server-auth.ts';
import { ServerOffers } from './server-offers.ts';
import { clip } from './tail.ts';
import { givesTasks } from './task-capability.ts';
import { toolRequest, type RequestInHand } from './tool-request.ts';

export interface McpConnectionOptions extends RequestPorts {
  readonly config: McpServerConfig;
  /** By which grants and rules know what is started here. */
  readonly identity: string;
  readonly resolved: ResolvedServer;
  /** The folder that a server may be told of. */
  readonly workspace: string;
  readonly version: string;
  readonly guard: ProcessGuard;
  /** Resolves the names of remote servers; the system's where absent. */
  readonly resolver?: Resolver;
  readonly redactor: Redactor;
  readonly log: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
  readonly auth?: ServerAuthFactory;
  readonly admit?: Admit;
  /** What this server was the last time. */
  readonly known?: Pick<EraVerdict, 'era' | 'transport'>;
  /** The run that it belongs to alone. */
  readonly owner?: RunScope;
  readonly onProcess?: (identity: ProcessIdentity) => void;
  /** Of a remote server; what it throws ends the request. */
  readonly onTraffic?: (url: URL, bytes: number) => void;
  readonly onToolsChanged?: (tools: readonly McpTool[]) => void;
  /** It broke by itself, after the handshake. */
  readonly onLost?: (error: unknown) => void;
}

/** What was found out about a server by connecting, as far as it may be believed the next time. */
export interface Negotiated extends Attempt {
  /** False where silence was taken for an answer. */
  readonly certain: boolean;
}

/** A process that says nothing to the first question for so long is taken for an old one. */
const probeMs = 3000;

/** One live connection to one server. `connect` first, `destroy` at the end, also after a failure. */
export class McpConnection implements Leasable {
  readonly config: McpServerConfig;
  readonly identity: string;
  /** Resources and prompts. */
  readonly offers: ServerOffers;
  readonly #options: McpConnectionOptions;
  readonly #callers: Callers;
  readonly #clocks = new Set<CallClock>();
  readonly #deadlines = new Deadlines();
  readonly #relisting = new Relisting(() => void this.#onToolsChanged());
  #sdk: Sdk | undefined;
  #made: MadeClient | undefined;
  #link: Link | undefined;
  #tools: readonly McpTool[] = [];
  #instructions: string | undefined;
  #quarantined: readonly Quarantined[] = [];
  #negotiated: Negotiated | undefined;
  #readyMs: number | undefined;
  #strays: string[] = [];
  #lost = false;
  #destroyed = false;

  constructor(options: McpConnectionOptions) {
    this.config = options.config;
    this.identity = options.identity;
    this.#options = options;
    this.#callers = new Callers(options.owner);
    this.offers = new ServerOffers({
      client: () => this.#client, server: options.config.title,
      request: (name, request, work) => this.#request({ kind: 'protocol', name }, request, ({ end }) => work(end.signal)),
      admit: (definitions) => admitted(options.admit, options.config, definitions),
    });
  }

  get #client(): Client {
    if (this.#made === undefined) throw new AssassinError('internal', 'A server was used before it was connected.');
    return this.#made.client;
  }

  get pid(): number | undefined {
    return this.#link?.pid;
  }

  /** True once it has broken or been destroyed: calls fail from then on. */
  get closed(): boolean {
    return this.#lost || this.#destroyed;
  }

  get negotiated(): Negotiated | undefined {
    return this.#negotiated;
  }

  /** Milliseconds from its start to the list of its tools; `undefined` until it has told them. */
  get readyMs(): number | undefined {
    return this.#readyMs;
  }

  /** Whether it may go on with a call by itself and be asked for the result later. */
  get givesTasks(): boolean {
    return givesTasks(this.#client);
  }

  get era(): ProtocolEra | undefined {
    return this.#made?.client.getProtocolEra();
  }

  get protocolVersion(): string | undefined {
    return this.#made?.client.getNegotiatedProtocolVersion();
  }

  /** What the server calls itself; not to be trusted. */
  get serverInfo(): string {
    const info = this.#made?.client.getServerVersion();
    return info === undefined ? 'unnamed' : clip(`${info.name} ${info.version}`, 120);
  }

  /** What it offers beside tools, by its own word. */
  get capabilities(): { readonly resources: boolean; readonly subscriptions: boolean; readonly prompts: boolean; readonly completions: boolean } {
    const { resources, prompts, completions } = this.#made?.client.getServerCapabilities() ?? {};
    return { resources: resources !== undefined, subscriptions: resources?.subscribe === true, prompts: prompts !== undefined, completions: completions !== undefined };
  }

  /** How it wants to be used, in its own words; untrusted, and only where they are admitted. */
  get instructions(): string | undefined {
    return this.#instructions;
  }

  get tools(): readonly McpTool[] {
    return this.#tools;
  }

  /** Tools and instructions that it has and nobody is offered. */
  get quarantined(): readonly Quarantined[] {
    return this.#quarantined;
  }

  get traffic(): Traffic | undefined {
    return this.#link?.traffic;
  }

  usage(): ProcessUsage | undefined {
    return this.#link?.usage();
  }

  /** Starts the server, shakes hands and lists its tools. Throws `mcp-start-failed`, `mcp-protocol`, `timeout` or `cancelled`; destroy it then too. */
  async connect(signal: AbortSignal): Promise<void> {
    const sdk = await loadSdk();
    this.#sdk = sdk;
    using clock = this.#clock(this.config.connectTimeoutMs, this.config.connectTimeoutMs);
    const began = performance.now();
    try {
      await orAborted(AbortSignal.any([signal, clock.signal]), (either) => this.#begin(sdk, either));
      this.#readyMs = performance.now() - began;
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw startError(clock.signal.aborted ? connectTimeout : error, this.#context(sdk));
    }
  }

  async #begin(sdk: Sdk, signal: AbortSignal): Promise<void> {
    const { type } = this.config.transport;
    let tookMs = 0;
    const found = await negotiate({
      sdk, type, known: this.#options.known, signal, link: () => this.#link,
      attempt: async (attempt) => {
        const began = performance.now();
        await this.#attempt(sdk, attempt, signal);
        tookMs = performance.now() - began;
      },
    });
    const era = this.era ?? found.era;
    this.#negotiated = { ...found, era, certain: !(type === 'stdio' && era === 'legacy' && found.era === 'modern' && tookMs >= probeMs) };
    if (era === 'legacy' && this.#client.getServerCapabilities()?.logging !== undefined) {
      // Whoever cannot be told a level is filtered all the same.
      await this.#client.setLoggingLevel(this.config.logLevel ?? defaultLogLevel, { signal, ...noTimeout }).catch(() => undefined);
    }
    await this.#list(signal);
  }

  async #attempt(sdk: Sdk, { era, transport }: Attempt, signal: AbortSignal): Promise<void> {
    const { resolved, guard, version, config, resolver, onProcess, onTraffic, redactor, workspace, person, sample, auth } = this.#options;
    const log = (level: 'debug' | 'info' | 'warn' | 'error', message: string) => this.#options.log(level, `[${config.name}] ${redactor.redact(message)}`);
    const made = await makeClient({
      sdk, version, era, config, workspace, log, ...(person === undefined ? {} : { person }), ...(sample === undefined ? {} : { sample }),
      probeMs: config.transport.type === 'stdio' ? Math.min(probeMs, config.connectTimeoutMs / 2) : noTimeout.timeout,
      caller: () => this.#callers.only, waiting: (work) => this.#waiting(work),
      events: {
        toolsChanged: () => this.#relisting.soon(),
        resourceUpdated: (uri) => this.offers.updated(uri),
        stray: (error) => this.#onStray(error),
        closed: (client) => this.#onClose(client),
        visitDone: () => log('info', 'What the person was sent to a page for is done.'),
      },
    });
    const link = await makeLink({
      resolved: transport === 'sse' && resolved.transport.type === 'http' ? { ...resolved.transport, type: 'sse' } : resolved.transport,
      title: config.title, sdk, guard, ...(resolver === undefined ? {} : { resolver }), onProcess: (identity) => onProcess?.(identity), ...(onTraffic === undefined ? {} : { onTraffic }),
      auth: (transport) => auth?.(config, transport.url, { transport, waiting: (work) => this.#waiting(work) }),
      onLine: (stream, line) => log(stream === 'stderr' ? 'info' : 'warn', line),
    });
    // Given up while the code was being loaded: whoever destroyed this will not look again.
    if (this.#destroyed) throw new Error('The connection was given up.');
    this.#link = link;
    this.#made = made;
    await made.client.connect(link.transport, { signal, ...noTimeout });
  }

  /** Lists the tools anew and puts all that is new to the decision what may be offered. */
  async #list(signal: AbortSignal): Promise<void> {
    // A server that has told of a change before it is asked answers with what has changed: many do so as soon as they have been greeted.
    this.#relisting.drop();
    const { admit, config } = this.#options;
    const { tools } = await this.#client.listTools(undefined, { signal, cacheMode: 'refresh', ...noTimeout });
    const instructions = this.#client.getInstructions();
    const said = instructions === undefined || instructions === '' ? [] : [{ kind: 'instructions' as const, text: instructions }];
    const icons = this.#client.getServerVersion()?.icons;
    const result = await admitted(admit, config, [...said, ...tools.map((tool) => ({ kind: 'tool' as const, name: tool.name, tool: toolFromWire(tool, icons), raw: tool as JsonObject }))]);
    this.#tools = result.admitted.flatMap((definition) => (definition.kind === 'tool' ? [definition.tool] : []));
    this.#instructions = result.admitted.flatMap((definition) => (definition.kind === 'instructions' ? [definition.text] : []))[0];
    this.#quarantined = result.quarantined;
  }

  /** Puts what the server has to the decision again, after somebody has approved or withdrawn something. */
  async readmit(): Promise<void> {
    await this.#onToolsChanged();
  }

  /** Calls a tool. The result is as the server sent it, `isError` included. Throws `timeout`, `cancelled`, `mcp-disconnected`, `mcp-protocol` or `mcp-tool-failed`. */
  callTool(tool: string, args: JsonObject, options: CallOptions = {}): Promise<CallToolResult> {
    const request = toolRequest({ sdk: this.#sdk!, made: this.#made!, direct: this.#link?.direct, config: this.config, tools: this.#tools, tool, args, options });
    return request === undefined ? Promise.reject(notATask(this.config, tool)) : this.#request({ kind: 'tool', name: tool }, request.options, request.work);
  }

  async #request<T>(asked: Asked, { signal, timeoutMs = this.config.timeoutMs, wholeMs = totalCallTimeoutMs, caller }: CallOptions, work: (call: RequestInHand) => Promise<T>): Promise<T> {
    const sdk = this.#sdk!;
    const { firstByteTimeoutMs: firstMs = timeoutMs, totalTimeoutMs = Math.max(timeoutMs, firstMs, wholeMs) } = this.config;
    using clock = this.#clock(timeoutMs, totalTimeoutMs, firstMs);
    if (signal !== undefined) clock.follow(signal);
    using _active = this.#callers.enter(caller);
    try {
      return await work({ end: clock, touch: () => clock.touch() });
    } catch (error) {
      if (error instanceof sdk.UrlElicitationRequiredError) throw await this.#sentAway(error.elicitations, asked.name, clock.signal);
      throw callError(clock.givenUp !== undefined && signal?.aborted !== true ? clock.givenUp.reason : error, asked, signal, this.#context(sdk));
    }
  }

  /** A server of 2025 has refused a call until the person has been to a page of its own. */
  async #sentAway(pages: readonly { readonly message: string; readonly url: string; readonly elicitationId: string }[], what: string, signal: AbortSignal): Promise<AssassinError> {
    const { elicit } = this.#made ?? {};
    for (const { message, url, elicitationId } of pages) {
      const { action } = await elicit?.({ mode: 'url', message, url, elicitationId }, signal) ?? { action: 'cancel' as const };
      if (action !== 'accept') return new AssassinError('mcp-tool-failed', `${this.config.name}.${what} needs you to open an address first, and it was not opened.`, { hint: 'Call it again and allow the address to be opened.', data: { server: this.config.name, tool: what } });
    }
    return new AssassinError('mcp-tool-failed', `${this.config.name}.${what} waits for what you do on the page that was opened.`, { hint: 'Call it again when you are done there.', data: { server: this.config.name, tool: what } });
  }

  #clock(silenceMs: number, wholeMs: number, firstMs = silenceMs): CallClock {
    const clock = new CallClock({ silenceMs, wholeMs, firstMs, ended: () => this.#clocks.delete(clock) }, this.#deadlines);
    this.#clocks.add(clock);
    return clock;
  }

  async #waiting<T>(work: () => Promise<T>): Promise<T> {
    using holds = new DisposableStack();
    for (const clock of this.#clocks) holds.use(clock.hold());
    return await work();
  }

  /** Ends the server with everything it started, or the session with a remote one. */
  async destroy(): Promise<Destruction> {
    this.#destroyed = true;
    this.#relisting.drop();
    this.offers.lost(new AssassinError('mcp-disconnected', `The MCP server "${this.config.title}" was stopped.`, { hint: 'Start it again.', data: { server: this.config.name } }));
    const destruction = await this.#link?.destroy() ?? { verified: true, how: 'nothing was started' };
    await this.#made?.client.close();
    return destruction;
  }

  #context(sdk: Sdk): FailureContext {
    return {
      config: this.config, sdk,
      redact: (text) => this.#options.redactor.redact(text),
      report: () => this.#link?.report() ?? { stderr: [], rubbish: [] },
      strays: () => this.#strays,
    };
  }

  async #onToolsChanged(): Promise<void> {
    if (this.closed) return;
    using clock = this.#clock(this.config.timeoutMs, this.config.timeoutMs);
    try {
      await this.#list(clock.signal);
      this.#options.onToolsChanged?.(this.#tools);
    } catch (error) {
      this.#options.log('warn', `[${this.config.name}] Its tools have changed but could not be listed: ${describeError(error)}`);
    }
  }

  #onStray(error: Error): void {
    this.#strays.push(clip(error.message, 200));
    if (this.#strays.length === maxStrays) void this.#link?.transport.close();
  }

  #onClose(client: Client): void {
    if (this.#destroyed || client !== this.#made?.client || this.#lost || client.getNegotiatedProtocolVersion() === undefined) return;
    this.#lost = true;
    const error = callError(new Error('the connection was closed'), { kind: 'protocol', name: 'the pause between two calls' }, undefined, this.#context(this.#sdk!));
    this.offers.lost(error);
    this.#options.onLost?.(error);
  }
}

/** Settles when the signal aborts even where the work does not listen to it; the caller then destroys what the work holds. */
async function orAborted(signal: AbortSignal, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const working = work(signal);
    working.catch(() => undefined);
    await Promise.race([working, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
