import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entry, testRegistry, type TestRegistry } from '../../helpers/mcp-registry.ts';
import { fixture } from '../../helpers/mcp.ts';
import { zip } from '../../helpers/zip.ts';
import { CommandLine } from './command-line.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await testRegistry([
    entry('com.example/weather', { title: 'Weather', description: 'Forecasts for any city', repository: { url: 'https://example.com/weather' }, packages: [{ registryType: 'npm', identifier: 'weather-mcp', version: '1.2.3', transport: { type: 'stdio' }, environmentVariables: [{ name: 'KEY', isRequired: true, isSecret: true }] }], remotes: [{ type: 'streamable-http', url: 'http://weather.example/mcp' }] }),
    entry('com.example/mail', { description: 'Sends letters', status: 'deprecated', packages: [{ registryType: 'npm', identifier: '--registry=evil', version: '1.0.0' }] }),
  ]);
});
afterAll(() => registry[Symbol.asyncDispose]());

function withRegistry(): CommandLine {
  const cli = new CommandLine({ '.assassin/keep': '' });
  cli.write('../data/settings.json', JSON.stringify({ 'infrastructureAssassin.mcp.registries': { official: '', local: registry.url } }));
  return cli;
}

describe('the catalogue on the command line', () => {
  it('is fetched, looked through, shown, and a server of it is added only with a yes', async () => {
    using cli = withRegistry();
    expect((await cli.run(['mcp', 'catalog', 'sync'])).stdout).toContain('local: 2 changes, 2 servers in all.');
    expect((await cli.json<{ servers: object[] }>(['mcp', 'catalog', 'search', 'forecast'])).document).toMatchObject({ servers: [{ name: 'com.example/weather', publisher: 'example.com' }] });
    const shown = await cli.run(['mcp', 'catalog', 'show', 'weather']);
    expect(shown.stdout).toMatch(/npx -y weather-mcp@1\.2\.3[\s\S]*KEY \(secret\): ASSASSIN_INPUT_WEATHER_KEY[\s\S]*way "http"[\s\S]*! http:\/\/weather\.example\/mcp is not encrypted/);
    const unasked = await cli.run(['mcp', 'catalog', 'add', 'weather']);
    expect([unasked.code, unasked.stderr]).toEqual([2, expect.stringContaining('Nobody can be asked')]);
    expect(existsSync(join(cli.workspace, '.vscode/mcp.json'))).toBe(false);
    const added = await cli.run(['mcp', 'catalog', 'add', 'weather', '--yes']);
    expect(added.stderr).toMatch(/weather starts:\s+KEY=\$\{input:weather-key\} npx -y weather-mcp@1\.2\.3/);
    expect(JSON.parse(readFileSync(join(cli.workspace, '.vscode/mcp.json'), 'utf8'))).toEqual({
      servers: { weather: { type: 'stdio', command: 'npx', args: ['-y', 'weather-mcp@1.2.3'], env: { KEY: '${input:weather-key}' } } }, inputs: [{ type: 'promptString', id: 'weather-key', description: 'KEY', password: true }],
    });
    // Told first, also to whoever has not said yes.
    expect((await cli.run(['mcp', 'catalog', 'add', 'wether'])).stderr).toContain('There is no MCP server "wether"');
  });
});

describe('a bundle on the command line', () => {
  it('is shown without being kept, added with a yes, and answers', async () => {
    using cli = new CommandLine();
    const manifest = { manifest_version: '0.3', name: 'notes', version: '1.0.0', author: { name: 'Somebody' }, server: { type: 'node', entry_point: 'index.mjs', mcp_config: { command: 'node', args: ['${__dirname}/index.mjs', '${user_config.mode}'] } }, user_config: { mode: { type: 'string', required: true } } };
    writeFileSync(join(cli.workspace, 'notes.mcpb'), zip([{ path: 'manifest.json', text: JSON.stringify(manifest) }, { path: 'index.mjs', text: readFileSync(fixture('misbehaving.mjs'), 'utf8') }]));
    const dry = await cli.run(['mcp', 'bundle', 'notes.mcpb', '--dry']);
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringMatching(/notes starts:\s+node .*index\.mjs \$\{input:notes-mode\}/) as string });
    expect(existsSync(join(cli.workspace, '.vscode/mcp.json'))).toBe(false);
    expect(await cli.run(['mcp', 'bundle', 'notes.mcpb'])).toMatchObject({ code: 2, stderr: expect.stringContaining('Nobody can be asked') as string });
    expect(existsSync(join(cli.workspace, '.vscode/mcp.json'))).toBe(false);
    expect((await cli.run(['mcp', 'bundle', 'notes.mcpb', '--yes', '--set', 'mode=well', '--as', 'mine'])).code).toBe(0);
    expect((await cli.json<{ servers: object[] }>(['mcp', 'check'])).document).toMatchObject({ servers: [{ server: 'mine', healthy: true, tools: 3 }] });
    expect(await cli.run(['mcp', 'bundle', 'none.mcpb'])).toMatchObject({ code: 2, stderr: expect.stringContaining('none.mcpb. Name a .mcpb file that you may read') as string });
    cli.write('.vscode/mcp.json', '{ "servers": { "gone": { "command": "./gone", "arg": [] } } }');
    const checked = await cli.run(['mcp', 'check']);
    expect(checked.stderr.match(/warning: .*"arg" is no field of a server.*Did you mean "args"\?/g)).toHaveLength(1);
    expect(checked).toMatchObject({ code: 1, stdout: expect.stringMatching(/gone +no/) as string, stderr: expect.stringMatching(/gone: The MCP server "gone" could not be started: [\s\S]+ Check "command"/) as string });
  });
});
