import type { McpOAuthConfig } from './oauth-config.ts';

/** Whether tokens are got without a person. They are not kept. */
export function isMachine({ grant }: McpOAuthConfig): boolean {
  return grant === 'client_credentials' || grant === 'jwt-bearer';
}

/** Every text of an entry that may hold variables, by the name of its field. */
export function oauthTexts({ scopes: _scopes, redirectPort: _port, grant: _grant, algorithm: _algorithm, identityProvider: company, ...texts }: McpOAuthConfig): Readonly<Record<string, string>> {
  return { ...texts, ...Object.fromEntries(Object.entries(company ?? {}).map(([name, text]) => [`identityProvider.${name}`, text])) };
}

/** Which of those texts are secrets. */
export const secretFields: readonly string[] = ['clientSecret', 'privateKey', 'assertion', 'identityProvider.clientSecret', 'identityProvider.idToken'];

/** Which of them are paths. */
export const fileFields: readonly string[] = ['assertionFile', 'identityProvider.idTokenFile'];
