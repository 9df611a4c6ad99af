import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { chain, CommandLine, isRunning, mcpConfiguration, pidsOf } from '../cli/command-line.ts';

const secret = 'Zx9-canary-of-a-crash-4711';
const key = `ghp_${'a1B2'.repeat(9)}`;
const everythingIn = (folder: string) => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')).join('\n');

/** Makes the real program fail in the middle, as a mistake in it would: in a callback that nothing surrounds. */
function failing(cli: CommandLine, code: string) {
  cli.write('fail.mjs', code);
  return { NODE_OPTIONS: `--import=${join(cli.workspace, 'fail.mjs')}`, ASSASSIN_SECRET_SHOP: secret };
}
const waits = chain('await mcp.everything.echo({ message: "up" });\nprogress("all is up");\nawait mcp.everything["trigger-long-running-operation"]({ duration: 120, steps: 120 });', { grants: ['mcp everything:*'] }, 'import { mcp, progress } from "assassin";');
const files = { '.assassin/chains/waits.ts': waits, '.vscode/mcp.json': mcpConfiguration };

it.skipIf(process.platform === 'win32').each([
  ['an error that nobody catches', `throw new Error('broken with ${secret} and ${key}')`],
  ['a promise that nobody handles', `Promise.reject(new Error('broken with ${secret} and ${key}'))`],
  ['a promise that fails with no error', `Promise.reject('broken with ${secret} and ${key}')`],
])('%s ends the runs as failed, destroys everything, and is told without its secrets', async (_what, how) => {
  using cli = new CommandLine(files);
  const { child, finished, seen } = cli.start(['run', 'waits', '--json', '--events'], failing(cli, `process.on('SIGUSR2', () => { ${how}; });`));
  await seen('all is up');
  child.kill('SIGUSR2');
  const { code, stdout, stderr } = await finished;
  expect(code).toBe(1);
  expect(stderr).toContain('The program has failed');
  expect(stderr).toContain('broken with [redacted] and [redacted]');
  const lines = stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as { readonly type: string; readonly state?: string; readonly clean?: boolean; readonly error?: { readonly code: string; readonly message: string }; readonly event?: Parameters<typeof pidsOf>[0][number] });
  expect(lines.at(-1)).toMatchObject({ state: 'failed', clean: true, error: { code: 'internal', message: expect.stringContaining('broken with [redacted]') as string } });
  const pids = pidsOf(lines.flatMap(({ event }) => (event === undefined ? [] : [event])));
  expect(pids.length).toBeGreaterThan(0);
  expect(pids.filter(isRunning)).toEqual([]);
  for (const text of [stdout, stderr, everythingIn(cli.data)]) for (const canary of [secret, key]) expect(text).not.toContain(canary);
});

it.skipIf(process.platform === 'win32')('a failure while nothing runs ends the program at once, also without its secrets', async () => {
  using cli = new CommandLine();
  // As soon as the program listens for its own failures.
  const when = `process.on('newListener', (name) => name === 'uncaughtException' && setImmediate(() => { throw new Error('broken ${secret} ${key}'); }));`;
  const { code, stdout, stderr } = await cli.run(['runs', 'list'], failing(cli, when));
  expect(code).toBe(1);
  expect(stderr).toContain('The program has failed: Error: broken [redacted] [redacted]');
  for (const canary of [secret, key]) expect(stdout + stderr).not.toContain(canary);
});
