import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { CommandLine } from './command-line.ts';

const withCursor = (servers: object) => new CommandLine({ '.cursor/mcp.json': JSON.stringify({ mcpServers: servers }) });
/** The person's own home must not be looked at by a test. */
const home = (cli: CommandLine) => ({ HOME: cli.workspace, XDG_CONFIG_HOME: join(cli.workspace, '.config') });

const github = { command: 'npx', args: ['-y', 'server-github'], env: { GITHUB_TOKEN: 'plum-4711' }, autoApprove: ['delete_repo'] };

test('servers of other programs are listed without their keys, and nothing is written', async () => {
  using cli = withCursor({ github });
  const { stdout } = await cli.run(['mcp', 'import'], home(cli));
  expect(stdout).toMatch(/github +cursor +npx -y server-github/);
  const { document } = await cli.json<{ servers: object[] }>(['mcp', 'import'], home(cli));
  expect(document.servers).toMatchObject([{ name: 'github', literalSecrets: 1 }]);
  expect(JSON.stringify(document) + stdout).not.toContain('plum-4711');
  expect(() => readFileSync(join(cli.workspace, '.vscode/mcp.json'))).toThrow();
});

test('one of them is taken over only when the person says yes, with its key as an input and without trust', async () => {
  using cli = withCursor({ github });
  const dry = await cli.run(['mcp', 'import', 'github'], home(cli));
  expect(dry.stdout + dry.stderr).toMatch(/npx -y server-github[\s\S]*"autoApprove" was not taken over[\s\S]*ASSASSIN_INPUT_GITHUB_GITHUB_TOKEN[\s\S]*Nothing was written/);
  expect((await cli.run(['mcp', 'import', 'github', '--yes', '--as', 'gh'], home(cli))).code).toBe(0);
  const text = readFileSync(join(cli.workspace, '.vscode/mcp.json'), 'utf8');
  expect(text).toContain('${input:github-github-token}');
  expect(text).not.toMatch(/plum-4711|delete_repo/);
  const { document } = await cli.json<{ servers: { name: string }[]; problems: unknown[] }>(['mcp', 'list'], home(cli));
  expect(document).toMatchObject({ servers: [{ name: 'gh', enabled: true }], problems: [] });
  expect((await cli.run(['mcp', 'import', 'github', '--yes', '--as', 'gh'], home(cli))).code).toBe(2);
});

test('a name that nobody has, or two programs have, is asked back', async () => {
  using cli = withCursor({ github });
  const file = join(cli.workspace, '.gemini/settings.json');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ mcpServers: { github } }));
  expect((await cli.run(['mcp', 'import', 'gitlab'], home(cli))).stderr).toContain('No program on this machine has an MCP server "gitlab"');
  expect((await cli.run(['mcp', 'import', 'github'], home(cli))).stderr).toContain('--from cursor');
  expect((await cli.run(['mcp', 'import', 'github', '--from', 'gemini', '--as', 'a.b'], home(cli))).stderr).toContain('cannot be the name');
});

test('a program that is not known is told with the ones that are', async () => {
  using cli = withCursor({ github });
  expect(await cli.run(['mcp', 'import', '--from', 'cursr'], home(cli))).toMatchObject({ code: 2, stderr: expect.stringMatching(/Did you mean cursor\?[\s\S]*claude-desktop[\s\S]*copilot/) as string });
});

test('a YAML file is read as built too, and what is broken in a file is told with its place', async () => {
  using cli = new CommandLine({
    '.continue/config.yaml': 'name: mine\nmcpServers:\n  - name: sqlite\n    command: npx\n    args: ["-y", "mcp-sqlite"]\n',
    '.codeium/windsurf/mcp_config.json': '{ "mcpServers": {\n  "half": \n} }',
  });
  const { stdout, stderr } = await cli.run(['mcp', 'import'], home(cli));
  expect(stdout).toMatch(/sqlite +continue +npx -y mcp-sqlite/);
  expect(stderr).toMatch(/mcp_config\.json \(Windsurf\) could not be read: it is not valid JSON: a value is missing \(3:1\)/);
});
