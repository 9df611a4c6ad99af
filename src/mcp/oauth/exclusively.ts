import { mkdir, rmdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** Whoever holds it longer has died with it: what is done meanwhile takes at most a request. */
const staleMs = 45_000;
const pollMs = 25;

/** Does `work` while no other program of this machine holds the folder `lock`, which is made and removed for it. */
export async function exclusively<T>(lock: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(lock), { recursive: true, mode: 0o700 });
  while (!(await taken(lock))) await setTimeout(pollMs);
  try {
    return await work();
  } finally {
    await rmdir(lock).catch(() => undefined);
  }
}

async function taken(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const since = await stat(lock).then(({ mtimeMs }) => mtimeMs, () => Date.now());
    if (Date.now() - since > staleMs) await rmdir(lock).catch(() => undefined);
    return false;
  }
}
