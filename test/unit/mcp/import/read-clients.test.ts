import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mcpClients } from '../../../../src/mcp/import/clients.ts';
import { readClients } from '../../../../src/mcp/import/read-clients.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'clients-'));
});
afterEach(() => rm(home, { recursive: true }));

async function write(path: string, content: unknown): Promise<void> {
  const file = join(home, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
}
const read = (only?: string) => readClients({ platform: 'linux', home, workspace: join(home, 'shop'), env: {} }, only);
const memory = { command: 'npx', args: ['-y', '@modelcontextprotocol/server-memory'] };

describe('servers of other programs', () => {
  it.each([
    ['claude-desktop', '.config/Claude/claude_desktop_config.json', { mcpServers: { memory } }],
    ['claude-code', '.claude.json', { history: [], mcpServers: { memory } }],
    ['cursor', '.cursor/mcp.json', { mcpServers: { memory } }],
    ['cursor', 'shop/.cursor/mcp.json', { mcpServers: { memory } }],
    ['windsurf', '.codeium/windsurf/mcp_config.json', { mcpServers: { memory } }],
    ['cline', '.config/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json', { mcpServers: { memory } }],
    ['cline', '.cline/data/settings/cline_mcp_settings.json', { mcpServers: { memory } }],
    ['roo', '.config/VSCodium/User/globalStorage/rooveterinaryinc.roo-cline/settings/mcp_settings.json', { mcpServers: { memory } }],
    ['kilo', 'shop/.kilocode/mcp.json', { mcpServers: { memory } }],
    ['continue', '.continue/config.yaml', 'name: mine\nmcpServers:\n  - name: memory\n    command: npx\n    args: ["-y", "@modelcontextprotocol/server-memory"]\n'],
    ['continue', '.continue/config.json', { experimental: { modelContextProtocolServers: [{ name: 'memory', transport: { type: 'stdio', ...memory } }] } }],
    ['gemini', '.gemini/settings.json', '// mine\n{ "mcpServers": { "memory": { "command": "npx", "args": ["-y", "@modelcontextprotocol/server-memory"], }, } }'],
    ['copilot', '.copilot/mcp-config.json', { mcpServers: { memory: { type: 'local', ...memory } } }],
  ])('of %s are found in %s', async (client, path, content) => {
    await write(path, content);
    const { servers, problems } = await read();
    expect(problems).toEqual([]);
    expect(servers).toMatchObject([{ client: { id: client }, file: join(home, path), name: 'memory', entry: { type: 'stdio', ...memory }, command: 'npx -y @modelcontextprotocol/server-memory', secrets: [], notes: [] }]);
  });

  it('of one project of Claude Code are only those of the open workspace', async () => {
    await write('.claude.json', { projects: { [join(home, 'shop')]: { mcpServers: { memory } }, [join(home, 'other')]: { mcpServers: { other: memory } } } });
    expect((await read()).servers.map(({ name }) => name)).toEqual(['memory']);
  });

  it('are looked for where each platform keeps them', () => {
    const files = (platform: NodeJS.Platform, env = {}) => mcpClients({ platform, home: platform === 'win32' ? 'C:\\Users\\ada' : '/Users/ada', env }).flatMap((client) => client.files.map(({ path }) => path));
    expect(files('darwin')).toContain('/Users/ada/Library/Application Support/Claude/claude_desktop_config.json');
    expect(files('win32', { APPDATA: 'D:\\Roaming' })).toContain('D:\\Roaming\\Claude\\claude_desktop_config.json');
    expect(files('win32')).toContain('C:\\Users\\ada\\.cursor\\mcp.json');
    expect(files('linux', { CLINE_MCP_SETTINGS_PATH: '/etc/cline.json' })).toContain('/etc/cline.json');
  });

  it('without a workspace leave the files of a folder alone', async () => {
    await write('shop/.cursor/mcp.json', { mcpServers: { memory } });
    expect(await readClients({ platform: 'linux', home, env: {} })).toEqual({ servers: [], problems: [] });
  });

  it('are read and their files left as they were', async () => {
    await write('.cursor/mcp.json', { mcpServers: { memory: { ...memory, env: { API_KEY: 'plum-4711' } } } });
    const before = await readFile(join(home, '.cursor/mcp.json'), 'utf8');
    await read();
    expect(await readFile(join(home, '.cursor/mcp.json'), 'utf8')).toBe(before);
    expect(await readdir(join(home, '.cursor'))).toEqual(['mcp.json']);
  });

  it('that are broken cost nothing but themselves', async () => {
    await write('.cursor/mcp.json', { mcpServers: { memory, nothing: {}, list: { command: 'x', args: 'all' }, ftp: { url: 'ftp://example.com' } } });
    await write('.gemini/settings.json', '{ "mcpServers": ');
    const { servers, problems } = await read();
    expect(servers.map(({ name }) => name)).toEqual(['memory']);
    expect(problems).toHaveLength(4);
    expect(problems.join('\n')).toMatch(/"nothing" in .*neither a command nor an address[\s\S]*"list" in .*args[\s\S]*"ftp" in .*must begin with http[\s\S]*settings\.json \(Gemini CLI\) could not be read: .*not valid JSON/);
  });
});

describe('what an address means', () => {
  it.each([
    ['cursor', '.cursor/mcp.json', { url: 'https://example.com/mcp' }, 'http'],
    ['cline', '.cline/data/settings/cline_mcp_settings.json', { url: 'https://example.com/mcp' }, 'sse'],
    ['cline', '.cline/data/settings/cline_mcp_settings.json', { url: 'https://example.com/mcp', type: 'streamableHttp' }, 'http'],
    ['cline', '.cline/data/settings/cline_mcp_settings.json', { url: 'https://example.com/mcp', transportType: 'sse' }, 'sse'],
    ['roo', '.config/Code/User/globalStorage/rooveterinaryinc.roo-cline/settings/mcp_settings.json', { url: 'https://example.com/mcp', type: 'streamable-http' }, 'http'],
    ['windsurf', '.codeium/windsurf/mcp_config.json', { serverUrl: 'https://example.com/mcp' }, 'http'],
    ['gemini', '.gemini/settings.json', { url: 'https://example.com/mcp' }, 'sse'],
    ['gemini', '.gemini/settings.json', { httpUrl: 'https://example.com/mcp' }, 'http'],
  ])('to %s in %s', async (_client, path, entry, type) => {
    await write(path, { mcpServers: { remote: entry } });
    expect((await read()).servers[0]?.entry).toEqual({ type, url: 'https://example.com/mcp' });
  });
});

describe('what is not taken over as it stands', () => {
  const entryOf = async (entry: object) => {
    await write('.cursor/mcp.json', { mcpServers: { gh: entry } });
    const [server] = (await read()).servers;
    if (!server) throw new Error('nothing was found');
    return server;
  };

  it('trust in tools is said to be left behind', async () => {
    const { entry, notes } = await entryOf({ ...memory, autoApprove: ['delete_everything'], alwaysAllow: [], trust: true, disabled: true, timeout: 60 });
    expect(JSON.stringify(entry)).not.toContain('delete_everything');
    expect(entry).toEqual({ type: 'stdio', ...memory, disabled: true });
    expect(notes).toHaveLength(3);
    expect(notes.join(' ')).toMatch(/"autoApprove".*"trust".*time limit/);
  });

  it.each([
    ['a variable that is named as a key', { ...memory, env: { GITHUB_TOKEN: 'plum-4711' } }, { env: { GITHUB_TOKEN: '${input:gh-github-token}' } }, ['plum-4711']],
    ['a variable that looks like a key', { ...memory, env: { WHATEVER: `ghp_${'a1B2'.repeat(9)}` } }, { env: { WHATEVER: '${input:gh-whatever}' } }, [`ghp_${'a1B2'.repeat(9)}`]],
    ['a header', { url: 'https://e.com', headers: { Authorization: 'Bearer plum-4711' } }, { headers: { Authorization: 'Bearer ${input:gh-authorization}' } }, ['plum-4711']],
    ['an option with its value', { command: 'x', args: ['--api-key', 'plum-4711', '--port', '80'] }, { args: ['--api-key', '${input:gh-api-key}', '--port', '80'] }, ['plum-4711']],
    ['an option and its value in one word', { command: 'x', args: ['--token=plum-4711'] }, { args: ['--token=${input:gh-token}'] }, ['plum-4711']],
    ['a key in an address', { url: 'https://e.com/mcp?api_key=plum-4711&page=2' }, { url: 'https://e.com/mcp?api_key=${input:gh-api-key}&page=2' }, ['plum-4711']],
    ['one key in two places', { ...memory, env: { API_KEY: 'plum-4711', SECOND_KEY: 'plum-4711' } }, { env: { API_KEY: '${input:gh-api-key}', SECOND_KEY: '${input:gh-api-key}' } }, ['plum-4711']],
  ])('%s becomes an input', async (_case, raw, expected, values) => {
    const { entry, secrets, inputs, command } = await entryOf(raw);
    expect(entry).toMatchObject(expected);
    expect(secrets.map(({ value }) => value)).toEqual(values);
    expect(inputs.every(({ password }) => password)).toBe(true);
    for (const value of values) expect(JSON.stringify(entry) + command).not.toContain(value);
  });

  it.each([
    ['plain settings', { ...memory, env: { NODE_ENV: 'production', LOG_LEVEL: 'debug', PORT: 8080 } }, { env: { NODE_ENV: 'production', LOG_LEVEL: 'debug', PORT: '8080' } }],
    ['variables', { ...memory, env: { API_KEY: '${env:API_KEY}', TOKEN: '${TOKEN:-none}', OTHER_TOKEN: '$OTHER_TOKEN' } }, { env: { API_KEY: '${env:API_KEY}', TOKEN: '${TOKEN:-none}', OTHER_TOKEN: '${env:OTHER_TOKEN}' } }],
    ['options without a value', { command: 'x', args: ['--token', '--verbose'] }, { args: ['--token', '--verbose'] }],
  ])('%s stay as they are', async (_case, raw, expected) => {
    const { entry, secrets } = await entryOf(raw);
    expect(entry).toMatchObject(expected);
    expect(secrets).toEqual([]);
  });
});
