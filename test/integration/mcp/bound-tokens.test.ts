import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryVault } from '../../../src/mcp/oauth/credential-vault.ts';
import { parseRecord, recordKey } from '../../../src/mcp/oauth/sign-in-record.ts';
import type { McpHub } from '../../../src/mcp/mcp-hub.ts';
import { withHub } from '../../helpers/mcp.ts';
import { AuthorizationServer, remote, resourceServer, signing, testDoor, type ResourceServer } from '../../helpers/oauth.ts';

let authorization: AuthorizationServer;
let server: ResourceServer;
beforeEach(async () => {
  authorization = await AuthorizationServer.start();
  authorization.metadata = { dpop_signing_alg_values_supported: ['RS512', 'ES256'] };
  server = await resourceServer(authorization);
  server.challenge = `DPoP resource_metadata="${server.origin}/.well-known/oauth-protected-resource/mcp"`;
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await authorization[Symbol.asyncDispose]();
});

const whoami = (hub: McpHub) => hub.look('remote', (connection) => connection.callTool('whoami', {}));
const grants = () => authorization.tokenRequests.map((parameters) => parameters.get('grant_type'));

describe('a server that asks for tokens that are bound to a key', () => {
  it('gets one, and with each request another proof of the key', async () => {
    const { signIns } = signing(testDoor());
    await withHub(() => [remote(server.url)], async ({ hub }) => {
      await whoami(hub);
      await whoami(hub);
    }, { auth: signIns.auth });
    expect(authorization.proofs).toHaveLength(1);
    expect(server.proofs.length).toBeGreaterThan(2);
    expect(new Set(server.proofs.map(({ jkt }) => jkt))).toEqual(new Set([authorization.proofs[0]?.jkt]));
    expect(authorization.authorizations).toHaveLength(1);
  });

  it('keeps its key with its tokens: it is the same after the next start and a renewal, and is hidden wherever it would be seen', async () => {
    const vault = new MemoryVault();
    await withHub(() => [remote(server.url)], ({ hub }) => whoami(hub), { auth: signing(testDoor(), { vault }).signIns.auth });
    authorization.expireAll();
    const next = signing(testDoor({ canAsk: false }), { vault });
    await withHub(() => [remote(server.url)], ({ hub }) => whoami(hub), { auth: next.signIns.auth });
    expect(grants()).toEqual(['authorization_code', 'refresh_token']);
    expect(new Set(authorization.proofs.map(({ jkt }) => jkt)).size).toBe(1);
    const key = parseRecord(await vault.read(recordKey(new URL(server.url)))).byIssuer[authorization.origin]?.proofKey?.jwk.d;
    expect(next.redactor.redact(`key ${key ?? ''}`)).toBe('key [redacted]');
    expect(key).toMatch(/^[\w-]{40,}$/);
  });

  it('has its nonce in the next proof: the request is sent once more, with another one, and so is that of the token', async () => {
    authorization.nonce = 'nonce-of-the-issuer';
    server.nonce = 'nonce-of-the-server';
    const { signIns } = signing(testDoor());
    await withHub(() => [remote(server.url)], async ({ hub }) => {
      await whoami(hub);
      // From now on it takes another one only.
      server.nonce = 'the-next-nonce';
      await whoami(hub);
    }, { auth: signIns.auth });
    expect(authorization.proofs.map(({ nonce }) => nonce)).toEqual([undefined, 'nonce-of-the-issuer']);
    expect(new Set(authorization.proofs.map(({ jti }) => jti)).size).toBe(2);
    expect(new Set(server.proofs.map(({ nonce }) => nonce))).toEqual(new Set(['nonce-of-the-server', 'the-next-nonce']));
    expect(grants()).toEqual(['authorization_code']);
  });

  it('cannot have a request repeated without end by taking no nonce at all', async () => {
    const { signIns } = signing(testDoor());
    await withHub(() => [remote(server.url)], async ({ hub }) => {
      await whoami(hub);
      const before = server.seen.length;
      // Never what a proof holds: a header cannot begin with a space.
      server.nonce = ' never';
      await expect(whoami(hub)).rejects.toMatchObject({ code: 'mcp-start-failed', message: expect.stringContaining('refuses the token') as string });
      expect(server.seen.length - before).toBeLessThan(12);
    }, { auth: signIns.auth });
  });

  it('may say so in its metadata, and programs have keys too', async () => {
    server.challenge = undefined;
    server.resource = { dpop_bound_access_tokens_required: true };
    const config = remote(server.url, { grant: 'client_credentials', clientId: 'machine', clientSecret: 'machine-secret-4711', issuer: authorization.origin });
    await withHub(() => [config], async ({ hub }) => {
      await whoami(hub);
      authorization.expireAll();
      await whoami(hub);
    }, { auth: signing(undefined).signIns.auth });
    expect(grants()).toEqual(['client_credentials', 'client_credentials']);
    expect(new Set([...authorization.proofs, ...server.proofs].map(({ jkt }) => jkt)).size).toBe(1);
  });

  it('is signed in to anew, with a key, where the tokens from before had none', async () => {
    server.challenge = undefined;
    const { signIns } = signing(testDoor());
    await withHub(() => [remote(server.url)], async ({ hub }) => {
      await whoami(hub);
      expect(server.proofs).toEqual([]);
      server.challenge = 'DPoP algs="ES256"';
      authorization.expireAll();
      await whoami(hub);
    }, { auth: signIns.auth });
    expect(grants()).toEqual(['authorization_code', 'authorization_code']);
    expect(server.proofs.length).toBeGreaterThan(0);
  });
});

it('a token is bound to no key where the authorization server offers none, or none that is known here, or the server does not ask', async () => {
  for (const [challenge, algorithms] of [[undefined, ['ES256']], ['DPoP algs="ES256"', undefined], ['DPoP algs="XX"', ['XX']]] as const) {
    server.challenge = challenge;
    authorization.metadata = { dpop_signing_alg_values_supported: algorithms };
    await withHub(() => [remote(server.url)], ({ hub }) => whoami(hub), { auth: signing(testDoor()).signIns.auth });
  }
  expect([...authorization.proofs, ...server.proofs]).toEqual([]);
});
