import type { CallToolResult } from '@modelcontextprotocol/client';
import { netAction } from '../policy/action.ts';
import type { Destruction, Leasable, Lease, LeaseHandle } from '../run/lease.ts';
import type { RunScope } from '../run/run-scope.ts';
import type { JsonObject } from '../shared/json.ts';
import type { Quarantined } from './admission.ts';
import type { CallOptions } from './call-options.ts';
import type { McpConnection } from './mcp-connection.ts';
import { secretsOf } from './variables.ts';
import type { McpServer } from './mcp-server.ts';
import type { McpTool } from './mcp-tool.ts';
import type { ServerOffers } from './server-offers.ts';

/** A server in the hands of one run: an instance of its own, or the one that a person has started. */
export interface RunServer {
  /** A person has started it; other runs may use it at the same time, and it outlives this one. */
  readonly shared: boolean;
  /** It has broken: the run may ask for another. */
  readonly closed: boolean;
  /** By which grants and rules know it, as it was started. */
  readonly identity: string;
  readonly tools: readonly McpTool[];
  /** Whether it may go on with a call by itself and be asked for the result later. */
  readonly givesTasks: boolean;
  /** What it has and nobody is offered. */
  readonly quarantined: readonly Quarantined[];
  /** Its resources and prompts. Give the run as the caller of each request. */
  readonly offers: ServerOffers;
  callTool(tool: string, args: JsonObject, options: CallOptions & { readonly step?: string }): Promise<CallToolResult>;
}

/** Gives the run the instance that a person has started, or starts one that ends with the run. Recorded as a step below `parent`. */
export async function openRunServer(server: McpServer, scope: RunScope, parent?: string): Promise<RunServer> {
  const { name } = server.config;
  const { held } = server;
  const inTrace = (verb: string, open: () => Promise<McpConnection>) => scope.step(
    { kind: 'mcp', name: `${verb} ${name}`, ...(parent === undefined ? {} : { parent }) },
    async () => {
      const connection = await open();
      return { ...(connection.pid === undefined ? {} : { pid: connection.pid }), server: connection.serverInfo, protocol: connection.protocolVersion ?? 'unknown', tools: connection.tools.length };
    },
  );
  if (held === undefined && server.config.lease === 'shared') {
    for (const secret of secretsOf(server.config.transport)) await scope.gate.check({ kind: 'secret', name: secret }, parent, { tool: `mcp.${name}` });
    let shared: McpConnection | undefined;
    await inTrace('share', async () => (shared = await server.share(scope.signal)));
    return new SharedServer(shared!, scope);
  }
  if (held !== undefined) {
    if (server.config.lease === 'shared') await server.share(scope.signal);
    await inTrace('share', () => Promise.resolve(held));
    scope.log('info', `The MCP server ${name} is shared with other runs: it goes on after this one.`);
    return new SharedServer(held, scope);
  }
  // What it is started with is asked for by this run, whoever wrote the configuration.
  for (const secret of secretsOf(server.config.transport)) await scope.gate.check({ kind: 'secret', name: secret }, parent, { tool: `mcp.${name}` });
  let opened: LeasedServer | undefined;
  await inTrace('start', async () => {
    opened = await LeasedServer.open(server, scope);
    return opened.connection;
  });
  return opened!;
}

class SharedServer implements RunServer {
  readonly shared = true;
  readonly #connection: McpConnection;
  readonly #scope: RunScope;
  #calls = 0;

  constructor(connection: McpConnection, scope: RunScope) {
    this.#connection = connection;
    this.#scope = scope;
    // Each call is a step already; its count, written by itself, would be a fourth of what is written for it.
    scope.signal.addEventListener('abort', () => {
      if (this.#calls > 0) scope.meter('mcp.calls', this.#calls, 'measured', 'calls sent');
    }, { once: true });
  }

  get closed(): boolean {
    return this.#connection.closed;
  }

  get identity(): string {
    return this.#connection.identity;
  }

  get tools(): readonly McpTool[] {
    return this.#connection.tools;
  }

  get givesTasks(): boolean {
    return this.#connection.givesTasks;
  }

  get quarantined(): readonly Quarantined[] {
    return this.#connection.quarantined;
  }

  get offers(): ServerOffers {
    return this.#connection.offers;
  }

  callTool(tool: string, args: JsonObject, { step, ...options }: CallOptions & { readonly step?: string }): Promise<CallToolResult> {
    this.#calls += 1;
    return this.#connection.callTool(tool, args, { ...options, caller: { scope: this.#scope, ...(step === undefined ? {} : { step }) } });
  }
}

interface LeasedServerParts {
  readonly scope: RunScope;
  readonly lease: string;
  readonly release: () => void;
  /** Aborts with `budget-exceeded` once the bytes of the run, or of its grant for the server's host, are used up. */
  readonly usedUp: AbortSignal;
}

class LeasedServer implements RunServer, Leasable {
  readonly shared = false;
  readonly connection: McpConnection;
  readonly #scope: RunScope;
  readonly #lease: string;
  readonly #release: () => void;
  readonly #usedUp: AbortSignal;
  readonly #began = performance.now();
  #calls = 0;
  #destruction: Promise<Destruction> | undefined;

