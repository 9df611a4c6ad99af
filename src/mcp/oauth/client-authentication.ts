import type { AddClientAuthentication } from '@modelcontextprotocol/client';
import type { Sdk } from '../sdk.ts';
import type { McpOAuthConfig } from './oauth-config.ts';

/** Signs instead of showing a secret (`private_key_jwt`), where the entry has a key; else the library chooses what the authorization server knows. */
export function clientAuthentication(sdk: Sdk, { clientId, privateKey, algorithm = 'ES256' }: McpOAuthConfig): AddClientAuthentication | undefined {
  if (clientId === undefined || privateKey === undefined) return undefined;
  return sdk.createPrivateKeyJwtAuth({ issuer: clientId, subject: clientId, privateKey, alg: algorithm });
}
