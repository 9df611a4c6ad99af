import type { DpopSession, FetchLike } from '@modelcontextprotocol/client';
import { loadSdk } from '../sdk.ts';

/** A token as it is shown to the server that it is for. */
export interface Access {
  readonly token: string;
  /** Of a token that is bound to a key: proves with each request that the key is here. */
  readonly proofs?: DpopSession;
}

/** Sends a request with a token. Where the server wants its nonce in the proof the request is sent once more, with another proof: one counts once. */
export async function showToken(next: FetchLike, input: string | URL, init: RequestInit, access: Access | undefined): Promise<Response> {
  const headers = new Headers(init.headers);
  if (access?.proofs === undefined) {
    if (access !== undefined) headers.set('authorization', `Bearer ${access.token}`);
    return next(input, { ...init, headers });
  }
  const { token, proofs } = access;
  headers.set('authorization', `DPoP ${token}`);
  const send = async (): Promise<Response> => {
    headers.set('dpop', await proofs.buildProof({ htm: init.method ?? 'GET', htu: input, accessToken: token }));
    const response = await next(input, { ...init, headers });
    proofs.observeNonce(response, input);
    return response;
  };
  const first = await send();
  const { isDpopNonceChallenge } = await loadSdk();
  if (!isDpopNonceChallenge(first) || !first.headers.has('dpop-nonce')) return first;
  // Not read: whoever refuses a request could send without end.
  await first.body?.cancel();
  return send();
}
