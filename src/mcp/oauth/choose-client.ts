import type { AuthorizationServerMetadata } from '@modelcontextprotocol/client';
import type { Sdk } from '../sdk.ts';
import type { Discovered } from './discover.ts';
import type { GuardedFetch } from './guarded-fetch.ts';
import type { McpOAuthConfig } from './oauth-config.ts';
import { noSignInOffered, notAgreed } from './oauth-errors.ts';
import type { SignInDoor } from './sign-in-door.ts';
import type { StoredClient } from './sign-in-record.ts';

export interface ChooseClientOptions {
  readonly sdk: Sdk;
  readonly about: { readonly name: string; readonly title: string };
  readonly found: Discovered;
  readonly oauth: McpOAuthConfig;
  /** What this authorization server knows this client as from before. */
  readonly stored: StoredClient | undefined;
  readonly redirectUrl: string;
  readonly scope: string | undefined;
  readonly guard: GuardedFetch;
  readonly door: SignInDoor;
  readonly now: number;
  readonly signal: AbortSignal;
}

/** As whom to sign in: registered by hand, described by a document, registered before or now, or named by the person, in this order. */
export async function chooseClient({ sdk, about, found, oauth, stored, redirectUrl, scope, guard, door, now, signal }: ChooseClientOptions): Promise<StoredClient> {
  const { metadata, authorizationServerUrl, issuer, offered } = found;
  const { clientId, clientSecret, clientMetadataUrl } = oauth;
  if (clientId !== undefined) return { client_id: clientId, ...(clientSecret === undefined ? {} : { client_secret: clientSecret }) };
  if (clientMetadataUrl !== undefined && metadata?.client_id_metadata_document_supported === true) return { client_id: clientMetadataUrl };
  if (stored !== undefined && fits(stored, redirectUrl, now)) return stored;
  if (metadata === undefined || metadata.registration_endpoint !== undefined) {
    const registered = await sdk.registerClient(authorizationServerUrl, {
      ...(metadata === undefined ? {} : { metadata }), ...(scope === undefined ? {} : { scope }), fetchFn: guard.fetch,
      clientMetadata: {
        client_name: 'Infrastructure Assassin', redirect_uris: [redirectUrl], grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'],
        token_endpoint_auth_method: authMethod(metadata), application_type: 'native',
      },
    });
    return { ...registered, redirect_uris: [redirectUrl] };
  }
  if (!offered) throw noSignInOffered(about);
  const named = (await door.clientId({ server: about.title, issuer, redirectUrl, signal }))?.trim();
  if (named === undefined || named === '') throw notAgreed(about);
  return { client_id: named };
}

/** A registration names the way back, with its port; and its secret may have an end. */
function fits({ redirect_uris: uris, client_secret_expires_at: end = 0 }: StoredClient, redirectUrl: string, now: number): boolean {
  return (uris === undefined || uris.includes(redirectUrl)) && (end === 0 || end * 1000 > now);
}

function authMethod(metadata: AuthorizationServerMetadata | undefined): string {
  const known = metadata?.token_endpoint_auth_methods_supported;
  return known === undefined ? 'none' : ['none', 'client_secret_basic', 'client_secret_post'].find((method) => known.includes(method)) ?? 'none';
}
