import * as z from 'zod';
import type { Sdk } from '../sdk.ts';
import { sameIssuer } from './discover.ts';
import type { GuardedFetch } from './guarded-fetch.ts';
import { unreachable, unsafeSignIn } from './oauth-errors.ts';

/** All that is needed of an identity provider. The library asks for a document that is complete for signing people in, which not everybody has who only exchanges tokens. */
const document = z.object({ issuer: z.string(), token_endpoint: z.url({ protocol: /^https?$/ }) });

/** Where the identity provider that an entry names exchanges tokens, by its own word. */
export async function tokenEndpoint(sdk: Sdk, about: { readonly name: string; readonly title: string }, issuer: string, guard: GuardedFetch): Promise<string> {
  for (const { url } of sdk.buildDiscoveryUrls(issuer)) {
    const response = await guard.fetch(url, { headers: { accept: 'application/json' } });
    if (!response.ok) {
      await response.body?.cancel();
      continue;
    }
    const found = document.parse(await response.json());
    if (!sameIssuer(found.issuer, issuer)) throw unsafeSignIn(about, 'the identity provider calls itself by another name than the one that its entry names');
    return found.token_endpoint;
  }
  throw unreachable(about, issuer, undefined);
}
