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
});
