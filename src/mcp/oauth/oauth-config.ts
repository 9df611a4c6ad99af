import * as z from 'zod';

const text = z.string().trim().min(1);

const identityProvider = z.looseObject({
  issuer: text,
  clientId: text,
  clientSecret: text.optional(),
  idToken: text.optional(),
  idTokenFile: text.optional(),
}).transform(({ issuer, clientId, clientSecret, idToken, idTokenFile }): McpIdentityProvider => ({
  issuer, clientId, ...(clientSecret === undefined ? {} : { clientSecret }), ...(idToken === undefined ? {} : { idToken }), ...(idTokenFile === undefined ? {} : { idTokenFile }),
}));

const grants = ['authorization_code', 'client_credentials', 'jwt-bearer'] as const;

const fields = {
  enabled: z.boolean().optional(),
  grant: z.enum(grants).optional(),
  clientId: text.optional(),
  clientSecret: text.optional(),
  privateKey: text.optional(),
  algorithm: z.enum(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512']).optional(),
  issuer: text.optional(),
  scopes: z.array(text.regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'must be one scope without spaces')).optional(),
  clientMetadataUrl: z.url({ protocol: /^https$/ }).optional(),
  redirectPort: z.int().min(1024).max(65_535).optional(),
  assertion: text.optional(),
  assertionFile: text.optional(),
  identityProvider: identityProvider.optional(),
};

/** The fields that it may have, for the schemas that the editor completes by. */
export const oauthFields: readonly string[] = Object.keys(fields);

/** The field `oauth` of a server. Where nothing is written a server tells by itself what it needs. */
export const oauthSchema = z.preprocess((value) => (value === false ? { enabled: false } : value), z.looseObject(fields).superRefine((entry, { addIssue }) => {
  const { grant, clientId, clientSecret, privateKey, issuer, assertion, assertionFile, identityProvider: company } = entry;
  const secret = clientSecret ?? privateKey;
  const demand = (field: string, message: string) => addIssue({ code: 'custom', path: [field], message });
  if (clientSecret !== undefined && privateKey !== undefined) demand('privateKey', 'Must not be there beside a "clientSecret"');
  if ((secret !== undefined || grant === 'client_credentials') && clientId === undefined) demand('clientId', 'Is missing: a secret belongs to a client');
  if (grant === 'client_credentials' && secret === undefined) demand('clientSecret', 'Is missing; a "privateKey" does as well');
  // Else the server would decide who is shown the secret.
  if (secret !== undefined && issuer === undefined) demand('issuer', 'Is missing: a secret is shown to nobody but the issuer that it is for');
  const given = sources.filter((name) => entry[name] !== undefined);
  for (const name of given.slice(1)) demand(name, `Must not be there beside "${given[0]!}"`);
  if (grant === 'jwt-bearer' && given.length === 0) demand('assertion', 'Is missing; an "assertionFile" or an "identityProvider" does as well');
  if (grant !== undefined && grant !== 'jwt-bearer' && given.length > 0) demand('grant', `Must be "jwt-bearer" where "${given[0]!}" is there`);
  if ((assertion ?? assertionFile ?? company) !== undefined && secret === undefined && issuer === undefined) demand('issuer', 'Is missing: an assertion is shown to nobody but the issuer that it is for');
  if (company === undefined) return;
  if (clientId === undefined) demand('clientId', 'Is missing: an identity provider vouches for a client that the issuer knows');
  if ((company.idToken === undefined) === (company.idTokenFile === undefined)) addIssue({ code: 'custom', path: ['identityProvider', 'idToken'], message: company.idToken === undefined ? 'Is missing; an "idTokenFile" does as well' : 'Must not be there beside an "idTokenFile"' });
}).transform(({ enabled, grant: named, clientId, clientSecret, privateKey, algorithm, issuer, scopes, clientMetadataUrl, redirectPort, assertion, assertionFile, identityProvider: company }): McpOAuthConfig | false => enabled !== false && {
  ...grantOf(named, assertion ?? assertionFile ?? company), ...(clientId === undefined ? {} : { clientId }), ...(clientSecret === undefined ? {} : { clientSecret }),
  ...(privateKey === undefined ? {} : { privateKey }), ...(algorithm === undefined ? {} : { algorithm }), ...(issuer === undefined ? {} : { issuer }),
  ...(assertion === undefined ? {} : { assertion }), ...(assertionFile === undefined ? {} : { assertionFile }), ...(company === undefined ? {} : { identityProvider: company }),
  ...(scopes === undefined ? {} : { scopes }), ...(clientMetadataUrl === undefined ? {} : { clientMetadataUrl }), ...(redirectPort === undefined ? {} : { redirectPort }),
}));

/** Where the assertion of a `jwt-bearer` grant comes from: one of them. */
const sources = ['assertion', 'assertionFile', 'identityProvider'] as const;

/** A field that only one grant has names it. */
function grantOf(named: McpOAuthConfig['grant'], source: unknown): Pick<McpOAuthConfig, 'grant'> {
  const grant = named ?? (source === undefined ? undefined : 'jwt-bearer');
  return grant === undefined ? {} : { grant };
}

/** How a remote server is signed in to, as far as its entry says. In a configuration the texts still hold their variables. */
export interface McpOAuthConfig {
  /** `client_credentials` and `jwt-bearer`: as a program, without a person. */
  readonly grant?: (typeof grants)[number];
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
  /** A signed statement (JWT) of somebody whom the authorization server believes, such as the platform that a program runs on. */
  readonly assertion?: string;
  /** The file that holds it; read anew for each token, because whoever writes it renews it there. */
  readonly assertionFile?: string;
  /** Who makes such statements for the people of a company. */
  readonly identityProvider?: McpIdentityProvider;
}

/** The identity provider of a company: changes the identity token of a person for a statement to the authorization server of a server. */
export interface McpIdentityProvider {
  readonly issuer: string;
  /** What the identity provider calls this client. */
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly idToken?: string;
  readonly idTokenFile?: string;
}
