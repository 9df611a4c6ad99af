import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { endBrowserGroup } from '../../../src/browser/linux-death.ts';
import { processesNaming } from '../../../src/browser/process-search.ts';
import { groupMembers, isAlive, processStart } from '../../../src/run/process-identity.ts';

const waiting = `'${process.execPath}' -e 'setInterval(() => undefined, 1e6)'`;

describe.runIf(process.platform === 'linux')('the end of a process group', () => {
  it('takes along its children and what has left it and still names its folder', async () => {
    const folder = `/nowhere/${randomUUID()}`;
    const leader = spawn('sh', ['-c', `${waiting} & setsid ${waiting} ${folder} & wait`], { detached: true, stdio: 'ignore' });
    const pid = leader.pid!;
    const ended = once(leader, 'exit');
    const start = await processStart(pid);
    // The leader, whose command names it too, and the one that has left.
    await expect.poll(async () => (await groupMembers(pid)).length + (await processesNaming(folder)).length, { timeout: 20_000 }).toBe(4);
    const result = await endBrowserGroup({ pid, start, folder });
    expect(result).toEqual({ verified: true, how: `process group ${pid} killed, none left in the process list, and no other process names its folder` });
    await ended;
    expect([await groupMembers(pid), await processesNaming(folder)]).toEqual([[], []]);
    // Again, when nothing is left to end.
    expect(await endBrowserGroup({ pid, start, folder })).toMatchObject({ verified: true });
  }, 60_000);

  it('leaves a process alone that only bears the same number', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1e6)'], { detached: true, stdio: 'ignore' });
    await once(other, 'spawn');
    const pid = other.pid!;
    const start = (await processStart(pid))!;
    try {
      expect(await endBrowserGroup({ pid, start: String(Number(start) - 1), folder: `/nowhere/${randomUUID()}` })).toMatchObject({ verified: true });
      expect(await isAlive({ pid, start })).toBe(true);
    } finally {
      other.kill('SIGKILL');
    }
  }, 60_000);
});
