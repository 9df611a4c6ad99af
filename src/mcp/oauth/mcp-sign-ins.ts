import type { Resolver } from '../../policy/egress.ts';
import type { HostLeases } from '../../run/host-leases.ts';
import { AssassinError } from '../../shared/errors.ts';
import type { McpServerConfig } from '../mcp-config.ts';
import type { ResolvedTransport } from '../resolved-server.ts';
import type { ServerAuthFactory } from '../server-auth.ts';
import { authFetch, challengeOf } from './auth-fetch.ts';
import type { CredentialVault } from './credential-vault.ts';
import { guardedFetch } from './guarded-fetch.ts';
import { LoopbackWayBack } from './loopback-way-back.ts';
import type { McpOAuthConfig } from './oauth-config.ts';
import { addressRefused, tokenRefused, unreachable } from './oauth-errors.ts';
import { ServerSignIn } from './server-sign-in.ts';
import type { SignInDoor, WayBack } from './sign-in-door.ts';
import { recordKey } from './sign-in-record.ts';

export interface McpSignInsOptions {
  readonly vault: CredentialVault;
  readonly door?: SignInDoor;
  readonly leases?: HostLeases;
  /** Hears of every secret before it is used. */
  readonly secret: (values: readonly string[]) => void;
  /** A token that the person gives for a server by its name, and where they have put it. It is shown and never renewed. */
  readonly token?: (server: string) => { readonly value: string; readonly place: string } | undefined;
  readonly locks?: string;
  readonly resolver?: Resolver;
  readonly ca?: string;
  readonly now?: () => number;
  /** Longest time for the person in the browser, milliseconds. */
  readonly patienceMs?: number;
}

/** A remote server with its variables filled in. */
export interface RemoteServer {
  readonly config: McpServerConfig;
  readonly transport: Extract<ResolvedTransport, { readonly type: 'http' | 'sse' }>;
}

const patienceMs = 10 * 60_000;

/** All sign-ins at remote MCP servers. */
export class McpSignIns {
  readonly #options: McpSignInsOptions;
  readonly #servers = new Map<string, ServerSignIn>();
  readonly #listeners = new Set<() => void>();

  constructor(options: McpSignInsOptions) {
    this.#options = options;
  }

  /** For the hub. A server with an `Authorization` header of its own, or with `"oauth": false`, has no sign-in of ours. */
  readonly auth: ServerAuthFactory = (config, url, { transport, waiting }) => {
    const oauth = transport.oauth ?? {};
    if (oauth === false || Object.keys(transport.headers).some((name) => name.toLowerCase() === 'authorization')) return undefined;
    const given = this.#options.token?.(config.name);
    if (given !== undefined) {
      this.#options.secret([given.value]);
      return { fetch: (next) => async (input, init = {}) => {
        if (new URL(input).origin !== url.origin) return next(input, init);
        const headers = new Headers(init.headers);
        headers.set('authorization', `Bearer ${given.value}`);
        const response = await next(input, { ...init, headers });
        if (response.status === 401) throw tokenRefused(config, given.place);
        return response;
      } };
    }
    return { fetch: authFetch({ about: config, server: url, signIn: this.#of(config, url, oauth), waiting }) };
  };

  /** Signs in by hand. Throws what is in its way. */
  async signIn(remote: RemoteServer, signal: AbortSignal): Promise<void> {
    const { config, transport: { url } } = remote;
    const oauth = oauthOf(remote);
    const { resolver, ca } = this.#options;
    using guard = guardedFetch({ server: url, signal, refused: (address, cause) => addressRefused(config, address, cause), ...(resolver === undefined ? {} : { resolver }), ...(ca === undefined ? {} : { ca }) });
    // What a server says to somebody without a token: where to sign in, and for what.
    const response = await guard.fetch(url, { headers: { accept: 'text/event-stream' } }).catch((error: unknown) => Promise.reject(signal.aborted || AssassinError.isInstance(error) ? (signal.reason ?? error) : unreachable(config, url.origin, error)));
    const said = await challengeOf(response);
    await response.body?.cancel();
    await this.#of(config, url, oauth).signIn({ challenge: response.status === 401 ? said : undefined, signal });
  }

  /** Gives tokens back and forgets them. */
  signOut(remote: RemoteServer, signal: AbortSignal): Promise<{ readonly was: boolean; readonly revoked: number }> {
    return this.#of(remote.config, remote.transport.url, oauthOf(remote)).signOut(signal);
  }

  /** Whether tokens are stored for a server. Not known, and so false, where its address has variables that nobody has filled in yet. */
  async signedIn({ transport, name }: McpServerConfig): Promise<boolean> {
    if (transport.type === 'stdio' || transport.oauth === false) return false;
    const known = [...this.#servers.values()].find((server) => server.name === name);
    if (known !== undefined) return known.signedIn();
    if (!URL.canParse(transport.url) || JSON.stringify([transport.url, transport.oauth]).includes('${')) return false;
    return (await this.#options.vault.read(recordKey(new URL(transport.url), transport.oauth))) !== undefined;
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  #of(config: McpServerConfig, server: URL, oauth: McpOAuthConfig): ServerSignIn {
    const { vault, door, secret, locks, resolver, ca, now = Date.now, patienceMs: patience = patienceMs } = this.#options;
    // An entry that asks for something else is another sign-in, though it may share its tokens with this one.
    const id = JSON.stringify([config.name, server.href, oauth]);
    let known = this.#servers.get(id);
    if (known === undefined) {
      known = new ServerSignIn({
        about: config, server, oauth, vault, door, secret, now, patienceMs: patience,
        wayBack: (state, signal, port, fixed) => this.#wayBack(config, state, signal, port, fixed),
        changed: () => { for (const listener of this.#listeners) listener(); },
        ...(locks === undefined ? {} : { locks }), ...(resolver === undefined ? {} : { resolver }), ...(ca === undefined ? {} : { ca }),
      });
      this.#servers.set(id, known);
    }
    return known;
  }

  async #wayBack({ title }: McpServerConfig, state: string, signal: AbortSignal, port: number | undefined, fixed: boolean): Promise<WayBack> {
    const { door, leases } = this.#options;
    const own = fixed ? undefined : await door?.wayBack?.(state, signal);
    if (own !== undefined) return own;
    const listen = () => LoopbackWayBack.listen({ state, signal, fixed, ...(port === undefined ? {} : { port }) });
    if (leases === undefined) return listen();
    const lease = await leases.lease({ kind: 'server', label: `Way back of the sign-in at ${title}` }, async ({ identify }) => {
      const way = await listen();
      identify({ port: way.port });
      return way;
    });
    const { redirectUrl, answer, deliver } = lease.resource;
    return { redirectUrl, answer, deliver, [Symbol.asyncDispose]: () => lease[Symbol.asyncDispose]() };
  }
}

function oauthOf({ config, transport: { oauth = {} } }: RemoteServer): McpOAuthConfig {
  if (oauth !== false) return oauth;
  throw new AssassinError('invalid-input', `The entry of the MCP server "${config.title}" says that it has no sign-in.`, { hint: 'Remove "oauth": false from it.' });
}
