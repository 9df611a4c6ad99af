import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { expect, it } from 'vitest';
import { makeProofKey, proofAlgorithm, Proofs, storedProofKey } from '../../../../src/mcp/oauth/proof-key.ts';
import { loadSdk } from '../../../../src/mcp/sdk.ts';

it.each([[['ES256', 'RS256'], undefined, 'ES256'], [['RS256', 'EdDSA'], undefined, 'EdDSA'], [['ES256', 'RS256'], ['RS256'], 'RS256'], [['ES256'], ['RS256'], undefined], [undefined, ['ES256'], undefined], [['HS256', 'none'], undefined, undefined]] as const)('a key signs in the way that both know: %j and %j, so %s', (issuer, resource, wanted) => {
  expect(proofAlgorithm(issuer, resource)).toBe(wanted);
});

const hashes = { ES256: 'sha256', ES384: 'sha384', EdDSA: null, PS256: 'sha256', RS256: 'sha256' } as const;

it.each(['ES256', 'ES384', 'EdDSA', 'RS256', 'PS256'] as const)('a key that was written down and read again makes proofs that hold, and shows no part of it that is secret: %s', async (alg) => {
  const sdk = await loadSdk();
  const kept = storedProofKey.parse(JSON.parse(JSON.stringify(await makeProofKey(sdk, alg))));
  const session = await new Proofs().of(sdk, kept);
  const [head = '', payload = '', signature = ''] = (await session.buildProof({ htm: 'post', htu: 'https://mcp.example/mcp?a=b#c', accessToken: 'x' })).split('.');
  const { jwk } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { readonly jwk: JsonWebKey };
  expect(Object.keys(jwk).filter((name) => !['kty', 'crv', 'x', 'y', 'n', 'e'].includes(name))).toEqual([]);
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const padding = alg === 'PS256' ? { padding: 6, saltLength: 32 } : {};
  expect(verify(hashes[alg], Buffer.from(`${head}.${payload}`), { key, dsaEncoding: 'ieee-p1363', ...padding }, Buffer.from(signature, 'base64url'))).toBe(true);
  expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ htm: 'POST', htu: 'https://mcp.example/mcp' });
});

it('one key has one maker of proofs, which remembers what a server wants in the next one', async () => {
  const sdk = await loadSdk();
  const proofs = new Proofs();
  const key = await makeProofKey(sdk, 'ES256');
  (await proofs.of(sdk, key)).rememberNonce('https://mcp.example', 'n');
  expect((await proofs.of(sdk, { ...key })).nonceFor('https://mcp.example/mcp')).toBe('n');
  expect((await proofs.of(sdk, await makeProofKey(sdk, 'ES256'))).nonceFor('https://mcp.example/mcp')).toBeUndefined();
});
