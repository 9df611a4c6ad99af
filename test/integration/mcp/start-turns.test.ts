import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { StartTurns } from '../../../src/mcp/start-turns.ts';
import { fixture, nodeServer, processesIn, serverConfig, withHub } from '../../helpers/mcp.ts';

const silent = (name: string, connectTimeoutMs: number) => serverConfig(name, { type: 'stdio', command: process.execPath, args: ['-e', 'process.stdin.resume()'], env: {} }, { connectTimeoutMs });
const well = (name: string) => nodeServer(name, fixture('misbehaving.mjs'), ['well']);

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 1000 && !condition(); i++) await sleep(10);
  expect(condition()).toBe(true);
}

describe.runIf(process.platform === 'linux')('servers that are to start at once', () => {
  it('begin one after the other on a busy machine; the time of one counts from when it begins', async () => {
    await withHub(() => [silent('first', 1500), { ...well('second'), connectTimeoutMs: 1200 }], async ({ hub, folder }) => {
      const first = hub.start('first').catch((error: unknown) => error);
      const second = hub.start('second');
      await until(() => processesIn(folder).length === 1);
      const [pid] = processesIn(folder);
      // Both show that they start: that one waits is no state of its own.
      expect(hub.servers().map(({ state }) => state)).toEqual(['starting', 'starting']);
      expect(await first).toMatchObject({ code: 'timeout' });
      await second;
      expect(processesIn(folder)).not.toContain(pid);
      expect(hub.servers().map(({ state }) => state)).toEqual(['failed', 'running']);
    }, { turns: new StartTurns({ atOnce: 1, idleMs: () => 0, patienceMs: 60_000 }) });
  });

  it('need not wait for one that says nothing where processors are idle', async () => {
    await withHub(() => [silent('first', 60_000), well('second'), well('third')], async ({ hub }) => {
      const first = hub.start('first').catch((error: unknown) => error);
      await Promise.all([hub.start('second'), hub.start('third')]);
      expect(hub.servers().map(({ state }) => state)).toEqual(['starting', 'running', 'running']);
      await hub.stop('first');
      expect(await first).toMatchObject({ code: 'cancelled' });
    }, { turns: new StartTurns({ atOnce: 1, idleMs: () => performance.now() }) });
  });

  it('are stopped while they wait: nothing of them has ever begun', async () => {
    await withHub(() => [silent('first', 60_000), well('second')], async ({ hub, folder }) => {
      const starts = ['first', 'second'].map((name) => hub.start(name).catch((error: unknown) => error));
      await until(() => processesIn(folder).length === 1);
      await hub.stop('second');
      expect(processesIn(folder)).toHaveLength(1);
      await hub.stop('first');
      for (const end of await Promise.all(starts)) expect(end).toMatchObject({ code: 'cancelled' });
    }, { turns: new StartTurns({ atOnce: 1, idleMs: () => 0, patienceMs: 60_000 }) });
  });
});
