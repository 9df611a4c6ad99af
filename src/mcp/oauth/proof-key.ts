import type { DpopAlg, DpopSession } from '@modelcontextprotocol/client';
import * as z from 'zod';
import type { Sdk } from '../sdk.ts';

/** In the order in which they are wanted, with what the platform calls them. */
const algorithms = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256' }, EdDSA: { name: 'Ed25519' }, ES384: { name: 'ECDSA', namedCurve: 'P-384' },
  PS256: { name: 'RSA-PSS', hash: 'SHA-256' }, RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
} as const satisfies Partial<Record<DpopAlg, object>>;

const names = ['ES256', 'EdDSA', 'ES384', 'PS256', 'RS256'] as const satisfies readonly (keyof typeof algorithms)[];

export type ProofAlgorithm = (typeof names)[number];

const part = z.string().optional();
const publicParts = z.object({ kty: z.string(), crv: part, x: part, y: part, n: part, e: part });

/** The key pair that the tokens of one server are bound to (DPoP, RFC 9449). It stays the same when they are renewed. */
export const storedProofKey = z.object({ alg: z.enum(names), thumbprint: z.string(), jwk: publicParts.extend({ d: z.string(), p: part, q: part, dp: part, dq: part, qi: part }) });
export type StoredProofKey = z.infer<typeof storedProofKey>;

/** The algorithm that all who name some know; `undefined` where the authorization server names none: it binds no tokens. */
export function proofAlgorithm(issuer: readonly string[] | undefined, resource: readonly string[] | undefined): ProofAlgorithm | undefined {
  return names.find((name) => issuer?.includes(name) === true && resource?.includes(name) !== false);
}

/** Can be read out: the same key must be there after the next start. It is kept where the tokens are. */
export async function makeProofKey(sdk: Sdk, alg: ProofAlgorithm): Promise<StoredProofKey> {
  const { privateKey, thumbprint } = await sdk.generateDpopKeyPair({ alg, extractable: true });
  return storedProofKey.parse({ alg, thumbprint, jwk: await crypto.subtle.exportKey('jwk', privateKey) });
}

/** Makes the proofs of one key. It remembers the last nonce of each server, so there is one for each key. */
export class Proofs {
  readonly #known = new Map<string, Promise<DpopSession>>();

  of(sdk: Sdk, key: StoredProofKey): Promise<DpopSession> {
    let session = this.#known.get(key.thumbprint);
    if (session === undefined) this.#known.set(key.thumbprint, (session = sessionOf(sdk, key)));
    return session;
  }
}

async function sessionOf(sdk: Sdk, { alg, thumbprint, jwk }: StoredProofKey): Promise<DpopSession> {
  const publicJwk = publicParts.parse(jwk);
  const read = (parts: JsonWebKey, usage: 'sign' | 'verify') => crypto.subtle.importKey('jwk', parts, algorithms[alg], usage === 'verify', [usage]);
  return sdk.DpopSession.create({ keyPair: { alg, thumbprint, publicJwk, privateKey: await read(jwk, 'sign'), publicKey: await read(publicJwk, 'verify') } });
}
