import type { GuardedFetch } from './guarded-fetch.ts';
import type { McpOAuthConfig } from './oauth-config.ts';
import type { SignInRecord, StoredCredentials } from './sign-in-record.ts';

/** Gives tokens back where the authorization server takes them (RFC 7009). Says how many it has taken; never throws: they are forgotten in any case. */
export async function revoke({ byIssuer }: SignInRecord, guard: GuardedFetch, oauth: McpOAuthConfig): Promise<number> {
  const taken = await Promise.all(Object.values(byIssuer).flatMap((stored) => {
    const { refresh_token: refresh, access_token: access } = stored.tokens ?? {};
    // The refresh token first: most servers end everything that came of it.
    return [[refresh, 'refresh_token'], [access, 'access_token']].map(([token, kind]) => (token === undefined || kind === undefined ? false : give(token, kind, stored, guard, oauth)));
  }));
  return taken.filter((each) => each).length;
}

async function give(token: string, kind: string, { client, revocationEndpoint, authMethods }: StoredCredentials, guard: GuardedFetch, { clientSecret }: McpOAuthConfig): Promise<boolean> {
  if (revocationEndpoint === undefined || client === undefined) return false;
  const secret = clientSecret ?? client.client_secret;
  const body = new URLSearchParams({ token, token_type_hint: kind });
  const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' };
  const basic = secret !== undefined && (authMethods === undefined || authMethods.includes('client_secret_basic'));
  if (basic) headers['authorization'] = `Basic ${Buffer.from(`${encodeURIComponent(client.client_id)}:${encodeURIComponent(secret)}`).toString('base64')}`;
  else {
    body.set('client_id', client.client_id);
    if (secret !== undefined) body.set('client_secret', secret);
  }
  try {
    const response = await guard.fetch(revocationEndpoint, { method: 'POST', headers, body: body.toString(), redirect: 'error' });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
