import type { CallToolResult, Client, Tool as WireTool } from '@modelcontextprotocol/client';
import type { Resolver } from '../policy/egress.ts';
import type { Redactor } from '../policy/redact.ts';
import type { Destruction, Leasable } from '../run/lease.ts';
import type { ProcessIdentity } from '../run/process-identity.ts';
import type { JsonObject } from '../shared/json.ts';
import type { Traffic } from './bounded-fetch.ts';
import { makeLink, type Link } from './link.ts';
import { totalCallTimeoutMs, type McpServerConfig } from './mcp-config.ts';
import { callError, connectTimeout, maxStrays, startError, type FailureContext } from './mcp-errors.ts';
import type { ProcessGuard } from './process-guard.ts';
import type { ProcessUsage } from './process-usage.ts';
import type { ResolvedServer } from './resolved-server.ts';
import { loadSdk, loadValidator, type Sdk } from './sdk.ts';
import { clip } from './tail.ts';

/** A tool as its server describes it. Names and texts are the server's own: untrusted. */
export interface McpTool {
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
  readonly outputSchema?: JsonObject;
  readonly annotations?: { readonly readOnlyHint?: boolean; readonly destructiveHint?: boolean; readonly openWorldHint?: boolean };
}

export type ProtocolEra = 'legacy' | 'modern';

export interface McpConnectionOptions {
  readonly config: McpServerConfig;
  readonly resolved: ResolvedServer;
  readonly version: string;
  readonly guard: ProcessGuard;
  /** Resolves the names of remote servers; the system's where absent. */
  readonly resolver?: Resolver;
  readonly redactor: Redactor;
  readonly log: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
  /** The era that this server spoke the last time; what is tried first where it is not known differs by transport. */
  readonly era?: ProtocolEra;
  readonly onProcess?: (identity: ProcessIdentity) => void;
  readonly onToolsChanged?: (tools: readonly McpTool[]) => void;
  /** It broke by itself, after the handshake. */
  readonly onLost?: (error: unknown) => void;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Longest silence, milliseconds; the configured one where absent. */
  readonly timeoutMs?: number;
  readonly onProgress?: (message: string | undefined, fraction: number | undefined) => void;
}

/** One live connection to one server. `connect` first, `destroy` at the end, also after a failure. */
export class McpConnection implements Leasable {
  readonly config: McpServerConfig;
  readonly #options: McpConnectionOptions;
  #sdk: Sdk | undefined;
  #client: Client | undefined;
  #link: Link | undefined;
  #tools: readonly McpTool[] = [];
  #strays: string[] = [];
  #lost = false;
  #destroyed = false;

  constructor(options: McpConnectionOptions) {
    this.config = options.config;
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#link?.pid;
  }

  /** True once it has broken or been destroyed: calls fail from then on. */
  get closed(): boolean {
    return this.#lost || this.#destroyed;
  }

  get era(): ProtocolEra | undefined {
    return this.#client?.getProtocolEra();
  }

  get protocolVersion(): string | undefined {
    return this.#client?.getNegotiatedProtocolVersion();
  }

  /** What the server calls itself; not to be trusted. */
  get serverInfo(): string {
    const info = this.#client?.getServerVersion();
    return info === undefined ? 'unnamed' : clip(`${info.name} ${info.version}`, 120);
  }

  get tools(): readonly McpTool[] {
    return this.#tools;
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
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(connectTimeout), this.config.connectTimeoutMs);
    try {
      await orAborted(AbortSignal.any([signal, deadline.signal]), (either) => this.#negotiate(sdk, either));
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw startError(deadline.signal.aborted ? connectTimeout : error, this.#context(sdk));
    } finally {
      clearTimeout(timer);
    }
  }

  async #negotiate(sdk: Sdk, signal: AbortSignal): Promise<void> {
    const { type } = this.config.transport;
    // Asking a process for the new protocol first can kill an old one, and most are old; an old HTTP server just refuses the question.
    const first = this.#options.era ?? (type === 'http' ? 'modern' : 'legacy');
    try {
      await this.#attempt(first, signal);
    } catch (error) {
      if (type !== 'stdio' || first !== 'legacy' || !(error instanceof sdk.ProtocolError)) throw error;
      await this.#link?.destroy();
      signal.throwIfAborted();
      await this.#attempt('modern', signal);
    }
    const { tools } = await this.#client!.listTools(undefined, { signal, timeout: this.config.connectTimeoutMs });
    this.#tools = tools.map(fromWire);
  }

