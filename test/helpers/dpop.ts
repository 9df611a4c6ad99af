import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify, type JsonWebKey } from 'node:crypto';

export interface CheckedProof {
  /** Thumbprint of the key (RFC 7638), by which a token is bound to it. */
  readonly jkt: string;
  readonly jti: string;
  readonly nonce: string | undefined;
}

/** Checks a proof (ES256) as RFC 9449, section 4.3, has it. Throws what is wrong. `token` is the one that it comes with. */
export function checkProof(proof: string | readonly string[] | undefined, { method, url, token }: { readonly method: string; readonly url: string; readonly token?: string }): CheckedProof {
  assert.equal(typeof proof, 'string', 'one proof');
  const [head = '', payload = '', signature = ''] = String(proof).split('.');
  const read = (text: string) => JSON.parse(Buffer.from(text, 'base64url').toString()) as Readonly<Record<string, unknown>>;
  const { typ, alg, jwk } = read(head) as { readonly typ: string; readonly alg: string; readonly jwk: JsonWebKey };
  assert.deepEqual([typ, alg, jwk.d], ['dpop+jwt', 'ES256', undefined]);
  assert.ok(verify('sha256', Buffer.from(`${head}.${payload}`), { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')), 'signature');
  const { htm, htu, iat, jti, ath, nonce } = read(payload);
  assert.deepEqual([htm, htu], [method, url]);
  assert.ok(Math.abs(Date.now() / 1000 - Number(iat)) < 300, 'time');
  assert.equal(ath, token === undefined ? undefined : createHash('sha256').update(token).digest('base64url'));
  const { crv, kty, x, y } = jwk;
  return { jkt: createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url'), jti: String(jti), nonce: typeof nonce === 'string' ? nonce : undefined };
}
