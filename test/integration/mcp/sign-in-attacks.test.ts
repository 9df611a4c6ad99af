import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { McpHub } from '../../../src/mcp/mcp-hub.ts';
import { describeError, toErrorInfo } from '../../../src/shared/errors.ts';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import { McpToolSource } from '../../../src/tools/mcp-tool-source.ts';
import { withHub } from '../../helpers/mcp.ts';
import { AuthorizationServer, browse, listen, remote, resourceServer, signing, testDoor, type ResourceServer, type TestDoor } from '../../helpers/oauth.ts';
import { withRun } from '../../helpers/run.ts';

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

/** What the person is told when the sign-in is stopped; nothing was stored then. */
async function stopped(door: TestDoor = testDoor(), oauth?: Parameters<typeof remote>[1]): Promise<string> {
  const { signIns } = signing(door);
  const config = remote(server.url, oauth);
  const error: unknown = await withHub(() => [config], ({ hub, log }) => whoami(hub).then(() => undefined, (caught: unknown) => {
    expect(log.join('\n')).not.toContain('attacker');
    return caught;
  }), { auth: signIns.auth });
  expect(await signIns.signedIn(config)).toBe(false);
  expect(JSON.stringify(toErrorInfo(error))).not.toContain('attacker');
  return describeError(error);
}

describe('an authorization server that is not the one that was asked', () => {
  it('cannot have a code redeemed: an answer with another issuer is thrown away (mix-up)', async () => {
    authorization.iss = 'https://other.example';
    expect(await stopped()).toContain('came from another authorization server');
    expect(authorization.tokenRequests).toEqual([]);
  });

  it('cannot leave the issuer out where it has said that it names it', async () => {
    authorization.iss = undefined;
    expect(await stopped()).toContain('came from another authorization server');
    expect(authorization.tokenRequests).toEqual([]);
  });

  it('cannot even report an error in its name', async () => {
    const text = await stopped(testDoor({ go: async ({ url }) => {
      const query = new URL(url).searchParams;
      await fetch(`${query.get('redirect_uri') ?? ''}?${new URLSearchParams({ error: 'access_denied', error_description: 'attacker', state: query.get('state') ?? '', iss: 'https://other.example' }).toString()}`);
    } }));
    expect(text).toContain('came from another authorization server');
  });

  it('cannot call itself by another name in its metadata', async () => {
    authorization.metadata = { issuer: 'https://accounts.example' };
    expect(await stopped()).toContain('calls itself by another name');
    expect(authorization.authorizations).toEqual([]);
  });

  it('gets no secret that an entry has for another issuer', async () => {
    expect(await stopped(testDoor(), { clientId: 'ours', clientSecret: 'secret-of-ours-4711', issuer: 'https://accounts.example' })).toContain('another authorization server than https://accounts.example');
    expect(authorization.seen.filter((each) => !each.includes('well-known'))).toEqual([]);
  });

  it('is not used where it does not bind the code to whoever has asked for it (PKCE)', async () => {
    for (const metadata of [{ code_challenge_methods_supported: undefined }, { code_challenge_methods_supported: ['plain'] }]) {
      authorization.metadata = metadata;
      expect(await stopped()).toContain('does not protect sign-ins with PKCE');
    }
    expect(authorization.authorizations).toEqual([]);
  });
});

