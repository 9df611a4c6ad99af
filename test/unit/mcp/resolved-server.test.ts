import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cleanEnvironment } from '../../../src/mcp/clean-environment.ts';
import type { McpTransportConfig } from '../../../src/mcp/mcp-config.ts';
import { resolveServer } from '../../../src/mcp/resolved-server.ts';
import { expandVariables, type VariableSources } from '../../../src/mcp/variables.ts';
import { serverConfig } from '../../helpers/mcp.ts';

const workspace = mkdtempSync(join(tmpdir(), 'test-mcp-resolve-'));
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

const env: Record<string, string> = { PATH: '/bin', HOME: '/home/me', GITHUB_TOKEN: 'ghp_of_the_host', X: 'x-value', LANG: '() { :; }; echo hacked' };
const sources: VariableSources = { workspace, home: '/home/me', env: (name) => env[name], input: (id) => Promise.resolve(id === 'key' ? 'key-of-mine' : undefined) };
const stdio = (rest: Partial<Extract<McpTransportConfig, { type: 'stdio' }>>) => serverConfig('s', { type: 'stdio', command: 'run', args: [], env: {}, ...rest }, { inputs: [{ id: 'key', type: 'promptString', password: true }] });

describe('variables', () => {
  it.each([
    ['plain', 'plain'],
    ['${workspaceFolder}/a', `${workspace}/a`],
    ['${userHome}:${env:X}:${X}', '/home/me:x-value:x-value'],
    ['${MISSING:-fall back}', 'fall back'],
    ['${input:key}!', 'key-of-mine!'],
    ['$notone $ {x} $5', '$notone $ {x} $5'],
  ])('in %s give %s', async (text, expected) => {
    expect(await expandVariables(text, sources)).toBe(expected);
  });

  it.each([
    ['${env:MISSING}', 'environment variable MISSING is not set'],
    ['${input:other}', 'input "other" has no value'],
    ['${command:run.it}', 'not a variable'],
  ])('that have no value are an error: %s', async (text, message) => {
    await expect(expandVariables(text, sources)).rejects.toMatchObject({ code: 'invalid-config', message: expect.stringContaining(message) as string });
  });

  it('that look like one of ours are told with it', async () => {
    await expect(expandVariables('${workspaceFoldr}/a', sources)).rejects.toMatchObject({ hint: 'Did you mean ${workspaceFolder}?' });
    await expect(expandVariables('${env:MISSING}', sources)).rejects.toMatchObject({ hint: expect.stringContaining('Set MISSING') as string });
  });

  it('inside a value that was filled in are not filled in again', async () => {
    expect(await expandVariables('${env:A}', { ...sources, env: () => '${env:GITHUB_TOKEN}' })).toBe('${env:GITHUB_TOKEN}');
  });
});

describe('a server about to start', () => {
  it('sees the clean environment, then its file, then its own values, and nothing that was unset', async () => {
    writeFileSync(join(workspace, 'server.env'), 'FROM_FILE=1\nBOTH=file\n# a comment\nAPI_TOKEN="file-token"\n');
    const { transport, secrets } = await resolveServer(stdio({ env: { BOTH: 'own', HOME: null, MY_KEY: '${input:key}' }, envFile: '${workspaceFolder}/server.env' }), sources);
    expect(transport).toMatchObject({ type: 'stdio', cwd: workspace, env: { PATH: '/bin', FROM_FILE: '1', BOTH: 'own', API_TOKEN: 'file-token', MY_KEY: 'key-of-mine' } });
    expect(transport).not.toHaveProperty('env.HOME');
    expect(transport).not.toHaveProperty('env.GITHUB_TOKEN');
    expect(new Set(secrets)).toEqual(new Set(['key-of-mine', 'file-token']));
  });

  it('finds a program with a folder in its name from the working directory', async () => {
    expect((await resolveServer(stdio({ command: './bin/server', cwd: 'sub' }), sources)).transport).toMatchObject({ command: join(workspace, 'sub/bin/server'), cwd: join(workspace, 'sub') });
    expect((await resolveServer(stdio({ command: 'npx' }), sources)).transport).toMatchObject({ command: 'npx' });
  });

  it.each([
    [stdio({ args: ['a', '${env:MISSING}'] }), '"args.1" in .vscode/mcp.json: The environment variable MISSING is not set.'],
    [stdio({ env: { A: '${input:none}' } }), '"env.A" in .vscode/mcp.json: The input "none" has no value.'],
    [stdio({ envFile: 'gone.env' }), '"envFile" in .vscode/mcp.json'],
    [serverConfig('s', { type: 'http', url: '${X}', headers: {} }), '"url" in .vscode/mcp.json: it is not an http or https URL'],
    [serverConfig('s', { type: 'http', url: 'https://a.example', headers: { K: '${env:MISSING}' } }), '"headers.K" in .vscode/mcp.json'],
  ])('with something unresolved is not started: the field and its line are named', async (config, message) => {
    await expect(resolveServer(config, sources)).rejects.toMatchObject({ code: 'invalid-config', message: expect.stringContaining(message) as string, location: { file: '.vscode/mcp.json', line: 3, column: 1 } });
  });

  it('over HTTP: the values of its headers that sign in are secrets, without the word before them; others are not', async () => {
    const { transport, secrets } = await resolveServer(serverConfig('s', { type: 'http', url: 'https://a.example/mcp', headers: { Authorization: 'Bearer ${env:GITHUB_TOKEN}', 'X-Api-Key': 'literal-key', Accept: 'application/json' } }), sources);
    expect(transport).toMatchObject({ url: new URL('https://a.example/mcp'), headers: { Authorization: 'Bearer ghp_of_the_host' } });
    expect(secrets).toEqual(['ghp_of_the_host', 'literal-key']);
  });
});

describe('the clean environment', () => {
  it('holds no token, no proxy password and no shell function', () => {
    const all: Record<string, string> = { ...env, HTTPS_PROXY: 'http://user:pass@proxy', NPM_TOKEN: 't', AWS_SECRET_ACCESS_KEY: 'k', NODE_OPTIONS: '--require evil' };
    expect(cleanEnvironment((name) => all[name])).toEqual({ PATH: '/bin', HOME: '/home/me' });
  });
});
