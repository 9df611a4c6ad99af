import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { McpServerConfig } from '../../../src/mcp/mcp-config.ts';
import { McpToolSource } from '../../../src/tools/mcp-tool-source.ts';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import type { Json } from '../../../src/shared/json.ts';
import { fixture, nodeServer, processesIn, serverConfig, withHub, type TestHub } from '../../helpers/mcp.ts';
import { withRun, type FinishedRun } from '../../helpers/run.ts';

interface Attempt extends TestHub {
  readonly run: FinishedRun;
  /** What the server wrote into its file. */
  readonly seen: string;
}

/** One run that calls `tool` of a server in this mode; afterwards nothing of it may be left, and the record must say so. */
async function attempt(mode: string, tool = 'misbehave', args: Json = {}, config: Partial<McpServerConfig> & { env?: Record<string, string> } = {}): Promise<Attempt> {
  return withHub((folder) => [nodeServer('odd', fixture('misbehaving.mjs'), [mode, join(folder, 'seen')], config)], async (test) => {
    const registry = new ToolRegistry();
    registry.registerSource(new McpToolSource(test.hub));
    const run = await withRun(['mcp odd:*'], (scope) => registry.call(`mcp.odd.${tool}`, args, scope));
    expect(processesIn(test.folder)).toEqual([]);
    expect(run.outcome.clean).toBe(true);
    expect(run.of('lease.destroyed').map(({ verified }) => verified)).toEqual(run.of('lease.created').map(() => true));
    const file = join(test.folder, 'seen');
    return { ...test, run, seen: existsSync(file) ? readFileSync(file, 'utf8') : '' };
  });
}

describe('a server that does not come up', () => {
  it('dies at its start: exit code, its last words and the command to try', async () => {
    const { run } = await attempt('dies-at-start');
    expect(run.outcome.error).toMatchObject({
      code: 'mcp-start-failed', message: expect.stringContaining('ended before it was ready (exit code 3)') as string,
      hint: expect.stringMatching(/^Its last words: cannot read the configuration.*\. Run its command in a terminal.*misbehaving\.mjs dies-at-start/s) as string,
      location: { file: '.vscode/mcp.json', line: 3 }, data: { exitCode: 3 },
    });
  });

  it('breaks its input a moment before it dies: the exit is what is reported', async () => {
    const { run } = await attempt('closes-input');
    expect(run.outcome.error).toMatchObject({ code: 'mcp-start-failed', message: expect.stringContaining('exit code 5') as string });
  });

  it('says a configured secret in its last words: it is redacted in the error and in the log', async () => {
    const { run, log } = await attempt('dies-at-start', 'misbehave', {}, { env: { SECRET_TOKEN: 'hunter2-hunter2' } });
    expect(run.outcome.error?.hint).toContain('token [redacted] was refused');
    expect(JSON.stringify([run.events, log])).not.toContain('hunter2-hunter2');
    expect(log.join('\n')).toContain('[odd] cannot read the configuration');
  });

  it('is not installed: the error names the command and where it is configured', async () => {
    await withHub(() => [serverConfig('absent', { type: 'stdio', command: 'no-such-program-anywhere', args: ['--stdio'], env: {} })], async ({ hub }) => {
      await expect(hub.start('absent')).rejects.toMatchObject({ code: 'mcp-start-failed', message: expect.stringContaining('no-such-program-anywhere --stdio') as string, hint: expect.stringContaining('.vscode/mcp.json:3') as string });
      expect(hub.servers()).toMatchObject([{ state: 'failed', error: { code: 'mcp-start-failed' } }]);
    });
  });

  it('never answers the handshake: time-out with the setting that would change it', async () => {
    const { run, seen } = await attempt('hangs-at-initialize', 'misbehave', {}, { connectTimeoutMs: 500 });
    expect(seen).toContain('initialize');
    expect(run.outcome.error).toMatchObject({ code: 'timeout', message: expect.stringContaining('500 ms') as string, hint: expect.stringContaining('connectTimeoutMs') as string });
  });

  it('is no MCP server: what it printed instead is shown', async () => {
    const { run } = await attempt('prints-rubbish-only', 'misbehave', {}, { connectTimeoutMs: 500 });
    expect(run.outcome.error).toMatchObject({ code: 'timeout', message: expect.stringContaining('Welcome to the weather server') as string, hint: expect.stringContaining('not an MCP server') as string });
  });

  it('keeps printing on its output: cut off with the first line shown', async () => {
    const { run } = await attempt('floods-rubbish');
    expect(run.outcome.error).toMatchObject({ code: 'mcp-protocol', message: expect.stringContaining('line 0 of something else') as string });
  });
});