describe('addresses that a server names', () => {
  it.each([
    'https://169.254.169.254', 'https://169.254.169.254/latest', 'https://[fd00:ec2::254]', 'https://10.0.0.1', 'https://192.168.1.1:8443', 'https://[::ffff:10.0.0.1]', 'https://0.0.0.0', 'https://100.100.100.200',
    'http://accounts.example', 'http://10.0.0.1', 'https://user:attacker@accounts.example', 'file:///etc/passwd', 'ftp://accounts.example',
  ])('are not asked where they are not of the public internet, or not encrypted: %s as authorization server', async (address) => {
    server.resource = { authorization_servers: [address] };
    const text = await stopped();
    expect(text).toMatch(/which is not asked|could not be resolved|gave no answer that can be used|names no place/);
    expect(authorization.seen).toEqual([]);
  });

  it('are not asked for the metadata of the server itself either, and nothing else is tried in their place', async () => {
    server.challenge = 'Bearer resource_metadata="https://169.254.169.254/latest/meta-data"';
    expect(await stopped()).toContain('169.254.169.254, which is not asked');
    expect(authorization.seen).toEqual([]);
    expect(server.seen.filter((each) => each.includes('well-known'))).toEqual([]);
  });

  it('are not sent a code or a registration: each endpoint is checked, whatever document it stands in', async () => {
    authorization.metadata = { token_endpoint: 'https://169.254.169.254/token' };
    expect(await stopped()).toContain('169.254.169.254, which is not asked');
    authorization.metadata = { registration_endpoint: 'https://10.0.0.1/register' };
    expect(await stopped()).toContain('10.0.0.1, which is not asked');
  });

  it('are not opened in the browser where they are no web addresses of the public internet', async () => {
    for (const endpoint of ['https://169.254.169.254/authorize', 'http://accounts.example/authorize', 'file:///etc/passwd', 'vscode://command']) {
      authorization.metadata = { authorization_endpoint: endpoint };
      const door = testDoor({ go: () => Promise.reject(new Error('opened')) });
      expect(await stopped(door)).not.toContain('opened');
      expect(door.asked).toEqual([]);
    }
  });

  it('are not followed to another origin: a token request that is redirected carries no code there', async () => {
    await using elsewhere = await listen(() => ({ body: { access_token: 'attacker', token_type: 'Bearer' } }));
    authorization.lie = () => ({ status: 307, headers: { location: `${elsewhere.origin}/token` } });
    await stopped();
    expect(authorization.tokenRequests).toHaveLength(1);
    expect(elsewhere.seen).toEqual([]);
  });

  it('may send a document of any length: it is given up', async () => {
    authorization.lie = () => ({ body: { access_token: 'x'.repeat(600_000), token_type: 'Bearer' } });
    expect(await stopped()).toContain('gave no answer that can be used');
  });
});

describe('tokens for somebody else', () => {
  it('are not asked for: a server that claims to be another one is refused before anything is opened', async () => {
    for (const resource of ['https://mail.example/mcp', `${server.origin}/other`]) {
      server.resource = { resource };
      expect(await stopped()).toContain('asks for a token of another server');
    }
    expect(authorization.authorizations).toEqual([]);
  });

  it('that a server refuses again and again end the call, after one sign-in', async () => {
    const door = testDoor();
    const { signIns } = signing(door);
    authorization.lie = (parameters) => (parameters.get('grant_type') === 'authorization_code' ? { body: { access_token: 'of-somebody-else', token_type: 'Bearer' } } : undefined);
    await withHub(() => [remote(server.url)], ({ hub }) => expect(whoami(hub)).rejects.toMatchObject({ message: expect.stringContaining('refuses the token') as string }), { auth: signIns.auth });
    expect(door.asked).toHaveLength(1);
  });
});

