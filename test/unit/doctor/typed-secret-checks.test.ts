import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configFilesOf, typedSecretChecks } from '../../../src/doctor/typed-secret-checks.ts';
import { testWorkspace } from '../../helpers/workspace.ts';

const key = `ghp_${'d0C7'.repeat(9)}`;

test('each key in the open is a warning with file, line and field, and its value is in none of them', async () => {
  using workspace = testWorkspace({
    '.vscode/mcp.json': `{\n  "servers": {\n    "github": { "command": "server", "env": { "GITHUB_TOKEN": "${key}" } }\n  }\n}`,
    '.mcp.json': `{ "mcpServers": { "shop": { "url": "https://shop.example/mcp", "headers": { "Authorization": "Bearer ${key}" } } } }`,
    '.vscode/settings.json': `{\n  "infrastructureAssassin.models.providers": [{ "kind": "openai-compatible", "name": "mine", "baseUrl": "https://models.example/v1", "apiKey": "${key}" }]\n}`,
  });
  using data = testWorkspace({ 'settings.json': `{ "infrastructureAssassin.mcp.servers": { "db": { "command": "db", "args": ["${key}"] } } }` });
  const checks = await typedSecretChecks([{ path: join(data.path, 'settings.json'), shown: 'settings.json', form: 'settings' }, ...configFilesOf(workspace.path)]);
  expect(checks.map(({ status, detail }) => `${status}: ${detail}`)).toEqual([
    'warn: settings.json:1: "args.0" of the MCP server "db" looks like a secret in the open',
    'warn: .vscode/settings.json:2: "apiKey" of the model provider "mine" looks like a secret in the open',
    'warn: .vscode/mcp.json:3: "env.GITHUB_TOKEN" of the MCP server "github" looks like a secret in the open',
    'warn: .mcp.json:1: "headers.Authorization" of the MCP server "shop" looks like a secret in the open',
  ]);
  expect(new Set(checks.map(({ fix }) => fix)).size).toBe(4);
  expect(JSON.stringify(checks)).not.toContain(key);
});

test('nothing in the open is one line that says so, also where there are no files', async () => {
  using workspace = testWorkspace({ '.mcp.json': '{ "mcpServers": { "a": { "command": "a", "env": { "A_TOKEN": "${secret:a}" } } } }' });
  expect(await typedSecretChecks(configFilesOf(workspace.path))).toMatchObject([{ status: 'ok' }]);
});
