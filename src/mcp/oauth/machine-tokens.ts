import type { DpopSession, OAuthClientProvider, StoredOAuthClientInformation } from '@modelcontextprotocol/client';
import type { Sdk } from '../sdk.ts';
import { clientAuthentication } from './client-authentication.ts';
import { companyGrant } from './company-grant.ts';
import type { Discovered } from './discover.ts';
import { flowError } from './flow-error.ts';
import type { GuardedFetch } from './guarded-fetch.ts';
import type { McpOAuthConfig } from './oauth-config.ts';
import { readJwt } from './read-jwt.ts';
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
  /** Of the key that the token is to be bound to. */
  readonly proofs?: DpopSession;
  readonly secret: (values: readonly string[]) => void;
  readonly now: number;
  readonly signal: AbortSignal;
}

/** Tokens without a person: for a secret or a signature (client credentials), or for the statement of somebody else (JWT bearer). They are shown to the configured issuer only, and once. */
export async function machineTokens(options: MachineTokensOptions): Promise<StoredTokens> {
  const { sdk, about, oauth, found, scope: named, guard, proofs, now, signal } = options;
  const { metadata, authorizationServerUrl, issuer, resource } = found;
  const scope = wantedScope(sdk, { metadata: undefined, scopes: found.scopes }, [oauth.scopes?.join(' '), named]);
  const provider: OAuthClientProvider = oauth.grant === 'jwt-bearer' ? jwtBearer(sdk, oauth, issuer, await statement(options, scope)) : clientCredentials(sdk, oauth, issuer);
  if (proofs !== undefined) provider.dpop = () => proofs;
  try {
    const tokens = await sdk.fetchToken(provider, authorizationServerUrl, { resource, fetchFn: guard.fetch, ...(metadata === undefined ? {} : { metadata }), ...(scope === undefined ? {} : { scope }) });
    return keptTokens(tokens, now, scope);
  } catch (error) {
    throw flowError(error, { sdk, about, issuer, signal });
  }
}

function clientCredentials(sdk: Sdk, { clientId = '', clientSecret = '', privateKey, algorithm = 'ES256' }: McpOAuthConfig, expectedIssuer: string): OAuthClientProvider {
  return privateKey === undefined ? new sdk.ClientCredentialsProvider({ clientId, clientSecret, expectedIssuer }) : new sdk.PrivateKeyJwtProvider({ clientId, privateKey, algorithm, expectedIssuer });
}

/** The library has no provider for a statement alone. Who asks need not be known to the authorization server: the statement may say it. */
function jwtBearer(sdk: Sdk, oauth: McpOAuthConfig, issuer: string, assertion: string): OAuthClientProvider {
  const { clientId, clientSecret } = oauth;
  const client: StoredOAuthClientInformation | undefined = clientId === undefined ? undefined : { client_id: clientId, issuer, ...(clientSecret === undefined ? {} : { client_secret: clientSecret }) };
  const addClientAuthentication = clientAuthentication(sdk, oauth);
  const Provider = class extends sdk.ClientCredentialsProvider {
    override prepareTokenRequest(scope?: string): URLSearchParams {
      return new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion, ...(scope === undefined ? {} : { scope }) });
    }
  };
  const provider: OAuthClientProvider = new Provider({ clientId: clientId ?? '', clientSecret: '', expectedIssuer: issuer });
  provider.clientInformation = () => client;
  if (addClientAuthentication !== undefined) provider.addClientAuthentication = addClientAuthentication;
  return provider;
}

async function statement({ sdk, about, oauth, found, guard, secret, now, signal }: MachineTokensOptions, scope: string | undefined): Promise<string> {
  const { identityProvider: company, assertion: text, assertionFile: file } = oauth;
  if (company !== undefined) return companyGrant({ sdk, about, company, audience: found.issuer, resource: found.resource, scope, guard, secret, now, signal });
  const assertion = await readJwt(about, { text, file, field: file === undefined ? 'assertion' : 'assertionFile' }, now);
  secret([assertion]);
  return assertion;
}
