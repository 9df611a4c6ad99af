import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AuthorizationServer, browse, resourceServer } from '../../helpers/oauth.ts';
import { CommandLine } from './command-line.ts';

const servers = async () => {
  const stack = new AsyncDisposableStack();
  const authorization = stack.use(await AuthorizationServer.start());
  const server = stack.use(await resourceServer(authorization));
  return { authorization, server, cli: stack.use(new CommandLine({ '.vscode/mcp.json': JSON.stringify({ servers: { guarded: { url: server.url } } }) })), [Symbol.asyncDispose]: () => stack.disposeAsync() };
};

test('a remote server is signed in to once, used by later commands, and signed out of; the file with the tokens is for its owner only', async () => {
  await using all = await servers();
  const { authorization, server, cli } = all;
  const refused = await cli.run(['mcp', 'tools', 'guarded']);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('mcp sign-in guarded') as string });
  expect(authorization.seen).toEqual([]);

  const signing = cli.start(['mcp', 'sign-in', 'guarded', '--no-browser', '--json']);
  let said = '';
  signing.child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await signing.seen('code_challenge=');
  await expect.poll(() => /http:\S+\n/.exec(said)?.[0]).toBeDefined();
  await browse({ url: /http:\S+\n/.exec(said)?.[0].trim() ?? '' });
  expect(await signing.finished).toMatchObject({ code: 0, stdout: '{"server":"guarded","signedIn":true}\n' });

  const file = join(cli.data, 'mcp-sign-ins.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const [token = ''] = [...authorization.tokens.keys()];
  expect(readFileSync(file, 'utf8')).toContain(token);
  expect((await cli.json<unknown>(['mcp', 'list'])).document).toMatchObject({ servers: [{ name: 'guarded', signedIn: true }] });
  const called = await cli.json(['mcp', 'call', 'guarded', 'whoami']);
  expect(called.document).toMatchObject({ state: 'done', clean: true, result: 'you are [redacted]' });
  expect(server.bearers).toContain(token);
  expect(JSON.stringify(await cli.events(called.document.run))).not.toContain(token);
  for (const name of readdirSync(cli.data).filter((each) => each !== 'mcp-sign-ins.json' && statSync(join(cli.data, each)).isFile())) expect(readFileSync(join(cli.data, name)).includes(token), name).toBe(false);

  expect((await cli.json<unknown>(['mcp', 'sign-out', 'guarded'])).document).toEqual({ server: 'guarded', signedOut: true, revoked: 2 });
  expect(readFileSync(file, 'utf8')).not.toContain(token);
  expect((await cli.run(['mcp', 'tools', 'guarded'])).code).toBe(1);
});

test('a sign-in that is interrupted ends, and leaves no port open', async () => {
  await using all = await servers();
  const signing = all.cli.start(['mcp', 'sign-in', 'guarded', '--no-browser']);
  let said = '';
  signing.child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await signing.seen('code_challenge=');
  await expect.poll(() => /redirect_uri=([^&\s]+)&/.exec(said)?.[1]).toBeDefined();
  signing.child.kill('SIGINT');
  expect((await signing.finished).code).toBe(130);
  await expect(fetch(decodeURIComponent(/redirect_uri=([^&\s]+)&/.exec(said)?.[1] ?? ''))).rejects.toThrow();
});

test('a token of the environment is shown to the server of that name, and what is no remote server has no sign-in', async () => {
  await using all = await servers();
  const { authorization, server, cli } = all;
  authorization.tokens.set('token-of-the-environment', { scope: '', resource: server.url });
  expect((await cli.run(['mcp', 'tools', 'guarded'], { ASSASSIN_MCP_TOKEN_GUARDED: 'token-of-the-environment' })).stdout).toContain('whoami');
  expect(await cli.run(['mcp', 'tools', 'guarded'], { ASSASSIN_MCP_TOKEN_GUARDED: 'token-that-is-old' })).toMatchObject({ code: 1, stderr: expect.stringContaining('ASSASSIN_MCP_TOKEN_GUARDED') as string });
  cli.write('.vscode/mcp.json', JSON.stringify({ servers: { local: { command: 'node' } } }));
  expect(await cli.run(['mcp', 'sign-in', 'local'])).toMatchObject({ code: 2, stderr: expect.stringContaining('a program on this machine') as string });
});
