import { describe, expect, it } from 'vitest';
import { parseServerEntry } from '../../../../src/mcp/server-entry.ts';
import { resolveServer } from '../../../../src/mcp/resolved-server.ts';

const parse = (oauth: unknown, inputs: Parameters<typeof parseServerEntry>[0]['inputs'] = []) => parseServerEntry({ written: 'remote', raw: { url: 'https://mcp.example/mcp', oauth }, path: [], source: { file: 'mcp.json', locate: () => undefined }, inputs });
const said = (oauth: unknown) => parse(oauth).problems.map(({ error }) => error.message);

describe('the field oauth of an entry', () => {
  it('is taken over, without fields of other programs', () => {
    expect(parse({ clientId: 'ours', scopes: ['read'], callbackHost: 'x' }).server?.transport).toMatchObject({ oauth: { clientId: 'ours', scopes: ['read'] } });
    expect(parse(false).server?.transport).toMatchObject({ oauth: false });
    expect(parse({}).problems).toEqual([]);
  });

  it('names the issuer that a secret is for: else the server would decide who sees it', () => {
    for (const secret of [{ clientSecret: 's' }, { privateKey: 'k' }]) expect(said({ clientId: 'ours', ...secret })).toEqual([expect.stringContaining('a secret is shown to nobody but the issuer that it is for')]);
    expect(said({ clientId: 'ours', clientSecret: 's', issuer: 'https://accounts.example' })).toEqual([]);
  });

  it.each([
    [{ grant: 'client_credentials', clientId: 'ours' }, 'oauth.clientSecret'], [{ clientSecret: 's', issuer: 'i' }, 'oauth.clientId'], [{ clientId: 'a', clientSecret: 's', privateKey: 'k', issuer: 'i' }, 'oauth.privateKey'],
    [{ clientMetadataUrl: 'http://example.com/a' }, 'oauth.clientMetadataUrl'], [{ redirectPort: 80 }, 'oauth.redirectPort'], [{ scopes: ['two words'] }, 'oauth.scopes.0'], [{ grant: 'password' }, 'oauth.grant'], [{ algorithm: 'none' }, 'oauth.algorithm'],
    [{ grant: 'jwt-bearer', issuer: 'i' }, 'oauth.assertion'], [{ assertion: 'a' }, 'oauth.issuer'], [{ assertionFile: 'f', assertion: 'a', issuer: 'i' }, 'oauth.assertionFile'], [{ grant: 'client_credentials', clientId: 'a', clientSecret: 's', assertion: 'a', issuer: 'i' }, 'oauth.grant'],
    [{ issuer: 'i', identityProvider: { issuer: 'j', clientId: 'b', idToken: 't' } }, 'oauth.clientId'], [{ clientId: 'a', issuer: 'i', identityProvider: { issuer: 'j', clientId: 'b' } }, 'oauth.identityProvider.idToken'],
    [{ clientId: 'a', issuer: 'i', identityProvider: { issuer: 'j', clientId: 'b', idToken: 't', idTokenFile: 'f' } }, 'oauth.identityProvider.idToken'], [{ clientId: 'a', issuer: 'i', identityProvider: { clientId: 'b', idToken: 't' } }, 'oauth.identityProvider.issuer'],
    [{ clientId: 'a', identityProvider: { issuer: 'j', clientId: 'b', idToken: 't' } }, 'oauth.issuer'],
  ])('is wrong as %j, and the field is named: %s', (oauth, field) => {
    expect(said(oauth).join('\n')).toContain(`"${field}"`);
  });

  it('holds variables that are filled in when the server is reached, and its secrets are hidden from then on', async () => {
    const { server } = parse({ clientId: '${env:CLIENT}', clientSecret: '${input:secret}', issuer: 'https://accounts.example' }, [{ id: 'secret', type: 'promptString', password: true }]);
    expect(server?.inputs.map(({ id }) => id)).toEqual(['secret']);
    const resolved = await resolveServer(server!, { workspace: '/w', home: '/h', env: (name) => (name === 'CLIENT' ? 'ours' : undefined), input: () => Promise.resolve('typed-secret') });
    expect(resolved.transport).toMatchObject({ oauth: { clientId: 'ours', clientSecret: 'typed-secret' } });
    expect(resolved.secrets).toContain('typed-secret');
  });

  it('says by a statement alone which grant it is for, and takes its variables in every place, files from the workspace', async () => {
    const sources = { workspace: '/w', home: '/h', env: (name: string) => `env-${name}`, input: () => Promise.resolve('typed-secret'), secret: () => Promise.resolve('stored-secret') };
    const { server: workload } = parse({ assertionFile: '${env:DIR}/token', issuer: 'https://accounts.example' });
    expect((await resolveServer(workload!, sources)).transport).toMatchObject({ oauth: { grant: 'jwt-bearer', assertionFile: '/w/env-DIR/token' } });
    const { server } = parse({ clientId: 'ours', issuer: 'https://accounts.example', identityProvider: { issuer: 'https://${env:COMPANY}.example', clientId: 'ours', clientSecret: '${input:secret}', idToken: '${secret:id-token}', more: 'x' } }, [{ id: 'secret', type: 'promptString', password: true }]);
    expect(server?.inputs.map(({ id }) => id)).toEqual(['secret']);
    const resolved = await resolveServer(server!, sources);
    expect(resolved.transport).toMatchObject({ oauth: { grant: 'jwt-bearer', identityProvider: { issuer: 'https://env-COMPANY.example', clientId: 'ours', clientSecret: 'typed-secret', idToken: 'stored-secret' } } });
    expect(resolved.secrets).toEqual(expect.arrayContaining(['typed-secret', 'stored-secret']));
    const { server: open } = parse({ assertionFile: '${secret:id-token}', issuer: 'https://accounts.example' });
    await expect(resolveServer(open!, sources)).rejects.toMatchObject({ code: 'invalid-config', message: expect.stringContaining('"oauth.assertionFile"') as string });
  });
});
