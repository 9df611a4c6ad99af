import type { AuthProvider, FetchLike, OAuthClientProvider } from '@modelcontextprotocol/client';
import type { McpServerConfig } from './mcp-config.ts';
import type { ResolvedTransport } from './resolved-server.ts';

/** How one connection to a remote server signs in. */
export interface ServerAuth {
  /** Handed to the transport as it is. What it throws is what the person sees. */
  readonly provider?: AuthProvider | OAuthClientProvider;
  /**
   * Wraps every request of the connection, those of the sign-in too. `next` reaches the origin of the server and nothing else: metadata and tokens of
   * other origins are for the wrapper to fetch, with guards of its own.
   */
  readonly fetch?: (next: FetchLike) => FetchLike;
}

export interface AuthContext {
  /** The server with its variables filled in. */
  readonly transport: Extract<ResolvedTransport, { readonly type: 'http' | 'sse' }>;
  /** The time in which the server must be up stands still while this waits for a person. */
  readonly waiting: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Asked once for each attempt to connect; `undefined` where a server needs no sign-in of ours. */
export type ServerAuthFactory = (config: McpServerConfig, url: URL, context: AuthContext) => ServerAuth | undefined;
