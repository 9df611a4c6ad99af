import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { send } from '../../helpers/functions.ts';
import { CommandLine, root, type RunDocument } from './command-line.ts';

const files = {
  'src/a.ts': 'export default ({ n = 0 }: { n?: number }) => ({ n: n * 2, now: Date.now(), random: Math.random() });\nexport const add = (a: number, b: number) => a + b;\nexport const handler = async (event: unknown) => ({ got: event });\n',
  'src/node.ts': "import { hostname } from 'node:os';\nexport default () => typeof hostname();\n",
};

describe('fn run', () => {
  it('takes a list of arguments, or the one event of a function, and finds the export that is meant', async () => {
    using line = new CommandLine(files);
    expect((await line.json(['fn', 'run', 'src/a.ts#add', '--input', '[40,2]'])).document.result).toBe(42);
    expect((await line.json(['fn', 'run', 'src/a.ts#handler', '--input', '{"x":1}'])).document.result).toEqual({ got: { x: 1 } });
    expect((await line.json(['fn', 'run', 'src/a.ts', '--input', '{"n":2}'])).document.result).toMatchObject({ n: 4 });
  });

  it('gives the same result each time with --deterministic', async () => {
    using line = new CommandLine(files);
    const args = ['fn', 'run', 'src/a.ts', '--input', '{"n":2}', '--deterministic', '--allow', 'clock', '--allow', 'random'];
    const [one, two] = [await line.json(args), await line.json(args)];
    expect(one.document.result).toMatchObject({ n: 4, now: 946684800000 });
    expect(two.document.result).toEqual(one.document.result);
  });

  it.each([
    ['() => { throw undefined; }', 'threw undefined', 'Throw an Error'], ['() => { throw "why"; }', 'why', 'Throw an Error'],
    ['() => 10n', 'not JSON', 'String(value)'], ['() => { const a: any[] = []; a.push(a); return a; }', 'not JSON', 'contains itself'],
  ])('says what to do where %s tells nothing', async (body, message, hint) => {
    using line = new CommandLine({ 'src/b.ts': `export default ${body};\n` });
    expect((await line.json(['fn', 'run', 'src/b.ts'])).document.error).toMatchObject({ code: 'chain-failed', message: expect.stringContaining(message) as string, hint: expect.stringContaining(hint) as string });
  });

  it('says what code that needs Node needs, and runs it there only if that is granted', async () => {
    using line = new CommandLine(files);
    const inSandbox = await line.json(['fn', 'run', 'src/node.ts']);
    expect(inSandbox).toMatchObject({ code: 2, document: { error: { code: 'chain-invalid', message: expect.stringContaining('needs Node') as string, hint: expect.stringContaining('--node') as string } } });
    expect(await line.json(['fn', 'run', 'src/node.ts', '--node'])).toMatchObject({ code: 3, document: { error: { code: 'denied' } } });
    const inNode = await line.json(['fn', 'run', 'src/node.ts', '--node', '--allow', 'node src/node.ts']);
    expect(inNode).toMatchObject({ code: 0, document: { result: 'string', clean: true, summary: { title: 'default() in Node, weaker isolation' } } });
  });
});

