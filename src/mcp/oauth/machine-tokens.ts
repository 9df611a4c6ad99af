import type { Sdk } from '../sdk.ts';
import type { Discovered } from './discover.ts';
import { flowError } from './flow-error.ts';
import type { GuardedFetch } from './guarded-fetch.ts';
import type { McpOAuthConfig } from './oauth-config.ts';
import { wantedScope } from './scopes.ts';
import type { StoredTokens } from './sign-in-record.ts';
import { keptTokens } from './tokens.ts';

export interface MachineTokensOptions {
  readonly sdk: Sdk;
  readonly about: { readonly name: string; readonly title: string };
  readonly oauth: McpOAuthConfig;
  readonly found: Discovered;
  readonly scope: string | undefined;
  readonly guard: GuardedFetch;
  readonly now: number;
  readonly signal: AbortSignal;
}

/** Tokens for a program (client credentials): with a secret or a signature, shown to the configured issuer only. */
export async function machineTokens({ sdk, about, oauth, found, scope: named, guard, now, signal }: MachineTokensOptions): Promise<StoredTokens> {
  const { clientId = '', clientSecret = '', privateKey, algorithm = 'ES256', scopes } = oauth;
  const { metadata, authorizationServerUrl, issuer: expectedIssuer, resource } = found;
  const provider = privateKey === undefined ? new sdk.ClientCredentialsProvider({ clientId, clientSecret, expectedIssuer }) : new sdk.PrivateKeyJwtProvider({ clientId, privateKey, algorithm, expectedIssuer });
  const scope = wantedScope(sdk, { metadata: undefined, scopes: found.scopes }, [scopes?.join(' '), named]);
  try {
    const tokens = await sdk.fetchToken(provider, authorizationServerUrl, { resource, fetchFn: guard.fetch, ...(metadata === undefined ? {} : { metadata }), ...(scope === undefined ? {} : { scope }) });
    return keptTokens(tokens, now, scope);
  } catch (error) {
    throw flowError(error, { sdk, about, issuer: expectedIssuer, signal });
  }
}