describe('a server that prints a banner first', () => {
  it('is used all the same, and the log says what it printed', async () => {
    const { run, log } = await attempt('banner', 'echo', { message: 'fine' });
    expect(run.result()).toBe('fine');
    expect(log).toContain('warn [odd] Starting up...');
  });
});

describe('a server that fails during a call', () => {
  it('dies: exit code, last words, and a warning that the effect is unknown', async () => {
    const { run } = await attempt('dies-in-call');
    expect(run.outcome.error).toMatchObject({
      code: 'mcp-disconnected', message: expect.stringMatching(/ended during misbehave \(exit code 7\)/) as string,
      hint: expect.stringMatching(/out of memory\. Whether the call had its effect is not known/) as string,
    });
  });

  it('answers and ends at once: the answer counts', async () => {
    const { run } = await attempt('answers-and-dies');
    expect(run.result()).toBe('last words');
  });

  it('hangs: time-out, and the server is told that the call is cancelled', async () => {
    const { run, seen } = await attempt('hangs-in-call', 'misbehave', {}, { timeoutMs: 300 });
    expect(run.outcome.error).toMatchObject({ code: 'timeout', message: expect.stringContaining('300 ms during misbehave') as string, hint: expect.stringContaining('timeoutMs') as string });
    expect(seen).toContain('notifications/cancelled');
  });

  it('answers questions that nobody asked: the time-out says so', async () => {
    const { run } = await attempt('wrong-ids', 'misbehave', {}, { timeoutMs: 300 });
    expect(run.outcome.error).toMatchObject({ code: 'timeout', message: expect.stringMatching(/a message that belongs to no question/) as string });
  });

  it('floods the client with answers for nobody: cut off', async () => {
    const { run } = await attempt('stray-flood');
    expect(run.outcome.error).toMatchObject({ code: 'mcp-protocol', message: expect.stringContaining('belong to no question') as string });
  });

  it('sends a line without end: cut off at the limit', async () => {
    const { run } = await attempt('endless-line');
    expect(run.outcome.error).toMatchObject({ code: 'mcp-protocol', message: expect.stringContaining('8388608 bytes') as string });
  });

  it('returns more than a result may have: refused with the limit', async () => {
    const { run } = await attempt('huge-result');
    expect(run.outcome.error).toMatchObject({ code: 'invalid-output', hint: expect.stringContaining('less') as string });
  });

  it('returns what is no result: a protocol error that names the tool', async () => {
    const { run } = await attempt('no-result');
    expect(run.outcome.error).toMatchObject({ code: 'mcp-protocol', message: expect.stringContaining('misbehave') as string });
  });
});

describe('a server that ignores every request to end', () => {
  it('is killed with its children, and the report says how', async () => {
    const { run } = await attempt('stubborn-family', 'echo', { message: 'still here' });
    expect(run.result()).toBe('still here');
    expect(run.of('lease.destroyed')).toMatchObject([{ verified: true, how: expect.stringMatching(/killed, none left in the process list/) as string }]);
  });
});

describe('a server that breaks again and again', () => {
  it('is started anew for the next call, but not more than three times in one run', async () => {
    await withHub(() => [nodeServer('odd', fixture('misbehaving.mjs'), ['dies-in-call'])], async ({ hub }) => {
      const registry = new ToolRegistry();
      registry.registerSource(new McpToolSource(hub));
      const run = await withRun(['mcp odd:*'], async (scope) => {
        const codes: string[] = [];
        for (let i = 0; i < 5; i++) await registry.call('mcp.odd.misbehave', {}, scope).catch((error: { message: string }) => codes.push(error.message.includes('3 times') ? 'gave up' : 'died'));
        return codes;
      });
      expect(run.result()).toEqual(['died', 'died', 'died', 'gave up', 'gave up']);
      expect(run.of('lease.created')).toHaveLength(3);
    });
  });
});
