import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { McpOAuthConfig } from './oauth-config.ts';
import { storedProofKey } from './proof-key.ts';

const tokens = z.object({
  access_token: z.string(), token_type: z.string(), refresh_token: z.string().optional(), scope: z.string().optional(),
  /** Milliseconds since 1970. */
  expiresAt: z.number().optional(),
});

/** As the client library has registered it, with the way back that the registration names. */
const client = z.looseObject({ client_id: z.string(), client_secret: z.string().optional(), client_secret_expires_at: z.number().optional(), redirect_uris: z.array(z.string()).optional() });

/** What belongs to one authorization server. It is shown to that one and to no other. */
const credentials = z.object({
  client: client.optional(), tokens: tokens.optional(),
  /** What the tokens are bound to, where they are. */
  proofKey: storedProofKey.optional(),
  /** All scopes that were ever asked for: asking for more must not lose them. */
  asked: z.string().optional(),
  authorizationServerUrl: z.string(), resource: z.string(), tokenEndpoint: z.string().optional(), revocationEndpoint: z.string().optional(), authMethods: z.array(z.string()).optional(),
});

const record = z.object({ version: z.literal(1), /** The issuer whose tokens are shown to the server. */ issuer: z.string().optional(), byIssuer: z.record(z.string(), credentials) });

export type StoredTokens = z.infer<typeof tokens>;
export type StoredClient = z.infer<typeof client>;
export type StoredCredentials = z.infer<typeof credentials>;
export type SignInRecord = z.infer<typeof record>;

export const emptyRecord: SignInRecord = { version: 1, byIssuer: {} };

/** What cannot be read is as good as no sign-in. */
export function parseRecord(text: string | undefined): SignInRecord {
  if (text === undefined) return emptyRecord;
  try {
    return record.parse(JSON.parse(text));
  } catch {
    return emptyRecord;
  }
}

export function currentOf({ issuer, byIssuer }: SignInRecord): StoredCredentials | undefined {
  return issuer === undefined ? undefined : byIssuer[issuer];
}

/** Everything in it that must not be seen anywhere. */
export function secretsIn({ byIssuer }: SignInRecord): readonly string[] {
  return Object.values(byIssuer).flatMap(({ client: known, tokens: held, proofKey }) => [held?.access_token, held?.refresh_token, known?.client_secret, proofKey?.jwk.d].filter((value) => value !== undefined));
}

/** Bound to the address, and to what the entry says of the client: an entry that keeps a server's name and leads elsewhere gets nothing. */
export function recordKey(url: URL, { clientId, issuer }: Pick<McpOAuthConfig, 'clientId' | 'issuer'> = {}): string {
  return createHash('sha256').update(JSON.stringify([url.href, clientId ?? '', issuer ?? ''])).digest('hex');
}
