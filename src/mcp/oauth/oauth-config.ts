import * as z from 'zod';

const text = z.string().trim().min(1);

/** The field `oauth` of a server. Where nothing is written a server tells by itself what it needs. */
export const oauthSchema = z.preprocess((value) => (value === false ? { enabled: false } : value), z.looseObject({
  enabled: z.boolean().optional(),
  grant: z.enum(['authorization_code', 'client_credentials']).optional(),
  clientId: text.optional(),
  clientSecret: text.optional(),
  privateKey: text.optional(),
  algorithm: z.enum(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512']).optional(),
  issuer: text.optional(),
  scopes: z.array(text.regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'must be one scope without spaces')).optional(),
  clientMetadataUrl: z.url({ protocol: /^https$/ }).optional(),
  redirectPort: z.int().min(1024).max(65_535).optional(),
}).superRefine(({ grant, clientId, clientSecret, privateKey, issuer }, { addIssue }) => {
  const secret = clientSecret ?? privateKey;
  const demand = (field: string, message: string) => addIssue({ code: 'custom', path: [field], message });
  if (clientSecret !== undefined && privateKey !== undefined) demand('privateKey', 'Must not be there beside a "clientSecret"');
  if ((secret !== undefined || grant === 'client_credentials') && clientId === undefined) demand('clientId', 'Is missing: a secret belongs to a client');
  if (grant === 'client_credentials' && secret === undefined) demand('clientSecret', 'Is missing; a "privateKey" does as well');
  // Else the server would decide who is shown the secret.
  if (secret !== undefined && issuer === undefined) demand('issuer', 'Is missing: a secret is shown to nobody but the issuer that it is for');
}).transform(({ enabled, grant, clientId, clientSecret, privateKey, algorithm, issuer, scopes, clientMetadataUrl, redirectPort }): McpOAuthConfig | false => enabled !== false && {
  ...(grant === undefined ? {} : { grant }), ...(clientId === undefined ? {} : { clientId }), ...(clientSecret === undefined ? {} : { clientSecret }),
  ...(privateKey === undefined ? {} : { privateKey }), ...(algorithm === undefined ? {} : { algorithm }), ...(issuer === undefined ? {} : { issuer }),
  ...(scopes === undefined ? {} : { scopes }), ...(clientMetadataUrl === undefined ? {} : { clientMetadataUrl }), ...(redirectPort === undefined ? {} : { redirectPort }),
}));

/** How a remote server is signed in to, as far as its entry says. In a configuration the texts still hold their variables. */
export interface McpOAuthConfig {
  /** `client_credentials`: as a program, without a person. */
  readonly grant?: 'authorization_code' | 'client_credentials';
  /** What the authorization server calls this client, where somebody has registered it there. */
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** PEM (PKCS 8), for a client that signs instead of showing a secret. */
  readonly privateKey?: string;
  /** Of `privateKey`; `ES256` where absent. */
  readonly algorithm?: string;
  /** The only authorization server to which any of this is shown. */
  readonly issuer?: string;
  /** Asked for beside what the server names. */
  readonly scopes?: readonly string[];
  /** The https address of a document that describes this client, for authorization servers that register nobody. */
  readonly clientMetadataUrl?: string;
  /** The port of the way back that a registration names; any that is free where absent. */
  readonly redirectPort?: number;
}

/** Which of the texts of an entry are secrets. */
export const secretFields = ['clientSecret', 'privateKey'] as const;
