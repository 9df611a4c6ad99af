import { parse } from 'jsonc-parser';
import { expect, test } from 'vitest';
import { readPortableMcpFile, readVsCodeMcpFile } from '../../../src/mcp/mcp-config-files.ts';
import { changedStretch, inputIds, nameOfTypedSecret, providerEntryOf, withTypedSecretMoved } from '../../../src/mcp/move-typed-secret.ts';
import { configFormOf, typedSecrets, type ConfigForm, type TypedSecret } from '../../../src/mcp/typed-secrets.ts';

const github = `ghp_${'a1B2'.repeat(9)}`;
const anthropic = `sk-ant-${'A1b2'.repeat(8)}`;

const settings = `{
  // mine
  "editor.fontSize": 12,
  "other.token": "${github}",
  "infrastructureAssassin.mcp.servers": {
    "shop": { "type": "http", "url": "https://shop.example/mcp", "headers": { "Authorization": "Bearer ${github}", "Accept": "application/json" } },
    "db": { "command": "db", "args": ["postgres://ada:hunter22@db.example/shop"], "env": { "DB_PASSWORD": "correct-horse", "LOG_LEVEL": "debugging", "API_KEY": "\${secret:db}" } },
  },
  "infrastructureAssassin.models.providers": [
    { "kind": "anthropic", "name": "anthropic" },
    { "kind": "openai-compatible", "name": "mine", "baseUrl": "https://models.example/v1", "apiKey": "${anthropic}", "headers": { "x-trace": "on" } }
  ]
}`;

const mcp = `{
  "servers": {
    "github": {
      "command": "npx",
      "args": ["-y", "server", "--token", "${github}"],
      "env": { "GITHUB_TOKEN": "${github}", "OTHER": "\${input:other}" }
    }
  },
  "inputs": [{ "type": "promptString", "id": "other" }]
}`;

const seen = (text: string, form: ConfigForm) => typedSecrets(text, form).map(({ owner, field, before, secret, place, line }) => ({ owner, field, before, secret, place, line }));

function only(text: string, form: ConfigForm, field: string): TypedSecret {
  const [found, ...more] = typedSecrets(text, form).filter((each) => each.field === field);
  if (found === undefined || more.length > 0) throw new Error(`There are ${more.length + (found ? 1 : 0)} of ${field}.`);
  return found;
}

test('keys in the settings are found by format and by the name of their field, with their line, and those of other extensions are left alone', () => {
  expect(seen(settings, 'settings')).toEqual([
    { owner: 'shop', field: 'headers.Authorization', before: 'Bearer ', secret: github, place: 'reference', line: 6 },
    { owner: 'db', field: 'args.0', before: '', secret: 'postgres://ada:hunter22@db.example/shop', place: 'none', line: 7 },
    { owner: 'db', field: 'env.DB_PASSWORD', before: '', secret: 'correct-horse', place: 'reference', line: 7 },
    { owner: 'mine', field: 'apiKey', before: '', secret: anthropic, place: 'key', line: 11 },
  ]);
});

test('a workspace file and one that is half written are read too', () => {
  expect(seen(`{ "settings": ${settings}`, 'settings')).toHaveLength(4);
  expect(seen(mcp.slice(0, mcp.indexOf('"OTHER"')), 'mcp').map(({ field }) => field)).toEqual(['args.3', 'env.GITHUB_TOKEN']);
  expect(seen('', 'mcp')).toEqual([]);
  expect(seen('[1, "two"]', 'settings')).toEqual([]);
});

test.each([
  ['a variable', 'API_TOKEN', '${env:TOKEN}'], ['a path', 'KEY_FILE', '/home/ada/.keys/main'], ['a path of Windows', 'AUTH_KEY', 'C:\\keys\\main'], ['a limit', 'TOKEN_LIMIT', '100000000'],
  ['a mode', 'AUTH_MODE', 'basic'], ['an address', 'AUTH_URL', 'https://login.example/'], ['a sentence', 'KEY_HINT', 'the usual one of you'], ['another name', 'NODE_ENV', 'production-eu'],
])('%s is no secret', (_what, name, value) => {
  expect(typedSecrets(JSON.stringify({ servers: { a: { command: 'a', env: { [name]: value } } } }), 'mcp')).toEqual([]);
});

