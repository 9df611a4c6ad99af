import type { Sdk } from '../sdk.ts';
import { flowError } from './flow-error.ts';
import type { GuardedFetch } from './guarded-fetch.ts';
import type { McpIdentityProvider } from './oauth-config.ts';
import { refusedThere } from './oauth-errors.ts';
import { readJwt } from './read-jwt.ts';
import { tokenEndpoint } from './token-endpoint.ts';

export interface CompanyGrantOptions {
  readonly sdk: Sdk;
  readonly about: { readonly name: string; readonly title: string };
  readonly company: McpIdentityProvider;
  /** The authorization server that the statement is for, and the server that the token will be for. */
  readonly audience: string;
  readonly resource: string;
  readonly scope: string | undefined;
  readonly guard: GuardedFetch;
  /** Hears of the statement before it is used. */
  readonly secret: (values: readonly string[]) => void;
  readonly now: number;
  readonly signal: AbortSignal;
}

/** Changes a person's identity token for a statement to the authorization server of an MCP server (ID-JAG), at the identity provider that the entry names and nowhere else. */
export async function companyGrant({ sdk, about, company, audience, resource, scope, guard, secret, now, signal }: CompanyGrantOptions): Promise<string> {
  const { issuer, clientId, clientSecret } = company;
  const idToken = await readJwt(about, { text: company.idToken, file: company.idTokenFile, field: company.idTokenFile === undefined ? 'identityProvider.idToken' : 'identityProvider.idTokenFile' }, now);
  secret([idToken]);
  try {
    const { jwtAuthGrant } = await sdk.requestJwtAuthorizationGrant({
      tokenEndpoint: await tokenEndpoint(sdk, about, issuer, guard), audience, resource, idToken, clientId,
      ...(clientSecret === undefined ? {} : { clientSecret }), ...(scope === undefined ? {} : { scope }),
      // The library would put the reason into a text, in which it is not told from a broken connection.
      fetchFn: async (input, init) => {
        const response = await guard.fetch(input, init);
        if (response.status < 400) return response;
        throw refusedThere(about, issuer, (await sdk.parseErrorResponse(response)).code);
      },
    });
    secret([jwtAuthGrant]);
    return jwtAuthGrant;
  } catch (error) {
    throw flowError(error, { sdk, about, issuer, signal });
  }
}
