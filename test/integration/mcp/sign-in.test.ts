import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryVault } from '../../../src/mcp/oauth/credential-vault.ts';
import { recordKey } from '../../../src/mcp/oauth/sign-in-record.ts';
import type { McpHub } from '../../../src/mcp/mcp-hub.ts';
import { withHub } from '../../helpers/mcp.ts';
import { AuthorizationServer, browse, remote, resourceServer, signing, testDoor, type ResourceServer } from '../../helpers/oauth.ts';

let authorization: AuthorizationServer;
let server: ResourceServer;
beforeEach(async () => {
  authorization = await AuthorizationServer.start();
  server = await resourceServer(authorization);
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await authorization[Symbol.asyncDispose]();
});

const whoami = (hub: McpHub) => hub.look('remote', (connection) => connection.callTool('whoami', {}));
const grants = () => authorization.tokenRequests.map((parameters) => parameters.get('grant_type'));

describe('a server that asks for a sign-in', () => {
  it('is signed in to through the browser once the person agrees: registered, with PKCE, for this server only, and used from then on', async () => {
    const door = testDoor();
    const { signIns } = signing(door);
    await withHub(() => [remote(server.url)], async ({ hub }) => {
      await whoami(hub);
      await whoami(hub);
    }, { auth: signIns.auth });
    expect(door.asked.map((request) => [request.server, request.domain, request.more])).toEqual([['remote', '127.0.0.1', false]]);
    const [query] = authorization.authorizations;
    expect(authorization.authorizations).toHaveLength(1);
    expect(query?.get('code_challenge_method')).toBe('S256');
    expect(query?.get('resource')).toBe(server.url);
    expect(query?.get('redirect_uri')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
    expect(authorization.tokenRequests.map((parameters) => parameters.get('resource'))).toEqual([server.url]);
    expect(authorization.registrations).toMatchObject([{ application_type: 'native', redirect_uris: [query?.get('redirect_uri')] }]);
  });

  it('is not signed in to where the person does not agree: nothing is opened, and the error says what to do', async () => {
    const { signIns, vault } = signing(testDoor({ agrees: false, go: () => Promise.reject(new Error('opened')) }));
    await withHub(() => [remote(server.url)], ({ hub }) => expect(whoami(hub)).rejects.toMatchObject({ code: 'mcp-start-failed', message: expect.stringContaining('was not agreed to') as string, data: { signIn: true } }), { auth: signIns.auth });
    expect(authorization.authorizations).toEqual([]);
    expect(await signIns.signedIn(remote(server.url))).toBe(false);
    expect(await vault.read(recordKey(new URL(server.url)))).toBeUndefined();
  });

  it('is told of, and nothing is asked of strangers, where nobody can be asked', async () => {
    const { signIns } = signing(testDoor({ canAsk: false }));
    await withHub(() => [remote(server.url)], ({ hub }) => expect(whoami(hub)).rejects.toMatchObject({ message: expect.stringContaining('asks for a sign-in (HTTP 401)') as string, hint: expect.stringContaining('mcp sign-in remote') as string }), { auth: signIns.auth });
    expect(authorization.seen).toEqual([]);
    expect(server.seen.filter((each) => each.includes('well-known'))).toEqual([]);
  });

  it('is signed in to by hand without a question, and nobody is asked afterwards', async () => {
    const door = testDoor({ canAsk: false });
    const { signIns } = signing(door);
    await withHub(() => [remote(server.url)], async ({ hub }) => {
      await signIns.signIn(await hub.remote('remote'), new AbortController().signal);
      expect(await signIns.signedIn(remote(server.url))).toBe(true);
      await whoami(hub);
    }, { auth: signIns.auth });
    expect(door.asked).toEqual([]);
  });

  it('renews a token that has ended, and keeps the new refresh token', async () => {
    const { signIns } = signing(testDoor());
    await withHub(() => [remote(server.url)], async ({ hub }) => {
      await whoami(hub);
      for (let time = 0; time < 2; time++) {
        authorization.expireAll();
        await whoami(hub);
      }
    }, { auth: signIns.auth });
    expect(grants()).toEqual(['authorization_code', 'refresh_token', 'refresh_token']);
    expect(authorization.authorizations).toHaveLength(1);
  });

  it('renews a token before it ends', async () => {
    let now = Date.now();
    const { signIns } = signing(testDoor(), { now: () => now });
    await withHub(() => [remote(server.url)], async ({ hub }) => {
      await whoami(hub);
      now += 3595_000;
      const before = server.seen.length;
      await whoami(hub);
      expect(server.seen.slice(before).filter((each) => each.includes('well-known'))).toEqual([]);
    }, { auth: signIns.auth });
    expect(grants()).toEqual(['authorization_code', 'refresh_token']);
  });

  it('asks for a new sign-in where the refresh token is no longer taken, with the same registration where its port is free', async () => {
    const { signIns } = signing(testDoor());
    await withHub(() => [remote(server.url)], async ({ hub }) => {
      await whoami(hub);
      authorization.expireAll();
      authorization.refreshTokens.clear();
      await whoami(hub);
    }, { auth: signIns.auth });
    expect(grants()).toEqual(['authorization_code', 'refresh_token', 'authorization_code']);
    expect(authorization.registrations).toHaveLength(1);
  });

  it('gets more rights when a call needs them, without losing those that it has, and the person sees which', async () => {
    server.resource = { scopes_supported: ['read'] };
    const door = testDoor();
    const { signIns } = signing(door);
    await withHub(() => [remote(server.url)], async ({ hub }) => {
      await whoami(hub);
      server.needs = 'write';
      await whoami(hub);
    }, { auth: signIns.auth });
    expect(authorization.authorizations.map((query) => query.get('scope'))).toEqual(['read', 'read write']);
    expect(door.asked.map(({ scopes, more }) => [scopes, more])).toEqual([[['read'], false], [['read', 'write'], true]]);
  });

  it('has tokens of its own for each authorization server, and shows none of them to another', async () => {
    await using second = await AuthorizationServer.start();
    const { signIns } = signing(testDoor());
    await withHub(() => [remote(server.url)], async ({ hub }) => {
      await whoami(hub);
      authorization.expireAll();
      server.resource = { authorization_servers: [second.origin] };
      await expect(whoami(hub)).rejects.toMatchObject({ code: 'mcp-start-failed' });
    }, { auth: signIns.auth });
    expect(second.registrations).toHaveLength(1);
    expect(second.tokenRequests.map((parameters) => [parameters.get('grant_type'), parameters.get('refresh_token')])).toEqual([['authorization_code', null]]);
  });

  it('is signed out of: both tokens are given back and nothing is left', async () => {
    const { signIns, vault } = signing(testDoor());
    await withHub(() => [remote(server.url)], async ({ hub }) => {
      await whoami(hub);
      const target = await hub.remote('remote');
      expect(await vault.read(recordKey(new URL(server.url)))).toContain('access-');
      expect(await signIns.signOut(target, new AbortController().signal)).toEqual({ was: true, revoked: 2 });
      expect(await signIns.signOut(target, new AbortController().signal)).toEqual({ was: false, revoked: 0 });
    }, { auth: signIns.auth });
    expect(authorization.revoked.map((token) => token.split('-')[0])).toEqual(['refresh', 'access']);
    expect(await vault.read(recordKey(new URL(server.url)))).toBeUndefined();
  });
});

describe('as whom it is signed in', () => {
  it('is the client that the entry names before all others', async () => {
    authorization.metadata = { client_id_metadata_document_supported: true };
    const { signIns } = signing(testDoor());
    await withHub(() => [remote(server.url, { clientId: 'ours', clientMetadataUrl: 'https://example.com/client.json' })], ({ hub }) => whoami(hub), { auth: signIns.auth });
    expect(authorization.authorizations[0]?.get('client_id')).toBe('ours');
    expect(authorization.registrations).toEqual([]);
  });

  it('is a document where the authorization server reads such, and a registration where it does not', async () => {
    const described = { clientMetadataUrl: 'https://example.com/client.json' };
    authorization.metadata = { client_id_metadata_document_supported: true };
    await withHub(() => [remote(server.url, described)], ({ hub }) => whoami(hub), { auth: signing(testDoor()).signIns.auth });
    authorization.metadata = {};
    await withHub(() => [remote(server.url, described)], ({ hub }) => whoami(hub), { auth: signing(testDoor()).signIns.auth });
    expect(authorization.authorizations.map((query) => query.get('client_id'))).toEqual(['https://example.com/client.json', 'client-1']);
  });

  it('is asked of the person where nothing else is left', async () => {
    authorization.metadata = { registration_endpoint: undefined };
    await withHub(() => [remote(server.url)], ({ hub }) => whoami(hub), { auth: signing(testDoor({ clientId: ' by-hand ' })).signIns.auth });
    expect(authorization.authorizations[0]?.get('client_id')).toBe('by-hand');
    await withHub(() => [remote(server.url)], ({ hub }) => expect(whoami(hub)).rejects.toMatchObject({ code: 'mcp-start-failed' }), { auth: signing(testDoor()).signIns.auth });
  });

  it('is a program with a secret, or with a key, which needs no person', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256', privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
    for (const secret of [{ clientSecret: 'machine-secret-4711' }, { privateKey }]) {
      const config = remote(server.url, { grant: 'client_credentials', clientId: 'machine', issuer: authorization.origin, ...secret });
      await withHub(() => [config], async ({ hub }) => {
        await whoami(hub);
        authorization.expireAll();
        await whoami(hub);
      }, { auth: signing(undefined).signIns.auth });
    }
    expect(grants()).toEqual(Array.from({ length: 4 }, () => 'client_credentials'));
    expect(authorization.tokenRequests.map((parameters) => parameters.has('client_assertion'))).toEqual([false, false, true, true]);
    expect(authorization.tokenRequests.every((parameters) => parameters.get('resource') === server.url)).toBe(true);
  });

  it('is nobody where the entry has a header of its own, or wants none, or a token was given', async () => {
    const door = testDoor();
    const refused = { message: expect.stringContaining('asks for a sign-in') as string };
    await withHub(() => [remote(server.url, undefined, { Authorization: 'Bearer mine' })], ({ hub }) => expect(whoami(hub)).rejects.toMatchObject(refused), { auth: signing(door).signIns.auth });
    await withHub(() => [remote(server.url, false)], ({ hub }) => expect(whoami(hub)).rejects.toMatchObject(refused), { auth: signing(door).signIns.auth });
    const { signIns } = signing(door, { token: () => ({ value: 'from-outside', place: 'the variable X' }) });
    await withHub(() => [remote(server.url)], ({ hub }) => expect(whoami(hub)).rejects.toMatchObject({ message: expect.stringContaining('refuses the token in the variable X') as string }), { auth: signIns.auth });
    authorization.tokens.set('from-outside', { scope: '', resource: server.url });
    await withHub(() => [remote(server.url)], ({ hub }) => whoami(hub), { auth: signIns.auth });
    expect(door.asked).toEqual([]);
  });
});