test.each([
  ['/home/ada/.config/Code/User/settings.json', 'settings'], ['/shop/.vscode/settings.json', 'settings'], ['/shop/shop.code-workspace', 'settings'],
  ['/shop/.vscode/mcp.json', 'mcp'], ['/shop/.mcp.json', 'portable'], ['/shop/mcp.json', undefined], ['/shop/package.json', undefined],
])('%s is read as %s', (path, form) => expect(configFormOf(path)).toBe(form));

test('in mcp.json an input stands in its place, which the file declares as a password, and the file stays a valid configuration', () => {
  const found = only(mcp, 'mcp', 'env.GITHUB_TOKEN');
  const name = nameOfTypedSecret(found, inputIds(mcp));
  const after = withTypedSecretMoved(mcp, found, name);
  const { servers, problems } = readVsCodeMcpFile(after);
  expect(problems).toEqual([]);
  expect(servers[0]?.transport).toMatchObject({ env: { GITHUB_TOKEN: '${input:github-github-token}', OTHER: '${input:other}' } });
  expect(servers[0]?.inputs).toContainEqual({ type: 'promptString', id: 'github-github-token', description: 'env.GITHUB_TOKEN of the MCP server github', password: true });
  const next = only(after, 'mcp', 'args.3');
  const clean = withTypedSecretMoved(after, next, nameOfTypedSecret(next, inputIds(after)));
  expect(typedSecrets(clean, 'mcp')).toEqual([]);
  expect(clean).not.toContain(github);
  expect(readVsCodeMcpFile(clean).problems).toEqual([]);
});

test('inputs are declared where there were none, and an id that is taken is left to its owner', () => {
  const text = JSON.stringify({ servers: { a: { command: 'a', env: { A_TOKEN: github } } } });
  const found = only(text, 'mcp', 'env.A_TOKEN');
  expect(nameOfTypedSecret(found, ['a-a-token'])).toBe('a-a-token-2');
  expect(readVsCodeMcpFile(withTypedSecretMoved(text, found, 'a-a-token')).problems).toEqual([]);
});

test('elsewhere a reference stands in its place, what is before it stays, and so do comments', () => {
  const after = withTypedSecretMoved(settings, only(settings, 'settings', 'headers.Authorization'), 'shop-authorization');
  expect(after).toContain('"Authorization": "Bearer ${secret:shop-authorization}"');
  expect(after).toContain('// mine');
  const portable = mcp.replace('"servers"', '"mcpServers"');
  const moved = withTypedSecretMoved(portable, only(portable, 'portable', 'env.GITHUB_TOKEN'), 'github-github-token');
  expect(readPortableMcpFile(moved).servers[0]?.transport).toMatchObject({ env: { GITHUB_TOKEN: '${secret:github-github-token}' } });
});

test('the key of a model provider leaves its entry, which says whose it is', () => {
  const found = only(settings, 'settings', 'apiKey');
  expect(providerEntryOf(settings, found)).toMatchObject({ kind: 'openai-compatible', name: 'mine', baseUrl: 'https://models.example/v1' });
  const after = withTypedSecretMoved(settings, found, 'mine');
  const providers = (parse(after, [], { allowTrailingComma: true }) as Record<string, unknown>)['infrastructureAssassin.models.providers'];
  expect(providers).toEqual([{ kind: 'anthropic', name: 'anthropic' }, { kind: 'openai-compatible', name: 'mine', baseUrl: 'https://models.example/v1', headers: { 'x-trace': 'on' } }]);
});

test('an editor changes only the stretch that differs', () => {
  for (const [before, after] of [['abcd', 'abXcd'], ['aaa', 'aa'], ['', 'new'], ['same', 'same'], ['abab', 'abXabab']] as const) {
    const { start, end, text } = changedStretch(before, after);
    expect(before.slice(0, start) + text + before.slice(end)).toBe(after);
  }
  expect(changedStretch('one two three', 'one 2 three')).toEqual({ start: 4, end: 7, text: '2' });
});
