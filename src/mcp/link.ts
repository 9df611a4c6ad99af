import type { Transport } from '@modelcontextprotocol/client';
import { homedir } from 'node:os';
import type { Resolver } from '../policy/egress.ts';
import type { ProcessIdentity } from '../run/process-identity.ts';
import type { Destruction } from '../run/lease.ts';
import type { ProcessGuard } from './process-guard.ts';
import type { ProcessUsage } from './process-usage.ts';
import { findProgram } from './launch/find-program.ts';
import { sandboxed } from './launch/os-sandbox.ts';
import { thisMachine } from './launch/this-machine.ts';
import { boundedFetch, type Traffic } from './bounded-fetch.ts';
import { DirectCalls } from './direct-calls.ts';
import { directHttp } from './direct-http.ts';
import type { ResolvedTransport } from './resolved-server.ts';
import type { StdioEnd } from './stdio-transport.ts';
import type { Sdk } from './sdk.ts';
import type { ServerAuth } from './server-auth.ts';

/** What a server said beside the protocol, for error messages. Not yet redacted. */
export interface LinkReport {
  readonly end?: StdioEnd;
  readonly stderr: readonly string[];
  readonly rubbish: readonly string[];
}

/** The way to one server, a process or an address: opened once, destroyed once. */
export interface Link {
  readonly transport: Transport;
  /** Calls of tools past the library, where the way allows it. */
  readonly direct?: DirectCalls;
  readonly pid?: number;
  report(): LinkReport;
  /** Bytes of a remote server, absent for a process. */
  readonly traffic?: Traffic;
  usage(): ProcessUsage | undefined;
  destroy(): Promise<Destruction>;
}

export interface LinkOptions {
  /** What the server is called in messages. */
  readonly title: string;
  readonly resolved: ResolvedTransport;
  readonly sdk: Sdk;
  readonly guard: ProcessGuard;
  readonly resolver?: Resolver;
  /** How to sign in at a remote server. */
  readonly auth?: (transport: Extract<ResolvedTransport, { readonly type: 'http' | 'sse' }>) => ServerAuth | undefined;
  /** Of a remote server; what it throws ends the request. */
  readonly onTraffic?: (url: URL, bytes: number) => void;
  readonly onProcess: (identity: ProcessIdentity) => void;
  readonly onLine: (stream: 'stderr' | 'stdout', line: string) => void;
}

export async function makeLink(options: LinkOptions): Promise<Link> {
  const { resolved } = options;
  return resolved.type === 'stdio' ? stdioLink({ ...options, server: resolved }) : httpLink(resolved, options);
}

async function stdioLink(options: LinkOptions & { readonly server: Extract<ResolvedTransport, { readonly type: 'stdio' }> }): Promise<Link> {
  const { server, sdk, guard, onProcess, onLine } = options;
  const { StdioTransport } = await import('./stdio-transport.ts');
  const box = server.sandbox === undefined ? undefined : await sandboxed({
    ...server, sandbox: server.sandbox, title: options.title, platform: process.platform,
    find: (program) => findProgram(program, { cwd: server.cwd, path: server.env['PATH'] ?? '' }, thisMachine({ home: homedir(), env: (name) => server.env[name] })).file,
  });
  const direct: DirectCalls = new DirectCalls((message, _end, failed) => transport.post(message, failed));
  const transport = new StdioTransport({
    server: box === undefined ? server : { ...server, command: box.command, args: box.args }, guard, onProcess, onLine,
    decode: (line) => {
      const message: unknown = JSON.parse(line);
      return direct.take(message) ? undefined : sdk.parseJSONRPCMessage(message);
    },
    answered: (message) => {
      const answer = direct.answerTo(message);
      return answer === undefined ? undefined : sdk.parseJSONRPCMessage(answer);
    },
  });
  // Kept by the library, which listens for itself too.
  transport.onclose = () => direct.lost(new sdk.SdkError(sdk.SdkErrorCode.ConnectionClosed, 'Connection closed'));
  return {
    transport, direct,
    get pid() {
      return transport.pid;
    },
    report: () => ({ stderr: transport.stderr.lines, rubbish: transport.rubbish, ...(transport.end === undefined ? {} : { end: transport.end }) }),
    usage: () => transport.usage(),
    destroy: async () => {
      const { gone, how } = await transport.destroy();
      await box?.[Symbol.asyncDispose]();
      return { verified: gone, how };
    },
  };
}

/** Longest wait for a remote server to confirm the end of its session. */
const sessionEndMs = 2000;

function httpLink(resolved: Extract<ResolvedTransport, { readonly type: 'http' | 'sse' }>, { sdk, resolver, onTraffic, auth }: LinkOptions): Link {
  const traffic: Traffic = { bytesIn: 0, bytesOut: 0 };
  const egress = boundedFetch({ url: resolved.url, traffic, ...(onTraffic === undefined ? {} : { onTraffic }), ...(resolver === undefined ? {} : { resolver }) });
  const signIn = auth?.(resolved);
  const options = {
    fetch: signIn?.fetch?.(egress.fetch) ?? egress.fetch, requestInit: { headers: { ...resolved.headers } },
    ...(signIn?.provider === undefined ? {} : { authProvider: signIn.provider }),
  };
  const shared = { traffic, report: () => ({ stderr: [], rubbish: [] }), usage: () => undefined };
  const place = resolved.url.host;
  if (resolved.type === 'sse') {
    const transport = new sdk.SSEClientTransport(resolved.url, options);
    return {
      ...shared, transport,
      destroy: async () => {
        await transport.close();
        egress[Symbol.dispose]();
        return { verified: true, how: `connection to ${place} closed; what the remote server keeps is its own` };
      },
    };
  }
  const transport = new sdk.StreamableHTTPClientTransport(resolved.url, options);
  let destruction: Promise<Destruction> | undefined;
  const destroy = async (): Promise<Destruction> => {
    const ended = transport.sessionId === undefined ? 'it held no session' : await endSession(transport);
    await transport.close();
    egress[Symbol.dispose]();
    return { verified: true, how: `connection to ${place} closed, ${ended}` };
  };
  // A token that the library sends is not known here.
  const direct = signIn?.provider === undefined ? directHttp({ sdk, url: resolved.url, headers: resolved.headers, fetch: options.fetch, transport }) : undefined;
  return { ...shared, transport, ...(direct === undefined ? {} : { direct }), destroy: () => (destruction ??= destroy()) };
}

async function endSession(transport: { terminateSession(): Promise<void> }): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), sessionEndMs);
  });
  try {
    await Promise.race([transport.terminateSession(), late]);
    return 'the remote server was told to end the session';
  } catch {
    return 'the remote server did not confirm the end of the session';
  } finally {
    clearTimeout(timer);
  }
}