describe('two who need a token at the same time', () => {
  it('wait for one sign-in', async () => {
    const door = testDoor();
    const { signIns } = signing(door);
    await withHub(() => [remote(server.url)], ({ hub }) => Promise.all([whoami(hub), whoami(hub), whoami(hub)]), { auth: signIns.auth });
    expect(door.asked).toHaveLength(1);
  });

  it('renew it once, although each is refused: a refresh token counts once', async () => {
    const { signIns } = signing(testDoor());
    await withHub(() => [remote(server.url)], async ({ hub }) => {
      await whoami(hub);
      authorization.expireAll();
      await Promise.all([whoami(hub), whoami(hub), whoami(hub)]);
    }, { auth: signIns.auth });
    expect(grants()).toEqual(['authorization_code', 'refresh_token']);
  });

  it('renew it once as two programs with one store', async () => {
    const vault = new MemoryVault();
    await withHub(() => [remote(server.url)], async ({ hub, folder }) => {
      const programs = [signing(testDoor(), { vault, locks: folder }), signing(testDoor({ canAsk: false }), { vault, locks: folder })];
      const remoteServer = await hub.remote('remote');
      await programs[0]?.signIns.signIn(remoteServer, new AbortController().signal);
      authorization.expireAll();
      await Promise.all(programs.map(({ signIns }) => withHub(() => [remote(server.url)], (test) => whoami(test.hub), { auth: signIns.auth })));
    });
    expect(grants()).toEqual(['authorization_code', 'refresh_token']);
  });
});

