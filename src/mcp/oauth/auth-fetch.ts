import type { FetchLike } from '@modelcontextprotocol/client';
import type { AuthContext } from '../server-auth.ts';
import { loadSdk } from '../sdk.ts';
import type { Challenge } from './discover.ts';
import { scopesWithoutEnd, stillRefused } from './oauth-errors.ts';
import type { ServerSignIn } from './server-sign-in.ts';
import { showToken, type Access } from './show-token.ts';

export interface AuthFetchOptions {
  readonly about: { readonly name: string; readonly title: string };
  readonly server: URL;
  readonly signIn: ServerSignIn;
  readonly waiting: AuthContext['waiting'];
}

/** More rights may be asked for so often for one request, and so often on one connection. */
const widenings = { request: 2, connection: 6 };

const never = new AbortController().signal;

/** Shows the token to the server, and to nobody else; does what is needed where it is refused, and tries the request again then: once after a 401, a bounded number of times after a 403. */
export function authFetch({ about, server, signIn, waiting }: AuthFetchOptions): (next: FetchLike) => FetchLike {
  let widened = 0;
  return (next) => async (input, init = {}) => {
    const url = new URL(input);
    if (url.origin !== server.origin) return next(input, init);
    const signal = init.signal ?? never;
    let access: Access | undefined = await signIn.token(signal);
    let renewed = false;
    for (let asked = 0; ; ) {
      const response = await showToken(next, input, init, access);
      if (response.status === 401) {
        const challenge = await challengeOf(response);
        await response.body?.cancel();
        if (renewed) throw stillRefused(about, 401);
        renewed = true;
        const refused = access?.token;
        access = await waiting(() => signIn.renew(refused, { challenge, signal }));
      } else if (response.status === 403 && response.headers.has('www-authenticate')) {
        const challenge = await challengeOf(response);
        if (challenge.error !== 'insufficient_scope') return response;
        await response.body?.cancel();
        if (++asked > widenings.request || ++widened > widenings.connection) throw scopesWithoutEnd(about);
        const refused = access?.token;
        access = await waiting(() => signIn.widen(refused, { challenge, signal }));
      } else return response;
    }
  };
}

function asksForProof(response: Response): boolean {
  return /(?:^|,)\s*DPoP(?:[\s,]|$)/i.test(response.headers.get('www-authenticate') ?? '');
}

/** What the head of the answer says; its body is not read. */
export async function challengeOf(response: Response): Promise<Challenge> {
  const { extractWWWAuthenticateParams } = await loadSdk();
  const { resourceMetadataUrl, scope, error } = extractWWWAuthenticateParams(response);
  return { ...(resourceMetadataUrl === undefined ? {} : { resourceMetadataUrl }), ...(scope === undefined ? {} : { scope: scope.slice(0, 2000) }), ...(error === undefined ? {} : { error }), ...(asksForProof(response) ? { bound: true } : {}) };
}
