import { expect, test } from 'vitest';
import { processesIn } from '../../helpers/mcp.ts';
import { CommandLine, hasTerminal } from './command-line.ts';

test.skipIf(!hasTerminal)('a server that says nothing is named on the terminal while it is waited for, and is ended with the first interrupt', { timeout: 60_000 }, async () => {
  using line = new CommandLine({ '.vscode/mcp.json': JSON.stringify({ servers: { mute: { command: process.execPath, args: ['-e', 'setInterval(() => {}, 60_000)'] } } }) });
  const { say, seen, finished } = line.onTerminal(['mcp', 'check']);
  await seen('Waiting for mute to start and answer');
  say('\u0003');
  const { code, stdout } = await finished;
  expect(code).toBe(130);
  expect(stdout).toMatch(/Stopping: ending the servers that were started/);
  await expect.poll(() => processesIn(line.workspace), { timeout: 30_000 }).toEqual([]);
});
