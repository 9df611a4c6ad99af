import { readFile } from 'node:fs/promises';
import { groupMembers } from '../../src/run/process-identity.ts';

/** Bytes of all processes of a group, with pages that several share counted once (proportional set size). */
export async function proportionalSetSize(group: number): Promise<number> {
  const each = await Promise.all((await groupMembers(group)).map(async (pid) => {
    const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
    return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
  }));
  return each.reduce((sum, bytes) => sum + bytes, 0);
}