describe('the way back', () => {
  it('takes no answer with another state, none that has it twice and none from a page that was rebound to this machine, and only one with the right one', async () => {
    const statuses: number[] = [];
    const { signIns } = signing(testDoor({ go: async ({ url }) => {
      const back = (await fetch(url, { redirect: 'manual' })).headers.get('location') ?? '';
      const get = async (address: string) => statuses.push((await fetch(address)).status);
      await get(back.replace(/state=[^&]+/, 'state=guessed'));
      await get(back.replace(/state=[^&]+&?/, ''));
      await get(`${back}&code=another`);
      await get(`${back}&error=access_denied`);
      statuses.push(await rebound(back));
      await get(back);
      await fetch(back).then(({ status }) => statuses.push(status), () => statuses.push(0));
    } }));
    await withHub(() => [remote(server.url)], ({ hub }) => whoami(hub), { auth: signIns.auth });
    expect(statuses.slice(0, 6)).toEqual([400, 400, 400, 400, 404, 200]);
    // Replayed: it is closed by then, or answers that it waits for nothing.
    expect([0, 400]).toContain(statuses[6]);
    expect(authorization.tokenRequests).toHaveLength(1);
  });

  it('is given up when somebody tries one state after the other', async () => {
    const text = await stopped(testDoor({ go: async ({ url }) => {
      const redirect = new URL(url).searchParams.get('redirect_uri') ?? '';
      for (let guess = 0; guess < 60; guess++) await fetch(`${redirect}?code=x&state=${guess}`).catch(() => undefined);
    } }));
    expect(text).toContain('keeps sending answers that do not belong to it');
  });

  function rebound(address: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const url = new URL(address);
      httpRequest({ host: '127.0.0.1', port: url.port, path: `${url.pathname}${url.search}`, headers: { host: 'evil.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      }).on('error', reject).end();
    });
  }
});

describe('a server that wants more and more', () => {
  it('gets an end after a bounded number of questions, also where it wants something else each time', async () => {
    const door = testDoor();
    const { signIns } = signing(door);
    await withHub(() => [remote(server.url)], async ({ hub }) => {
      await whoami(hub);
      let wants = 0;
      Object.defineProperty(server, 'needs', { get: () => `scope-${++wants}` });
      await expect(whoami(hub)).rejects.toMatchObject({ message: expect.stringContaining('keeps asking for more rights') as string });
    }, { auth: signIns.auth });
    expect(door.asked.length).toBeGreaterThan(1);
    expect(door.asked.length).toBeLessThanOrEqual(4);
  });

  it('is not asked for the same twice where the authorization server gives less', async () => {
    const door = testDoor();
    const { signIns } = signing(door);
    await withHub(() => [remote(server.url)], async ({ hub }) => {
      await whoami(hub);
      server.needs = 'admin';
      authorization.lie = (parameters) => {
        const token = `less-${authorization.tokenRequests.length}`;
        authorization.tokens.set(token, { scope: 'read', resource: parameters.get('resource') });
        return { body: { access_token: token, token_type: 'Bearer', scope: 'read' } };
      };
      for (let time = 0; time < 2; time++) await expect(whoami(hub)).rejects.toMatchObject({ message: expect.stringContaining('keeps asking for more rights') as string });
    }, { auth: signIns.auth });
    expect(door.asked.filter(({ more }) => more)).toHaveLength(1);
  });
});

it('words of an authorization server are shown to nobody: codes of the standards are explained, others are not repeated', async () => {
  for (const [code, said] of [['access_denied', 'it was declined there'], ['attacker-code', 'gave no reason that is known here'], ['constructor', 'gave no reason that is known here']] as const) {
    const text = await stopped(testDoor({ go: async ({ url }) => {
      const query = new URL(url).searchParams;
      await fetch(`${query.get('redirect_uri') ?? ''}?${new URLSearchParams({ error: code, error_description: 'attacker: paste your password', error_uri: 'https://attacker.example', state: query.get('state') ?? '', iss: authorization.origin }).toString()}`);
    } }));
    expect(text).toContain(said);
  }
  authorization.lie = () => ({ status: 400, body: { error: 'invalid_grant', error_description: 'attacker: paste your password' } });
  expect(await stopped()).toContain('what was to be exchanged is no longer valid');
});

it('no token, code or secret of a sign-in is in the record of the run, its log or its result, also where the server says them back', async () => {
  const { signIns, redactor } = signing(testDoor());
  await withHub(() => [remote(server.url)], async ({ hub, log }) => {
    const registry = new ToolRegistry();
    registry.registerSource(new McpToolSource(hub));
    const run = await withRun(['mcp remote:*'], (scope) => registry.call('mcp.remote.whoami', {}, scope), { redactor });
    const canaries = [...authorization.tokens.keys(), ...authorization.refreshTokens, ...authorization.tokenRequests.flatMap((parameters) => [parameters.get('code'), parameters.get('code_verifier')]), ...authorization.authorizations.map((query) => query.get('state'))].filter((canary) => canary !== null);
    expect(canaries.length).toBeGreaterThanOrEqual(5);
    const everything = `${JSON.stringify(run.events)}\n${log.join('\n')}`;
    expect(everything).toContain('you are [redacted]');
    for (const canary of canaries) expect(everything).not.toContain(canary);
  }, { auth: signIns.auth, redactor });
});

it('a token goes to the server that it is for and to no other address of the connection', async () => {
  await using elsewhere = await listen(() => ({ body: {} }));
  const { signIns } = signing(testDoor({ go: browse }));
  await withHub(() => [remote(server.url)], async ({ hub }) => {
    const target = await hub.remote('remote');
    await signIns.signIn(target, new AbortController().signal);
    const heads: (string | null)[] = [];
    const auth = signIns.auth(target.config, target.transport.url, { transport: target.transport, waiting: (work) => work() });
    const fetching = auth?.fetch?.((url, init) => {
      heads.push(new Headers(init?.headers).get('authorization'));
      return Promise.resolve(new Response(String(url)));
    });
    await fetching?.(elsewhere.origin);
    await fetching?.(server.url);
    expect(heads).toEqual([null, expect.stringMatching(/^Bearer access-/)]);
  });
});
