import { expect, test } from 'vitest';
import { addToConfig } from '../../../../src/mcp/import/add-to-config.ts';
import { readVsCodeMcpFile } from '../../../../src/mcp/mcp-config-files.ts';

const entry = { type: 'stdio', command: 'npx', args: ['-y', 'x'], env: { KEY: '${input:x-key}' } } as const;
const input = { id: 'x-key', type: 'promptString', description: 'Key of x', password: true } as const;

test('a server and its input are added to nothing, and can be read back', () => {
  const text = addToConfig('', '.vscode/mcp.json', 'x', entry, [input]);
  const { servers, problems } = readVsCodeMcpFile(text);
  expect(problems).toEqual([]);
  expect(servers).toMatchObject([{ name: 'x', transport: { command: 'npx' }, inputs: [{ id: 'x-key', password: true }] }]);
});

test('comments, order and other servers stay as they are', () => {
  const before = '{\n  // mine\n  "servers": {\n    "a": { "command": "a" }, // keep\n  },\n  "inputs": [{ "type": "promptString", "id": "x-key", "description": "mine", "password": true }]\n}\n';
  const text = addToConfig(before, '.vscode/mcp.json', 'x', entry, [input]);
  expect(text).toContain('// mine');
  expect(text).toContain('// keep');
  expect(text.match(/x-key/g)).toHaveLength(2);
  expect(readVsCodeMcpFile(text).servers.map(({ name }) => name)).toEqual(['a', 'x']);
});

test('a broken file is named with its place and left alone', () => {
  expect(() => addToConfig('{\n  "servers": {,}\n}', 'mcp.json', 'x', entry)).toThrow(expect.objectContaining({ code: 'invalid-config', location: expect.objectContaining({ line: 2 }) as object }) as Error);
});

test('a server is not replaced', () => {
  expect(() => addToConfig('{"servers":{"x":{"command":"old"}}}', 'mcp.json', 'x', entry)).toThrow(/has a server "x" already/);
});