it('a sign-in ends with the last who waits for it, and its port is closed', async () => {
  let redirect = '';
  const abort = new AbortController();
  const { signIns } = signing(testDoor({ go: ({ url }) => {
    redirect = new URL(url).searchParams.get('redirect_uri') ?? '';
    abort.abort(new Error('given up'));
    return Promise.resolve();
  } }));
  await withHub(() => [remote(server.url)], async ({ hub }) => expect(signIns.signIn(await hub.remote('remote'), abort.signal)).rejects.toThrow('given up'));
  await expect.poll(() => fetch(redirect).then(() => 'open', () => 'closed')).toBe('closed');
});

it('an address that the person pastes is as good as a browser that finds the way back', async () => {
  const delivered: boolean[] = [];
  const { signIns } = signing(testDoor({ go: async ({ url }, deliver) => {
    const back = (await fetch(url, { redirect: 'manual' })).headers.get('location') ?? '';
    delivered.push(deliver('https://example.com/'), deliver(back.replace('state=', 'state=x')), deliver(` ${back} `), deliver(back));
  } }));
  await withHub(() => [remote(server.url)], ({ hub }) => whoami(hub), { auth: signIns.auth });
  expect(delivered).toEqual([false, false, true, false]);
});

it('the clock of the start stands still while the person is in the browser', async () => {
  const { signIns } = signing(testDoor({ go: async (request) => {
    await new Promise((resolve) => setTimeout(resolve, 900));
    await browse(request);
  } }));
  await withHub(() => [{ ...remote(server.url), connectTimeoutMs: 600 }], ({ hub }) => hub.tools('remote'), { auth: signIns.auth });
});
