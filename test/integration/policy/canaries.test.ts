import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chain, CommandLine, root } from '../cli/command-line.ts';

const random = () => randomBytes(18).toString('hex');

/** One for each place: in the format of an issuer where nothing tells by its value, and any value where something does. */
const canaries = {
  'environment of the host': `canary${random()}`,
  'environment of an MCP server': `canary${random()}`,
  'environment file of an MCP server': `canary${random()}`,
  'input of an MCP server': `canary${random()}`,
  'input of a chain': `ghp_${random()}`,
  'header in the input of a chain': `Zx9${random()}`,
  'a file of the workspace': `sk-proj-A1${random()}`,
  'the source of a chain': `AKIA${random().slice(0, 16).toUpperCase()}`,
  'the address of a database': `pw${random()}`,
  'an error of a chain': `eyJ${random()}.eyJ${random()}.${random()}`,
};

const mcp = JSON.stringify({
  inputs: [{ id: 'key', type: 'promptString', password: true, description: 'Key' }],
  servers: {
    everything: {
      type: 'stdio', command: process.execPath, args: [join(root, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js'), 'stdio'],
      env: { API_TOKEN: canaries['environment of an MCP server'], OTHER: '${input:key}' }, envFile: '${workspaceFolder}/server.env',
    },
  },
});

const body = `
  const file = await workspace.readFile('notes.txt');
  const seen = await mcp.everything['get-env']();
  log(JSON.stringify({ file, seen, input }));
  console.log(input.headers.Authorization);
  progress(input.token);
  await workspace.readFile('missing-' + input.token).catch((error: Error) => log(error.message));
  const long = JSON.stringify({ file, seen, input }).repeat(40);
  if (input.fail) throw new Error('No: ${canaries['an error of a chain']} ' + file);
  return { file, seen, input, long, key: '${canaries['the source of a chain']}' };
`;

const files = {
  '.assassin/chains/leak.ts': chain(body, { grants: ['fs.read **', 'mcp everything:*'] }, "import { workspace, mcp, log, progress } from 'assassin';"),
  '.vscode/mcp.json': mcp,
  'server.env': `DB_PASSWORD=${canaries['environment file of an MCP server']}\n`,
  'notes.txt': `key ${canaries['a file of the workspace']}\npostgres://ada:${canaries['the address of a database']}@db.example/shop\n`,
};
const env = { HOST_SECRET_TOKEN: canaries['environment of the host'], ASSASSIN_INPUT_KEY: canaries['input of an MCP server'] };
const input = { token: canaries['input of a chain'], headers: { Authorization: `Bearer ${canaries['header in the input of a chain']}` } };

/** Every byte that a folder holds: database, its log, blobs. */
function everythingIn(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')).join('\n');
}

test('secrets that were planted in ten places are in no record, log, export and output, though a chain does what it can to put them there', async () => {
  using cli = new CommandLine(files);
  const outputs: Record<string, string> = {};
  const run = async (name: string, ...args: readonly string[]) => {
    const { stdout, stderr, code } = await cli.run(args, env);
    outputs[name] = `${stdout}\n${stderr}`;
    return code;
  };
  const refused = await run('refused', 'run', 'leak', '--input', JSON.stringify(input));
  expect(refused).toBe(2);
  expect(outputs['refused']).toMatch(/looks like a secret[\s\S]*ASSASSIN_SECRET_GITHUB_TOKEN/);
  expect(await run('run', 'run', 'leak', '--with-secrets', '--input', JSON.stringify(input))).toBe(0);
  expect(await run('run with events', 'run', 'leak', '--with-secrets', '--json', '--events', '--input', JSON.stringify(input))).toBe(0);
  expect(await run('run that fails', 'run', 'leak', '--with-secrets', '--input', JSON.stringify({ ...input, fail: true }))).toBe(1);
  const { items } = (await cli.json<{ items: readonly { id: string }[] }>(['runs', 'list'])).document;
  for (const { id } of items) {
    await run(`show ${id}`, 'runs', 'show', id);
    await run(`export ${id}`, 'runs', 'export', id, '--output', `export-${id}.json`);
    await run(`trace ${id}`, 'runs', 'export', id, '--format', 'otlp-json', '--output', `trace-${id}.json`);
    outputs[`files of ${id}`] = ['export', 'trace'].map((kind) => readFileSync(join(cli.workspace, `${kind}-${id}.json`), 'utf8')).join('\n');
  }
  await run('audit', 'audit', 'export', '--output', 'audit.jsonl');
  outputs['audit file'] = readFileSync(join(cli.workspace, 'audit.jsonl'), 'utf8');
  for (const format of ['csv', 'html', 'json']) {
    expect(await run(`savings as ${format}`, 'savings', 'export', '--format', format, '--output', `savings.${format}`)).toBe(0);
    outputs[`file of savings as ${format}`] = readFileSync(join(cli.workspace, `savings.${format}`), 'utf8');
  }
  outputs['store'] = everythingIn(cli.data);

  // The chain did get at them, or the test would show nothing.
  expect(items).toHaveLength(3);
  expect(outputs['store']).toContain('[redacted]');
  expect(outputs['run']).toContain('[redacted]');

  const leaks = Object.entries(outputs).flatMap(([where, text]) => Object.entries(canaries).filter(([, canary]) => text.includes(canary)).map(([what]) => `${what}: in ${where}`));
  expect(leaks).toEqual([]);
// Twenty command lines one after the other: on a busy machine each takes seconds.
}, 240_000);
