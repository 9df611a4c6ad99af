import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadMcpServers, mergeConfigurations, readPortableMcpFile, readServerSettings, readVsCodeMcpFile } from '../../../src/mcp/mcp-config-files.ts';
import { commandLine, type McpConfiguration } from '../../../src/mcp/mcp-config.ts';

const errors = ({ problems }: McpConfiguration) => problems.map(({ severity, server, error }) => ({ severity, server, message: error.message, line: error.location?.line, field: error.data?.['field'] }));

describe('.vscode/mcp.json', () => {
  it('may hold comments and trailing commas, and gives servers with their lines', () => {
    const { servers, problems } = readVsCodeMcpFile(`{
  // what we use
  "inputs": [{ "type": "promptString", "id": "token", "description": "Token", "password": true, },],
  "servers": {
    "files": { "command": "npx", "args": ["-y", "@scope/server", "\${workspaceFolder}"], "env": { "PORT": 80, "LANG": null, "KEY": "\${input:token}" }, "envFile": "\${workspaceFolder}/.env", },
    "remote": { "type": "http", "url": "https://mcp.example/mcp", "headers": { "Authorization": "Bearer \${input:token}" } },
    "old": { "type": "sse", "url": "https://old.example/sse", "disabled": true },
  },
}`);
    expect(problems).toEqual([]);
    expect(servers).toMatchObject([
      { name: 'files', enabled: true, provenance: { file: '.vscode/mcp.json', line: 5 }, transport: { type: 'stdio', command: 'npx', args: ['-y', '@scope/server', '${workspaceFolder}'], env: { PORT: '80', LANG: null, KEY: '${input:token}' } } },
      { name: 'remote', provenance: { line: 6 }, transport: { type: 'http', url: 'https://mcp.example/mcp' }, inputs: [{ id: 'token', password: true }] },
      { name: 'old', enabled: false, transport: { type: 'sse' } },
    ]);
    expect(servers.map(commandLine)).toEqual(['npx -y @scope/server ${workspaceFolder}', 'https://mcp.example/mcp', 'https://old.example/sse']);
  });

  it('keeps its good entries when one is bad, and names the line and field of the bad one', () => {
    const configuration = readVsCodeMcpFile(`{
  "servers": {
    "good": { "command": "a" },
    "bad": {
      "command": "b",
      "args": ["x", 7]
    },
    "empty": {},
    "web": { "type": "http" },
    "text": "npx server",
    "ftp": { "url": "ftp://example.com" },
    "last": { "command": "c" }
  }
}`);
    expect(configuration.servers.map(({ name }) => name)).toEqual(['good', 'last']);
    expect(errors(configuration)).toEqual([
      { severity: 'error', server: 'bad', line: 6, field: 'args.1', message: 'The MCP server "bad" in .vscode/mcp.json: "args.1" is wrong: must be text, not a number.' },
      { severity: 'error', server: 'empty', line: 8, field: 'command', message: 'The MCP server "empty" in .vscode/mcp.json: it has neither "command" nor "url".' },
      { severity: 'error', server: 'web', line: 9, field: 'command', message: 'The MCP server "web" in .vscode/mcp.json: it has neither "command" nor "url".' },
      { severity: 'error', server: 'text', line: 10, field: '', message: 'The MCP server "text" in .vscode/mcp.json: it must be an object.' },
      { severity: 'error', server: 'ftp', line: 11, field: 'url', message: 'The MCP server "ftp" in .vscode/mcp.json: "url" is wrong: must begin with http:// or https://.' },
    ]);
  });

  it('warns of fields that only a server of the other kind has, where something is in them', () => {
    const { servers, problems } = readVsCodeMcpFile('{ "servers": { "both": { "command": "x", "url": "https://a.example", "headers": {} }, "far": { "url": "https://a.example", "env": { "A": "1" }, "args": [] } } }');
    expect(servers.map(({ name, transport: { type } }) => [name, type])).toEqual([['both', 'stdio'], ['far', 'http']]);
    expect(problems.map(({ severity, error: { data } }) => [severity, data?.['server'], data?.['field']])).toEqual([['warning', 'both', 'url'], ['warning', 'far', 'env']]);
  });

  it('says what is wrong with an entry without naming it again, for rows that bear its name', () => {
    const { problems } = readVsCodeMcpFile('{ "servers": { "web": { "type": "http" } } }');
    expect(problems.map(({ error }) => error.data?.['what'])).toEqual(['it has neither "command" nor "url"']);
  });

  it.each(['unix:///run/server.sock', 'pipe:///pipe/server'])('with the socket %s says that it is none of ours and what to do', (url) => {
    const { servers, problems } = readVsCodeMcpFile(JSON.stringify({ servers: { local: { type: 'http', url } } }));
    expect(servers).toEqual([]);
    expect(problems[0]?.error.message).toBe('The MCP server "local" in .vscode/mcp.json: "url" is a socket, and servers are reached over http and https only.');
    expect(problems[0]?.error.hint).toMatch(/http:\/\/127\.0\.0\.1.*socat/);
  });

  it('with a mistake in its JSON says where, and still gives what stands before it', () => {
    const { servers, problems } = readVsCodeMcpFile('{\n  "servers": {\n    "good": { "command": "a" },\n    "half": { "comm\n');
    expect(servers.map(({ name }) => name)).toEqual(['good']);
    expect(problems[0]).toMatchObject({ severity: 'error', error: { code: 'invalid-config', location: { file: '.vscode/mcp.json', line: 4 } } });
  });

  it('with the key that another file has says which one is read here', () => {
    expect(errors(readVsCodeMcpFile('{\n  "mcpServers": { "a": { "command": "x" } }\n}'))).toMatchObject([{ message: '"mcpServers" is not read in .vscode/mcp.json: there the servers stand in "servers".', line: 2 }]);
    expect(errors(readPortableMcpFile('{ "servers": {} }'))).toMatchObject([{ message: '"servers" is not read in .mcp.json: there the servers stand in "mcpServers".', line: 1 }]);
    expect(readPortableMcpFile('{ "mcpServers": {}, "servers": {} }').problems).toEqual([]);
  });

  it('that is empty or of another kind gives no servers and no crash', () => {
    expect(readVsCodeMcpFile('').servers).toEqual([]);
    expect(readVsCodeMcpFile('[]')).toEqual({ servers: [], problems: [] });
    expect(errors(readVsCodeMcpFile('{ "servers": [] }'))).toMatchObject([{ message: '"servers" in .vscode/mcp.json must be an object of servers by name.' }]);
  });

  it('that refers to an input it does not declare is reported', () => {
    const configuration = readVsCodeMcpFile('{ "servers": { "a": { "command": "x", "args": ["${input:key}"] } } }');
    expect(configuration.servers).toEqual([]);
    expect(errors(configuration)).toMatchObject([{ server: 'a', message: expect.stringContaining('needs the input "key"') as string }]);
  });

  it('does not hand on trust: it warns', () => {
    const configuration = readVsCodeMcpFile('{ "servers": { "a": { "command": "x", "autoApprove": ["*"] } } }');
    expect(configuration.servers).toHaveLength(1);
    expect(configuration.servers[0]).not.toHaveProperty('autoApprove');
    expect(errors(configuration)).toMatchObject([{ severity: 'warning', field: 'autoApprove', message: expect.stringContaining('grants of each run') as string }]);
  });

  it('takes a sandbox of the server, or the one that stands for all of the file, where it is switched on', () => {
    const { servers, problems } = readVsCodeMcpFile(`{
      "sandbox": { "network": { "allowedDomains": ["example.com"] } },
      "servers": {
        "own": { "command": "x", "sandboxEnabled": true, "sandbox": { "filesystem": { "allowWrite": ["/tmp/x"] } } }, "shared": { "command": "x", "sandboxEnabled": true },
        "off": { "command": "x", "sandbox": {} }, "remote": { "url": "https://example.com", "sandboxEnabled": true }, "wrong": { "command": "x", "sandboxEnabled": true, "sandbox": { "network": { "allowedDomains": "all" } } }
      } }`);
    expect(Object.fromEntries(servers.map(({ name, transport }) => [name, transport.type === 'stdio' ? transport.sandbox : 'remote']))).toEqual({
      own: { filesystem: { allowWrite: ['/tmp/x'] } }, shared: { network: { allowedDomains: ['example.com'] } }, off: undefined, remote: 'remote',
    });
    expect(problems.map(({ severity, server, error }) => [severity, server, error.data?.['field']])).toEqual([['warning', 'remote', 'sandboxEnabled'], ['error', 'wrong', 'sandbox.network.allowedDomains']]);
  });

  it('takes limits of time and whether a server is started again', () => {
    const { servers, problems } = readVsCodeMcpFile('{ "servers": { "a": { "command": "x", "firstByteTimeoutMs": 1, "timeoutMs": 2, "totalTimeoutMs": 3, "connectTimeoutMs": 4, "restart": false }, "b": { "command": "x", "restart": true } } }');
    expect(servers).toMatchObject([{ firstByteTimeoutMs: 1, timeoutMs: 2, totalTimeoutMs: 3, connectTimeoutMs: 4, restart: false }, { name: 'b' }]);
    expect(servers[1]).not.toHaveProperty('restart');
    expect(problems).toEqual([]);
  });
});

