import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { McpHub } from '../../../src/mcp/mcp-hub.ts';
import type { McpServerStatus } from '../../../src/mcp/mcp-server.ts';
import { McpToolSource } from '../../../src/tools/mcp-tool-source.ts';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import { fixture, nodeServer, withHub } from '../../helpers/mcp.ts';
import { withRun } from '../../helpers/run.ts';

const odd = (mode: string, rest: Parameters<typeof nodeServer>[3] = {}) => (folder: string) => [nodeServer('odd', fixture('misbehaving.mjs'), [mode, join(folder, 'seen')], rest)];

/** Resolves with the first status for which it holds, without looking at a clock. */
function when(hub: McpHub, holds: (status: McpServerStatus) => boolean): Promise<McpServerStatus> {
  const { promise, resolve } = Promise.withResolvers<McpServerStatus>();
  const look = () => {
    const [status] = hub.servers();
    if (status !== undefined && holds(status)) resolve(status);
  };
  const listening = hub.onChange(look);
  look();
  return promise.finally(() => listening[Symbol.dispose]());
}

describe.runIf(process.platform !== 'win32')('a server that a person has started and that breaks', () => {
  it('is started again, with other processes, and says how often', async () => {
    await withHub(odd('well'), async ({ hub, log }) => {
      await hub.start('odd');
      const { pid, restarts } = hub.servers()[0]!;
      expect(restarts).toBe(0);
      process.kill(pid!, 'SIGKILL');
      const again = await when(hub, (status) => status.startedByHand && status.restarts === 1);
      expect(again).toMatchObject({ state: 'running', since: expect.any(Number) as number });
      expect(again.pid).not.toBe(pid);
      expect(again.error).toBeUndefined();
      expect(log.join('\n')).toContain('it will be started again');
    }, { restartWaits: [1] });
  });

  it('is given up in the end, with its last error', async () => {
    await withHub(odd('well'), async ({ hub }) => {
      await hub.start('odd');
      for (let i = 0; i < 2; i++) {
        const { pid } = await when(hub, (status) => status.startedByHand && status.restarts === i);
        process.kill(pid!, 'SIGKILL');
        await when(hub, (status) => status.pid !== pid);
      }
      const gone = await when(hub, (status) => status.state === 'failed' && status.retryAt === undefined);
      expect(gone.error).toMatchObject({ code: 'mcp-disconnected' });
      await hub.start('odd');
      expect(hub.servers()[0]).toMatchObject({ state: 'running', restarts: 0 });
    }, { restartWaits: [1] });
  });

  it('is left alone where its entry says so, and when a person stops it', async () => {
    await withHub(odd('well', { restart: false }), async ({ hub }) => {
      await hub.start('odd');
      process.kill(hub.servers()[0]!.pid!, 'SIGKILL');
      expect(await when(hub, ({ state }) => state === 'failed')).not.toHaveProperty('retryAt');
    }, { restartWaits: [1] });
    await withHub(odd('well'), async ({ hub }) => {
      await hub.start('odd');
      process.kill(hub.servers()[0]!.pid!, 'SIGKILL');
      expect((await when(hub, ({ state }) => state === 'failed')).retryAt).toBeGreaterThan(0);
      await hub.stop('odd');
      expect(hub.servers()[0]).toMatchObject({ state: 'stopped', restarts: 0 });
      expect(hub.servers()[0]).not.toHaveProperty('retryAt');
    }, { restartWaits: [600_000] });
  });
});

describe('a server that its entry shares among runs', () => {
  const shared = odd('well', { lease: 'shared' });

  /** One run that calls it; the process that answered. */
  async function oneRun(hub: McpHub): Promise<number | undefined> {
    const tools = new ToolRegistry();
    tools.registerSource(new McpToolSource(hub));
    let pid: number | undefined;
    const run = await withRun(['mcp odd:echo'], async (scope) => {
      await tools.call('mcp.odd.echo', { message: 'before' }, scope);
      const said = await tools.call('mcp.odd.echo', { message: 'hello' }, scope);
      pid = hub.servers()[0]!.pid;
      return said;
    });
    expect(run.result()).toBe('hello');
    expect(run.of('lease.created')).toEqual([]);
    expect(run.of('step.started').map(({ name }) => name)).toContain('share odd');
    // Counted once, with the end of the run, however many calls there were.
    expect(run.of('meter').filter(({ meter }) => meter === 'mcp.calls')).toMatchObject([{ value: 2, mark: 'measured' }]);
    return pid;
  }

  it('is started by the first and used by the next', async () => {
    await withHub(shared, async ({ hub }) => {
      const pid = await oneRun(hub);
      expect(pid).toBeGreaterThan(0);
      expect(await oneRun(hub)).toBe(pid);
    });
  });

  it('is stopped when none has used it for a while, with nothing left when the program closes at that moment', async () => {
    await withHub(shared, async ({ hub }) => {
      await oneRun(hub);
      await when(hub, ({ state }) => state === 'stopped');
    }, { sharedIdleMs: 1 });
  });

  it('is let be where a person has started it', async () => {
    await withHub(shared, async ({ hub }) => {
      await hub.start('odd');
      const { pid } = hub.servers()[0]!;
      expect(await oneRun(hub)).toBe(pid);
      expect(await oneRun(hub)).toBe(pid);
    }, { sharedIdleMs: 1 });
  });
});

it('names the limit that was over in a call', async () => {
  await withHub(odd('hangs-in-call', { timeoutMs: 60_000, firstByteTimeoutMs: 200 }), async ({ hub }) => {
    await expect(hub.look('odd', (connection) => connection.callTool('misbehave', {}))).rejects.toMatchObject({ code: 'timeout', message: expect.stringContaining('for 200 ms during misbehave') as string, hint: expect.stringContaining('"firstByteTimeoutMs"') as string });
  });
  await withHub(odd('hangs-in-call', { totalTimeoutMs: 200 }), async ({ hub }) => {
    await expect(hub.look('odd', (connection) => connection.callTool('misbehave', {}))).rejects.toMatchObject({ code: 'timeout', message: expect.stringContaining('was not done with misbehave after 200 ms') as string, hint: expect.stringContaining('"totalTimeoutMs"') as string });
  });
});

it('does not start a server without the sandbox that it is to run in', async () => {
  await withHub((folder) => [{ ...nodeServer('odd', fixture('misbehaving.mjs'), ['well', join(folder, 'seen')], { env: { PATH: '/nowhere' } }) }].map((server) => ({ ...server, transport: server.transport.type === 'stdio' ? { ...server.transport, sandbox: {} } : server.transport })), async ({ hub }) => {
    await expect(hub.start('odd')).rejects.toMatchObject({ code: 'not-supported', message: expect.stringContaining('is to run in a sandbox and was not started') as string });
    expect(hub.servers()[0]).toMatchObject({ state: 'failed' });
  });
});
