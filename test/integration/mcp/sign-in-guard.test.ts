import { expect, it } from 'vitest';
import { guardedFetch, type GuardOptions } from '../../../src/mcp/oauth/guarded-fetch.ts';
import { listen } from '../../helpers/oauth.ts';

const names: Readonly<Record<string, readonly string[]>> = {
  'inside.example': ['10.1.2.3'], 'metadata.example': ['169.254.169.254'], 'loopback.example': ['127.0.0.1'], 'both.example': ['93.184.216.34', '10.0.0.1'], 'v6.example': ['fd00::1'], 'mapped.example': ['::ffff:192.168.0.1'],
};

function guard(server: string, rest: Partial<GuardOptions> = {}) {
  return guardedFetch({ server: new URL(server), refused: (url) => new Error(`refused ${url.host}`), resolver: (host) => Promise.resolve(names[host] ?? []), ...rest });
}

it.each(Object.keys(names))('a public server cannot lead to a name that resolves to the inside: %s', async (host) => {
  using own = guard('https://mcp.example/mcp');
  await expect(own.fetch(`https://${host}/.well-known/oauth-authorization-server`)).rejects.toThrow(`refused ${host}`);
});

it('a public server cannot lead to a program on this machine, in whatever way it is written', async () => {
  await using program = await listen(() => ({ body: {} }));
  const { port } = new URL(program.origin);
  for (const address of [`http://127.0.0.1:${port}`, `http://localhost:${port}`, `http://2130706433:${port}`, `http://0x7f.1:${port}`, `http://[::1]:${port}`, `http://[::ffff:127.0.0.1]:${port}`, `https://127.0.0.1:${port}`, `http://app.localhost:${port}`]) {
    using own = guard('https://mcp.example/mcp');
    await expect(own.fetch(address), address).rejects.toThrow('refused');
  }
  expect(program.seen).toEqual([]);
});

it('the identity provider that an entry names may lie inside the network, and nothing beside it', async () => {
  const ask = async (url: string, identityProvider: string) => {
    using own = guard('https://mcp.example/mcp', { identityProvider });
    return own.fetch(url, { signal: AbortSignal.timeout(50) }).then(() => 'asked', (error: unknown) => (String(error).includes('refused') ? 'refused' : 'asked'));
  };
  expect(await ask('https://inside.example/token', 'https://inside.example')).toBe('asked');
  expect(await ask('https://inside.example:444/token', 'https://inside.example')).toBe('refused');
  expect(await ask('http://inside.example/token', 'http://inside.example')).toBe('refused');
});

it('a server of this machine may lead to another program of it, and to nothing inside the network', async () => {
  await using program = await listen(() => ({ body: { issuer: 'here' } }));
  using own = guard('http://localhost:4711/mcp');
  expect(await (await own.fetch(`${program.origin}/metadata`)).json()).toEqual({ issuer: 'here' });
  await expect(own.fetch('http://10.0.0.1/metadata')).rejects.toThrow('refused 10.0.0.1');
});

it('an issuer that a person has configured may lie in their own network, but not where clouds keep credentials', () => {
  using own = guard('https://mcp.example/mcp', { issuer: 'https://10.0.0.9:8443/realms/ours' });
  expect(own.allows(new URL('https://10.0.0.9:8443/realms/ours/token'))).toBe(true);
  expect(own.allows(new URL('http://10.0.0.9:8443/realms/ours/token'))).toBe(false);
  expect(own.allows(new URL('https://10.0.0.10:8443/token'))).toBe(false);
});

it('once something was refused nothing is asked any more: the document cannot be had from somewhere else', async () => {
  await using program = await listen(() => ({ body: {} }));
  using own = guard(`${program.origin}/mcp`);
  await expect(own.fetch('https://10.0.0.1/')).rejects.toThrow('refused 10.0.0.1');
  await expect(own.fetch(`${program.origin}/metadata`)).rejects.toThrow('refused 10.0.0.1');
  expect(program.seen).toEqual([]);
});

it('an explanation of an error does not get in: only its code, where that is one', async () => {
  let code: unknown = 'invalid_grant';
  await using program = await listen(() => ({ status: 400, body: { error: code, error_description: 'words', error_uri: 'https://words.example' } }));
  using own = guard(`${program.origin}/mcp`);
  expect(await (await own.fetch(program.origin)).json()).toEqual({ error: 'invalid_grant' });
  code = 'many words\nof a stranger';
  expect(await (await own.fetch(program.origin)).json()).toEqual({ error: 'server_error' });
});

it('redirects are not followed by it, and documents end', async () => {
  await using program = await listen((_request, _body, { pathname }) => (pathname === '/long' ? { body: 'x'.repeat(600_000) } : { status: 302, headers: { location: '/long' } }));
  using own = guard(`${program.origin}/mcp`);
  expect((await own.fetch(`${program.origin}/short`)).status).toBe(302);
  await expect(own.fetch(`${program.origin}/long`).then((response) => response.text())).rejects.toThrow('more than 524288 bytes');
});