  async #attempt(era: ProtocolEra, signal: AbortSignal): Promise<void> {
    const { resolved, guard, version, config, resolver, onProcess } = this.#options;
    const sdk = this.#sdk!;
    const jsonSchemaValidator = await loadValidator();
    const link = await makeLink({
      resolved: resolved.transport, sdk, guard, ...(resolver === undefined ? {} : { resolver }), onProcess: (identity) => onProcess?.(identity),
      onLine: (stream, line) => this.#options.log(stream === 'stderr' ? 'info' : 'warn', `[${config.name}] ${this.#options.redactor.redact(line)}`),
    });
    // Given up while the code was being loaded: whoever destroyed this will not look again.
    if (this.#destroyed) throw new Error('The connection was given up.');
    this.#link = link;
    const client = new sdk.Client({ name: 'infrastructure-assassin', version }, {
      jsonSchemaValidator,
      versionNegotiation: { mode: era === 'legacy' ? 'legacy' : 'auto' },
      listChanged: { tools: { onChanged: (error, tools) => this.#onToolsChanged(error, tools) } },
    });
    client.onerror = (error) => this.#onStray(error);
    client.onclose = () => this.#onClose(client);
    this.#client = client;
    await client.connect(link.transport, { signal, timeout: config.connectTimeoutMs });
  }

  /** Calls a tool. The result is as the server sent it, `isError` included. Throws `timeout`, `cancelled`, `mcp-disconnected`, `mcp-protocol` or `mcp-tool-failed`. */
  async callTool(tool: string, args: JsonObject, { signal, timeoutMs = this.config.timeoutMs, onProgress }: CallOptions = {}): Promise<CallToolResult> {
    const sdk = this.#sdk!;
    try {
      return await this.#client!.callTool({ name: tool, arguments: { ...args } }, {
        timeout: timeoutMs,
        maxTotalTimeout: Math.max(timeoutMs, totalCallTimeoutMs),
        resetTimeoutOnProgress: true,
        onprogress: ({ progress, total, message }) => onProgress?.(message, total === undefined || total <= 0 ? undefined : Math.min(1, progress / total)),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      throw callError(error, tool, signal, this.#context(sdk));
    }
  }

  /** Ends the server with everything it started, or the session with a remote one. */
  async destroy(): Promise<Destruction> {
    this.#destroyed = true;
    const destruction = await this.#link?.destroy() ?? { verified: true, how: 'nothing was started' };
    await this.#client?.close();
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

  #onToolsChanged(error: Error | null, tools: WireTool[] | null): void {
    if (error !== null || tools === null) {
      this.#options.log('warn', `[${this.config.name}] Its tools have changed but could not be listed: ${error?.message ?? 'no answer'}`);
      return;
    }
    this.#tools = tools.map(fromWire);
    this.#options.onToolsChanged?.(this.#tools);
  }

  #onStray(error: Error): void {
    this.#strays.push(clip(error.message, 200));
    if (this.#strays.length === maxStrays) void this.#link?.transport.close();
  }

  #onClose(client: Client): void {
    if (this.#destroyed || client !== this.#client || this.#lost || client.getNegotiatedProtocolVersion() === undefined) return;
    this.#lost = true;
    this.#options.onLost?.(callError(new Error('the connection was closed'), 'the pause between two calls', undefined, this.#context(this.#sdk!)));
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

function fromWire(tool: WireTool): McpTool {
  return {
    name: tool.name,
    description: tool.description ?? '',
    // Parsed from JSON by the transport; the library's types are merely wider than ours.
    inputSchema: tool.inputSchema as JsonObject,
    ...(tool.title === undefined ? {} : { title: tool.title }),
    ...(tool.outputSchema === undefined ? {} : { outputSchema: tool.outputSchema as JsonObject }),
    ...(tool.annotations === undefined ? {} : { annotations: annotationsOf(tool.annotations) }),
  };
}

function annotationsOf({ readOnlyHint, destructiveHint, openWorldHint }: NonNullable<WireTool['annotations']>): NonNullable<McpTool['annotations']> {
  return {
    ...(readOnlyHint === undefined ? {} : { readOnlyHint }),
    ...(destructiveHint === undefined ? {} : { destructiveHint }),
    ...(openWorldHint === undefined ? {} : { openWorldHint }),
  };
}
