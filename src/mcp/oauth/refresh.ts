import type { AuthorizationServerMetadata, DpopSession } from '@modelcontextprotocol/client';
import type { Sdk } from '../sdk.ts';
import { clientAuthentication } from './client-authentication.ts';
import type { GuardedFetch } from './guarded-fetch.ts';
import type { McpOAuthConfig } from './oauth-config.ts';
import type { StoredCredentials, StoredTokens } from './sign-in-record.ts';
import { keptTokens } from './tokens.ts';

export interface RefreshOptions {
  readonly sdk: Sdk;
  readonly oauth: McpOAuthConfig;
  readonly issuer: string;
  readonly stored: StoredCredentials;
  readonly guard: GuardedFetch;
  /** Of the key that the tokens are bound to. */
  readonly proofs?: DpopSession;
  readonly now: number;
}

/**
 * New tokens for the refresh token, from the authorization server that has given it and for the same server. `undefined` where it gives none for it any more;
 * throws where that is not known.
 */
export async function refreshTokens({ sdk, oauth, issuer, stored, guard, proofs, now }: RefreshOptions): Promise<StoredTokens | undefined> {
  const { tokens, client, authorizationServerUrl, resource } = stored;
  if (tokens?.refresh_token === undefined || client === undefined) return undefined;
  const metadata = metadataOf(issuer, stored);
  const addClientAuthentication = clientAuthentication(sdk, oauth);
  try {
    const fresh = await sdk.refreshAuthorization(authorizationServerUrl, {
      clientInformation: { ...client, ...(oauth.clientSecret === undefined ? {} : { client_secret: oauth.clientSecret }), issuer }, refreshToken: tokens.refresh_token, resource, fetchFn: guard.fetch,
      ...(metadata === undefined ? {} : { metadata }), ...(proofs === undefined ? {} : { dpop: proofs }), ...(addClientAuthentication === undefined ? {} : { addClientAuthentication }),
    });
    return keptTokens(fresh, now, tokens.scope);
  } catch (error) {
    if (error instanceof sdk.OAuthError && ['invalid_grant', 'invalid_client', 'unauthorized_client', 'invalid_scope', 'invalid_target'].includes(error.code)) return undefined;
    throw error;
  }
}

/** As much of it as the library needs to reach the same endpoint in the same way. */
function metadataOf(issuer: string, { tokenEndpoint, authMethods }: StoredCredentials): AuthorizationServerMetadata | undefined {
  return tokenEndpoint === undefined ? undefined : {
    issuer, authorization_endpoint: tokenEndpoint, token_endpoint: tokenEndpoint, response_types_supported: ['code'],
    ...(authMethods === undefined ? {} : { token_endpoint_auth_methods_supported: authMethods }),
  };
}
