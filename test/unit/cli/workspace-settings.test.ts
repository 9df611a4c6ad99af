import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inputVariable } from '../../../src/cli/mcp-inputs.ts';
import { readWorkspaceSettings } from '../../../src/cli/workspace-settings.ts';

let workspace = '';
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'ia-settings-'));
  mkdirSync(join(workspace, '.vscode'));
});
afterEach(() => rmSync(workspace, { recursive: true }));
const write = (text: string) => writeFileSync(join(workspace, '.vscode/settings.json'), text);

test('a workspace without settings has none', async () => {
  expect(await readWorkspaceSettings(workspace)).toEqual({ mcpServers: undefined, rules: [] });
});

test('servers and the rules that restrict are read, with comments and trailing commas; rules that allow are left to the editor', async () => {
  write(`{
    // as the editor writes it
    "infrastructureAssassin.mcp.servers": { "a": { "command": "x" } },
    "infrastructureAssassin.rules": [
      { "effect": "deny", "grant": "net https://a.example" },
      { "effect": "allow", "grant": "browser" }, { "effect": "ask", "grant": "browser" },
    ],
  }`);
  expect(await readWorkspaceSettings(workspace)).toEqual({
    mcpServers: { a: { command: 'x' } },
    rules: [{ effect: 'deny', grant: 'net https://a.example', origin: '.vscode/settings.json:5' }, { effect: 'ask', grant: 'browser', origin: '.vscode/settings.json:6' }],
  });
});

test('a file that cannot be read as JSON stops the start with its place, because its deny rules would be lost', async () => {
  write('{\n  "a": 1,\n  "b" 2\n}');
  await expect(readWorkspaceSettings(workspace)).rejects.toMatchObject({ code: 'invalid-config', message: expect.stringContaining('a colon is missing') as string, location: { file: '.vscode/settings.json', line: 3, column: 7 } });
});

test.each(['', '\n', '\ufeff{ }'])('a file with %j has no settings, as in the editor', async (text) => {
  write(text);
  expect(await readWorkspaceSettings(workspace)).toEqual({ mcpServers: undefined, rules: [] });
});

test('the rule that is none is named, with its line and what is wrong with it', async () => {
  write('{\n  "infrastructureAssassin.rules": [\n    { "effect": "deny", "grant": "browser" },\n    { "effect": "deny" }\n  ]\n}');
  await expect(readWorkspaceSettings(workspace)).rejects.toThrow('Rule 2.grant: is missing; it must be text. It stands in .vscode/settings.json:4.');
});

test.each(['"deny all"', '[{ "effect": "forbid", "grant": "browser" }]', '[{ "effect": "deny" }]'])('%s is no list of rules', async (rules) => {
  write(`{ "infrastructureAssassin.rules": ${rules} }`);
  await expect(readWorkspaceSettings(workspace)).rejects.toMatchObject({ code: 'invalid-config', message: expect.stringContaining('infrastructureAssassin.rules') });
});

test('an input is given by an environment variable that a shell can set', () => {
  expect(inputVariable('api-key')).toBe('ASSASSIN_INPUT_API_KEY');
  expect(inputVariable('GitHub token (read)')).toBe('ASSASSIN_INPUT_GITHUB_TOKEN_READ_');
});