  private constructor(connection: McpConnection, { scope, lease, release, usedUp }: LeasedServerParts) {
    this.connection = connection;
    this.#scope = scope;
    this.#lease = lease;
    this.#release = release;
    this.#usedUp = usedUp;
  }

  static async open(server: McpServer, scope: RunScope): Promise<LeasedServer> {
    const held: { handle?: LeaseHandle; lease?: Lease<LeasedServer> } = {};
    const usedUp = new AbortController();
    const connection = await server.prepare({
      owner: scope,
      onProcess: ({ pid, start }) => held.handle?.identify({ pid, pidStart: start }),
      onTraffic: (url, bytes) => {
        try {
          scope.budget.spend('egressBytes', bytes);
          scope.gate.spend(netAction(url), { bytes });
        } catch (error) {
          // An answer that comes as a stream of events would else be waited for until the call times out.
          usedUp.abort(error);
          throw error;
        }
      },
      // What is left of a server that broke goes at once, not at the end of a long run.
      onLost: () => void held.lease?.release().catch(() => undefined),
    });
    const lease = await scope.lease({ kind: 'mcp', label: `MCP server ${server.config.name}` }, (handle) => {
      held.handle = handle;
      return Promise.resolve(new LeasedServer(connection, { scope, lease: handle.id, release: server.usedByRun(), usedUp: usedUp.signal }));
    });
    held.lease = lease;
    try {
      await server.connect(connection, AbortSignal.any([scope.signal, usedUp.signal]));
    } catch (error) {
      await lease.release();
      throw error;
    }
    return lease.resource;
  }

  get closed(): boolean {
    return this.connection.closed;
  }

  get identity(): string {
    return this.connection.identity;
  }

  get tools(): readonly McpTool[] {
    return this.connection.tools;
  }

  get givesTasks(): boolean {
    return this.connection.givesTasks;
  }

  get quarantined(): readonly Quarantined[] {
    return this.connection.quarantined;
  }

  get offers(): ServerOffers {
    return this.connection.offers;
  }

  callTool(tool: string, args: JsonObject, { step, ...options }: CallOptions & { readonly step?: string }): Promise<CallToolResult> {
    this.#calls += 1;
    const { connection } = this;
    // Only the bytes of a remote server are counted while they come. A signal made of others is costly, and a process needs none.
    const signal = connection.traffic === undefined ? options.signal : AbortSignal.any([this.#usedUp, ...(options.signal === undefined ? [] : [options.signal])]);
    return connection.callTool(tool, args, { ...options, caller: { scope: this.#scope, ...(step === undefined ? {} : { step }) }, ...(signal === undefined ? {} : { signal }) });
  }

  destroy(): Promise<Destruction> {
    return (this.#destruction ??= this.#destroy());
  }

  async #destroy(): Promise<Destruction> {
    // Looked up while it still lives: the kernel forgets the numbers of a process that is gone.
    const usage = this.connection.usage();
    const { traffic } = this.connection;
    const destruction = await this.connection.destroy();
    this.#release();
    const meter = (...[name, value, mark, source]: Parameters<RunScope['meter']>) => this.#scope.meter(name, value, mark, source, { lease: this.#lease });
    if (this.#calls > 0) meter('mcp.calls', this.#calls, 'measured', 'calls sent');
    if (traffic !== undefined) {
      meter('egress.bytes_in', traffic.bytesIn, 'measured', 'bodies of the answers of the remote server, decompressed');
      meter('egress.bytes_out', traffic.bytesOut, 'measured', 'bodies of the requests to the remote server');
      return destruction;
    }
    meter('mcp.wall_ms', performance.now() - this.#began, 'measured', 'from the start of the server process to its verified end, monotonic clock of the host');
    if (usage === undefined) {
      const why = process.platform === 'linux' ? 'the server had ended before anybody looked' : `${process.platform} tells it of no foreign process group`;
      meter('mcp.cpu_ms', 0, 'unknown', `not measured: ${why}`);
      meter('mcp.memory_bytes', 0, 'unknown', `not measured: ${why}`);
    } else {
      const alone = usage.processes === 1;
      meter('mcp.cpu_ms', usage.cpuMs, 'measured', `/proc of the server${alone ? '' : `'s ${usage.processes} processes`} just before the end, in steps of 10 ms`);
      meter('mcp.memory_bytes', usage.peakBytes, 'measured', alone ? 'highest resident size of the server (VmHWM)' : `sum of the highest resident sizes of ${usage.processes} processes (VmHWM); shared pages count in each`);
    }
    return destruction;
  }
}
