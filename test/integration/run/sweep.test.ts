import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { groupMembers, isAlive, processStart } from '../../../src/run/process-identity.ts';
import { endProcessGroup } from '../../../src/run/process-tree.ts';
import { sweep } from '../../../src/run/sweep.ts';
import { removeTemporaryFolder } from '../../../src/run/temp-dir.ts';
import { RunStore } from '../../../src/store/run-store.ts';

interface Announcement {
  readonly run: string;
  readonly pid: number;
  readonly path: string;
}

let directory: string;
let host: ChildProcess;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sweep-'));
});
afterEach(() => {
  host.kill('SIGKILL');
  rmSync(directory, { recursive: true });
});

async function startHost(): Promise<Announcement> {
  host = spawn(process.execPath, [join(import.meta.dirname, '../../fixtures/run/killed-host.ts'), directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: host.stdout! })) return JSON.parse(line) as Announcement;
  throw new Error('the host said nothing');
}
const self = async () => ({ pid: process.pid, start: (await processStart(process.pid))! });

describe('the sweep', () => {
  it('ends what a killed host left: its process group, its folder; and its run becomes interrupted, with no side effect repeated', async () => {
    const { run, pid, path } = await startHost();
    host.kill('SIGKILL');
    await once(host, 'exit');
    expect(await groupMembers(pid)).not.toEqual([]);
    using store = new RunStore(directory);
    const before = store.events(run).length;
    const report = await sweep(store, await self());
    expect(report).toMatchObject({ interruptedRuns: [run], leases: [{ verified: true }] });
    expect(await groupMembers(pid)).toEqual([]);
    expect(existsSync(path)).toBe(false);
    expect(store.run(run)).toMatchObject({ state: 'interrupted' });
    expect(store.events(run).slice(before).map((event) => event.type)).toEqual(['lease.destroyed', 'run.state']);
    expect(store.openLeases()).toEqual([]);
    expect(await sweep(store, await self())).toEqual({ interruptedRuns: [], leases: [] });
  });

  it('finds the folder also where the system has another temporary folder by now', async () => {
    const { pid, path } = await startHost();
    host.kill('SIGKILL');
    await once(host, 'exit');
    using store = new RunStore(directory);
    vi.stubEnv('TMPDIR', directory);
    const report = await sweep(store, await self());
    vi.unstubAllEnvs();
    expect(report.leases).toMatchObject([{ verified: true }]);
    expect(existsSync(path)).toBe(false);
    expect(await groupMembers(pid)).toEqual([]);
  });

  it('leaves alone a folder that is not ours, says so, and still ends the rest', async () => {
    const { run, path } = await startHost();
    host.kill('SIGKILL');
    await once(host, 'exit');
    using store = new RunStore(directory);
    const [lease] = store.openLeases();
    const precious = mkdtempSync(join(tmpdir(), 'precious-'));
    store.append([{ type: 'lease.identified', lease: lease!.id, identity: { ...lease!.identity, path: precious }, run, seq: store.run(run).events + 1, at: 0 }], lease!.host);
    expect(await sweep(store, await self())).toMatchObject({ interruptedRuns: [run], leases: [{ verified: false }] });
    expect(existsSync(precious)).toBe(true);
    expect(await groupMembers(lease!.identity.pid!)).toEqual([]);
    rmSync(precious, { recursive: true });
    await removeTemporaryFolder(path);
  });

  it('leaves a host that is alive alone', async () => {
    const { run, pid, path } = await startHost();
    using store = new RunStore(directory);
    expect(await sweep(store, await self())).toEqual({ interruptedRuns: [], leases: [] });
    expect(store.run(run).state).toBe('running');
    expect(existsSync(path)).toBe(true);
    const start = (await processStart(pid))!;
    await endProcessGroup({ pid, start }, { already: true });
    await removeTemporaryFolder(path);
  });

  it('never ends a process that merely has the pid of one that was leased', async () => {
    const { run } = await startHost();
    host.kill('SIGKILL');
    await once(host, 'exit');
    using store = new RunStore(directory);
    const innocent = spawn('sleep', ['60'], { detached: true });
    const [lease] = store.openLeases();
    const real = { pid: lease!.identity.pid!, start: lease!.identity.pidStart! };
    const events = store.events(run);
    store.append([{ type: 'lease.identified', lease: lease!.id, identity: { ...lease!.identity, pid: innocent.pid!, pidStart: '1' }, run, seq: events.length + 1, at: 0 }], lease!.host);
    await sweep(store, await self());
    expect(await isAlive({ pid: innocent.pid!, start: (await processStart(innocent.pid!)) ?? 'gone' })).toBe(true);
    innocent.kill('SIGKILL');
    await endProcessGroup(real, { already: true });
  });
});