describe('flags that are wrong', () => {
  it('refuses a time limit that would be dropped silently, an empty data folder, and an origin with a path, in words', async () => {
    using line = new CommandLine(files);
    const hinted = async (args: readonly string[]) => (await line.run(args)).stderr.replaceAll('\n', ' ');
    expect(await hinted(['fn', 'run', 'src/a.ts#add', '--timeout', '500'])).toContain('--budget wallMs=NUMBER');
    expect(await hinted(['fn', 'run', 'src/a.ts#add', '--data-dir', ''])).toContain('--data-dir is empty');
    expect(await hinted(['fn', 'serve', 'src/a.ts#add', '--origin', 'http://x/y'])).toContain('an origin without a path');
    for (const command of [['list'], ['sessions'], ['search', 'x']]) expect(await hinted(['runs', ...command, '--after', '2026-01-01'])).toContain('--after needs the id of a run');
    expect(await hinted(['runs', 'list', '--nope'])).toContain("unknown option '--nope' Add --help");
    expect(await hinted(['runs', 'show'])).toContain('Add --help');
    expect(await hinted(['mcp', 'bundle', 'nope.mcpb'])).toMatch(/There is no \S*nope\.mcpb/);
  });

  it('takes the flags of every command before the command too, and the nearer one where there are two', async () => {
    using line = new CommandLine({ ...files, 'other/package.json': '{}' });
    const list = async (args: readonly string[]) => (await line.json<{ result?: unknown; items?: readonly unknown[] }>(args)).document;
    expect(await list(['--workspace', 'other', 'runs', 'list'])).toMatchObject({ items: [] });
    expect(await list(['--workspace', 'gone', 'runs', 'list'])).toMatchObject({ error: { code: 'file-not-found' } });
    expect(await list(['--workspace', 'other', 'fn', 'run', 'src/a.ts#add', '--input', '[1,2]', '--workspace', '.'])).toMatchObject({ result: 3 });
    expect((await list(['--workspace=other', 'runs', 'list'])).items).toEqual([]);
    expect((await list(['--workspace', '.', 'runs', '--workspace', 'other', 'list'])).items).toEqual([]);
    expect(await list([])).toMatchObject({ error: { message: 'No command was given.' } });
    expect((await list(['runs', 'list'])).items).toHaveLength(1);
    expect(JSON.parse((await line.run(['--json', '--data-dir', line.data, 'runs', 'list'], { ASSASSIN_HOME: 'relative' })).stdout)).toMatchObject({ items: [{}] });
    expect(await line.json(['runs', 'list'], { ASSASSIN_HOME: 'relative' })).toMatchObject({ code: 2, document: { error: { code: 'invalid-config', message: expect.stringContaining('ASSASSIN_HOME') as string } } });
  });

  it.skipIf(process.platform !== 'linux')('does not end as if all were well where its output could not be written', async () => {
    using line = new CommandLine(files);
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'dist', 'cli.js'), 'schema', '--data-dir', line.data], { stdio: ['ignore', full, 'pipe'], encoding: 'utf8' });
    closeSync(full);
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/^The output could not be written \(ENOSPC\)[^\n]*\n$/) as string });
  });
});

describe('fn serve', () => {
  it('answers until it is interrupted, and leaves nothing', async () => {
    using line = new CommandLine(files);
    const { child, finished, seen } = line.start(['fn', 'serve', 'src/a.ts#add', '--shape', 'plain', '--json', '--timeout', '10000'], { ASSASSIN_TOKEN: 'a-token-of-my-own-choice' });
    let port = 0;
    child.stdout?.on('data', (chunk: Buffer) => { port ||= Number(/"url":"http:\/\/127\.0\.0\.1:(\d+)/.exec(chunk.toString())?.[1] ?? 0); });
    await seen('"type":"serving"');
    const headers = { host: `127.0.0.1:${port}`, authorization: 'Bearer a-token-of-my-own-choice' };
    expect(await send(port, '/', { headers, body: '1' })).toMatchObject({ status: 200, text: 'null' });
    expect((await send(port, '/', { headers: { ...headers, authorization: 'Bearer another' } })).status).toBe(401);
    child.kill('SIGINT');
    const { code, stdout } = await finished;
    const [serving, document] = stdout.trim().split('\n').map((text) => JSON.parse(text) as RunDocument & { type?: string });
    expect(serving).toMatchObject({ type: 'serving', url: `http://127.0.0.1:${port}/`, token: 'a-token-of-my-own-choice' });
    expect(document).toMatchObject({ state: 'done', clean: true, exitCode: 0, result: { calls: 1, turnedAway: 1 } });
    expect(document?.destruction.leases.map(({ kind, verified }) => `${kind} ${verified}`)).toEqual(['server true', 'sandbox true']);
    expect(code).toBe(0);
    await expect(send(port, '/', { headers })).rejects.toThrow('ECONNREFUSED');
  });

  it.each([
    [['--port', 'x'], {}, 'whole number'], [['--concurrency', '0'], {}, 'concurrency'], [[], { ASSASSIN_TOKEN: 'short' }, 'too short'], [['--origin', 'evil'], {}, 'origins'],
  ])('with %j is wrong usage', async (flags, env, message) => {
    using line = new CommandLine(files);
    const { code, stderr } = await line.run(['fn', 'serve', 'src/a.ts', ...flags], env);
    expect({ code, said: stderr.includes(message) }).toEqual({ code: 2, said: true });
  });
});