describe('names of servers', () => {
  const named = (...names: string[]) => readServerSettings(Object.fromEntries(names.map((name) => [name, { command: 'x' }])));

  it('are made usable in code where a gallery or a person wrote something else', () => {
    expect(named('io.github.upstash/context7', 'My Server', 'ok_name').servers.map(({ name, title }) => [name, title])).toEqual([['context7', 'io.github.upstash/context7'], ['My-Server', 'My Server'], ['ok_name', 'ok_name']]);
  });

  it('that JavaScript looks up by itself, or with nothing usable in them, are refused', () => {
    const configuration = named('then', '???', '123');
    expect(configuration.servers).toEqual([]);
    expect(errors(configuration).map(({ server }) => server)).toEqual(['123', 'then', '???']);
    expect(configuration.problems.find(({ server }) => server === 'then')?.error).toMatchObject({ message: expect.stringContaining('JavaScript looks up "then" by itself') as string });
  });

  it('that meet after that are reported, and the first is kept', () => {
    const configuration = named('a/b', 'c/b');
    expect(configuration.servers.map(({ title }) => title)).toEqual(['a/b']);
    expect(errors(configuration)).toMatchObject([{ severity: 'error', server: 'c/b', message: expect.stringContaining('has the name b already') as string }]);
  });
});

