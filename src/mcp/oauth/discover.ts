import type { AuthorizationServerMetadata } from '@modelcontextprotocol/client';
import type { Sdk } from '../sdk.ts';
import { flowError } from './flow-error.ts';
import type { GuardedFetch } from './guarded-fetch.ts';
import type { McpOAuthConfig } from './oauth-config.ts';
import { unsafeSignIn } from './oauth-errors.ts';
import { proofAlgorithm, type ProofAlgorithm } from './proof-key.ts';

/** What a server says with a 401 or 403, as far as it can be used. */
export interface Challenge {
  readonly resourceMetadataUrl?: URL;
  readonly scope?: string;
  readonly error?: string;
  /** It takes tokens that are bound to a key (DPoP). */
  readonly bound?: true;
}

/** Where a server sends to sign in. */
export interface Discovered {
  readonly authorizationServerUrl: string;
  /** Absent for servers of 2025-03, whose endpoints have fixed names. */
  readonly metadata: AuthorizationServerMetadata | undefined;
  readonly issuer: string;
  /** What the tokens will be for, as it is sent. */
  readonly resource: string;
  readonly scopes: string | undefined;
  /** False where neither the server nor its origin says anything of a sign-in. */
  readonly offered: boolean;
  /** The server asks for tokens that are bound to a key, and the authorization server gives such: how the key signs. */
  readonly proof: ProofAlgorithm | undefined;
}

export interface DiscoverOptions {
  readonly sdk: Sdk;
  readonly about: { readonly name: string; readonly title: string };
  readonly server: URL;
  readonly oauth: McpOAuthConfig;
  readonly guard: GuardedFetch;
  readonly challenge: Challenge | undefined;
  readonly signal: AbortSignal;
}

/** Metadata of the server and of its authorization server. Throws where these do not fit to each other, or to what a person has configured. */
export async function discover({ sdk, about, server, oauth, guard, challenge, signal }: DiscoverOptions): Promise<Discovered> {
  const fetchFn = guard.fetch;
  const resourceMetadataUrl = challenge?.resourceMetadataUrl;
  try {
    const found = await sdk.discoverOAuthServerInfo(server, { fetchFn, ...(resourceMetadataUrl === undefined ? {} : { resourceMetadataUrl }) });
    const { resourceMetadata } = found;
    const { authorizationServerUrl, metadata } = await chosen(found.authorizationServerUrl, found.authorizationServerMetadata);
    const issuer = metadata?.issuer ?? String(authorizationServerUrl);
    if (oauth.issuer !== undefined && !sameIssuer(issuer, oauth.issuer)) throw unsafeSignIn(about, `it leads to another authorization server than ${oauth.issuer}, which its entry names`);
    const own = sdk.resourceUrlFromServerUrl(server);
    const resource = resourceMetadata?.resource ?? own.href;
    if (!sdk.checkResourceAllowed({ requestedResource: own, configuredResource: resource })) throw unsafeSignIn(about, 'it asks for a token of another server');
    return {
      authorizationServerUrl, metadata, issuer, resource, scopes: resourceMetadata?.scopes_supported?.join(' '),
      offered: resourceMetadata !== undefined || metadata !== undefined,
      proof: challenge?.bound === true || resourceMetadata?.dpop_bound_access_tokens_required === true ? proofAlgorithm(bindingOf(metadata), resourceMetadata?.dpop_signing_alg_values_supported) : undefined,
    };

    // Of several authorization servers the one that the entry names, else the first.
    async function chosen(first: string, firstMetadata: AuthorizationServerMetadata | undefined) {
      const wanted = resourceMetadata?.authorization_servers?.find((url) => oauth.issuer !== undefined && sameIssuer(url, oauth.issuer));
      if (wanted === undefined || wanted === first) return { authorizationServerUrl: first, metadata: firstMetadata };
      return { authorizationServerUrl: wanted, metadata: await sdk.discoverAuthorizationServerMetadata(wanted, { fetchFn }) };
    }
  } catch (error) {
    throw flowError(error, { sdk, about, issuer: server.origin, signal });
  }
}

function bindingOf(metadata: AuthorizationServerMetadata | undefined): readonly string[] | undefined {
  const named = metadata !== undefined && 'dpop_signing_alg_values_supported' in metadata ? metadata.dpop_signing_alg_values_supported : undefined;
  return Array.isArray(named) ? named.filter((name) => typeof name === 'string') : undefined;
}

/** Equal but for one slash at the end, which authorization servers write as they like. */
export function sameIssuer(a: string, b: string): boolean {
  return a === b || `${a}/` === b || a === `${b}/`;
}
