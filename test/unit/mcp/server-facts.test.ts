import { chmodSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { McpOAuthConfig } from '../../../src/mcp/oauth/oauth-config.ts';
import type { McpTransportConfig } from '../../../src/mcp/mcp-config.ts';
import { resolvedFacts } from '../../../src/mcp/server-facts.ts';
import { serverIdentity } from '../../../src/policy/mcp-identity.ts';
import { testWorkspace } from '../../helpers/workspace.ts';

type Stdio = Extract<McpTransportConfig, { readonly type: 'stdio' }>;

const program = (path: string) => {
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, 0o755);
};

/** Two folders with a program of one name, and a folder that is the PATH. */
function place() {
  const folder = testWorkspace();
  const root = realpathSync(folder.path);
  for (const name of ['one', 'two', 'work']) mkdirSync(join(root, name));
  for (const name of ['one', 'two']) program(join(root, name, 'server'));
  const env: Record<string, string | undefined> = { PATH: join(root, 'one'), KEY: 'k1' };
  const identity = (part: Partial<Stdio> = {}) => serverIdentity(resolvedFacts({ transport: { type: 'stdio', command: 'server', args: [], env: {}, ...part } }, { workspace: join(root, 'work'), home: root, env: (name) => env[name] }));
  const command = (part: Partial<Stdio> = {}) => {
    const facts = resolvedFacts({ transport: { type: 'stdio', command: 'server', args: [], env: {}, ...part } }, { workspace: join(root, 'work'), home: root, env: (name) => env[name] });
    return facts.type === 'stdio' ? facts.command : '';
  };
  return { root, env, identity, command, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

describe.skipIf(process.platform === 'win32')('what a server is when it is started', () => {
  it('is the file that its command leads to, along the PATH and along links', () => {
    using at = place();
    expect(at.command()).toBe(join(at.root, 'one/server'));
    expect(at.command({ command: '../two/server' })).toBe(join(at.root, 'two/server'));
    expect(at.command({ command: '${userHome}/two/server' })).toBe(join(at.root, 'two/server'));
    expect(at.command({ env: { PATH: '${userHome}/two' } })).toBe(join(at.root, 'two/server'));
    expect(at.command({ command: 'not-there' })).toBe('not-there');
    symlinkSync(join(at.root, 'two/server'), join(at.root, 'one/linked'));
    expect(at.command({ command: 'linked' })).toBe(join(at.root, 'two/server'));
  });

  it('is another one with another PATH, another link, another value in its command line and another folder', () => {
    using at = place();
    const part = { args: ['--key', '${env:KEY}'], cwd: '${workspaceFolder}' };
    const before = at.identity(part);
    expect(at.identity(part)).toBe(before);
    at.env['PATH'] = `${join(at.root, 'two')}:${join(at.root, 'one')}`;
    expect(at.identity(part)).not.toBe(before);
    at.env['PATH'] = join(at.root, 'one');
    at.env['KEY'] = 'k2';
    expect(at.identity(part)).not.toBe(before);
    at.env['KEY'] = 'k1';
    rmSync(join(at.root, 'one/server'));
    symlinkSync(join(at.root, 'two/server'), join(at.root, 'one/server'));
    expect(at.identity(part)).not.toBe(before);
    expect(at.identity({ ...part, cwd: '${userHome}' })).not.toBe(at.identity(part));
  });

  it('stays the same whatever inputs, secrets and variables of its environment hold', () => {
    using at = place();
    const part = { args: ['${input:token}', '${env:UNSET}'], env: { TOKEN: '${secret:github}', OTHER: '${env:KEY}' } };
    const before = at.identity(part);
    at.env['KEY'] = 'k2';
    expect(at.identity(part)).toBe(before);
    expect(at.identity({ ...part, env: { ...part.env, MORE: 'x' } })).not.toBe(before);
  });

  it('is the address with its variables filled in for one that is reached', () => {
    const at = (host: string) => resolvedFacts({ transport: { type: 'http', url: 'https://${env:HOST}/mcp', headers: { Authorization: '${secret:a}' } } }, { workspace: '/w', home: '/h', env: () => host });
    expect(at('a.example')).toEqual({ type: 'http', url: 'https://a.example/mcp', headerNames: ['Authorization'] });
    expect(serverIdentity(at('a.example'))).not.toBe(serverIdentity(at('b.example')));
  });

  it('is another one where a signed token of this machine goes to somebody else, or another one does', () => {
    const at = (oauth: McpOAuthConfig) => serverIdentity(resolvedFacts({ transport: { type: 'http', url: 'https://a.example/mcp', headers: {}, oauth } }, { workspace: '/w', home: '/h', env: () => undefined }));
    const company = { issuer: 'https://work.example', clientId: 'a', idTokenFile: '/id' };
    const all = [
      {}, { issuer: 'https://b.example', assertionFile: '/token' }, { issuer: 'https://c.example', assertionFile: '/token' }, { issuer: 'https://b.example', assertionFile: '/other' }, { issuer: 'https://b.example', assertion: '${secret:a}' },
      { issuer: 'https://b.example', identityProvider: company }, { issuer: 'https://b.example', identityProvider: { ...company, issuer: 'https://other.example' } },
    ].map(at);
    expect(new Set(all).size).toBe(all.length);
    expect(at({ issuer: 'https://b.example', assertion: '${secret:b}' })).toBe(all[4]);
  });
});