describe('several sources', () => {
  it('are merged, the setting first, and a server that is hidden by another is reported', () => {
    const merged = mergeConfigurations(
      readServerSettings({ a: { command: 'from-settings' } }),
      readVsCodeMcpFile('{ "servers": { "a": { "command": "from-vscode" }, "b": { "command": "b" } } }'),
      readPortableMcpFile('{ "mcpServers": { "c": { "command": "c", "timeoutMs": 5 } } }'),
    );
    expect(merged.servers.map(({ name, provenance, timeoutMs }) => [name, provenance.file, timeoutMs])).toEqual([
      ['a', 'infrastructureAssassin.mcp.servers', 60_000], ['b', '.vscode/mcp.json', 60_000], ['c', '.mcp.json', 5],
    ]);
    expect(errors(merged)).toMatchObject([{ severity: 'warning', server: 'a', line: 1, message: expect.stringContaining('is not used') as string }]);
  });

  it('are read from the workspace; what is not there is no problem, what cannot be read is one', async () => {
    const workspace = mkdtempSync(join(tmpdir(), 'test-mcp-config-'));
    try {
      expect(await loadMcpServers({ workspace })).toEqual({ servers: [], problems: [] });
      mkdirSync(join(workspace, '.vscode'));
      writeFileSync(join(workspace, '.vscode/mcp.json'), '{ "servers": { "a": { "command": "x" } } }');
      mkdirSync(join(workspace, '.mcp.json'));
      const { servers, problems } = await loadMcpServers({ workspace, settings: { b: { command: 'y' } } });
      expect(servers.map(({ name }) => name)).toEqual(['b', 'a']);
      expect(problems).toMatchObject([{ severity: 'error', error: { message: expect.stringContaining('.mcp.json could not be read') as string } }]);
    } finally {
      rmSync(workspace, { recursive: true, force: true });
    }
  });

  it('of the wrong kind in the settings are reported', () => {
    expect(errors(readServerSettings('npx'))).toMatchObject([{ message: expect.stringContaining('must be an object') as string }]);
    expect(readServerSettings(undefined)).toEqual({ servers: [], problems: [] });
  });
});
