import { expect, it } from 'vitest';
import { readVsCodeMcpFile } from '../../../src/mcp/mcp-config-files.ts';
import { meantField } from '../../../src/mcp/misspelt-field.ts';
import { entryFields } from '../../../src/mcp/server-entry.ts';

const fields = [...entryFields.stdio, ...entryFields.http];

it.each([['arg', 'args'], ['comand', 'command'], ['ulr', 'url'], ['evn', 'env'], ['envfile', 'envFile'], ['timeoutMS', 'timeoutMs'], ['header', 'headers'], ['sandboxEnable', 'sandboxEnabled'], ['disable', 'disabled']])('takes %s for %s', (key, meant) => {
  expect(meantField(key, fields)).toBe(meant);
});

it.each([...fields, 'dev', 'tools', 'timeout', 'description', 'gallery', 'note', '$comment', 'autoApprove', 'serverUrl', 'x'])('takes %s for nothing else', (key) => {
  expect(meantField(key, fields)).toBeUndefined();
});

it('is a warning with file and line, beside the error where the server cannot be used without it', () => {
  const { servers, problems } = readVsCodeMcpFile('{ "servers": {\n  "a": { "command": "a", "arg": ["x"] },\n  "b": { "comand": "b" }\n} }');
  expect(servers.map(({ name }) => name)).toEqual(['a']);
  expect(problems.map(({ severity, error: { message, hint, location } }) => [severity, message, hint, location?.line])).toEqual([
    ['warning', expect.stringContaining('"arg" is no field of a server and is not read'), 'Did you mean "args"?', 2],
    ['warning', expect.stringContaining('"comand" is no field'), 'Did you mean "command"?', 3],
    ['error', expect.stringContaining('neither "command" nor "url"'), expect.any(String), 3],
  ]);
});
