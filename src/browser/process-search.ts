import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/**
 * Live processes whose command line names `text`, which must be unique to one lease: its folder. Finds what has left the process
 * group: Chromium's crash handler detaches itself into a session of its own. Empty on Windows, where taskkill follows the tree instead.
 */
export async function processesNaming(text: string): Promise<readonly number[]> {
  switch (process.platform) {
    case 'linux': {
      const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
      const found = await Promise.all(pids.map(async (pid) => (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).includes(text)));
      return pids.filter((_, i) => found[i]).map(Number);
    }
    case 'win32':
      return [];
    default: {
      const { stdout } = await promisify(execFile)('ps', ['-axo', 'pid=,command='], { maxBuffer: 16 * 1024 * 1024 });
      return stdout.split('\n').filter((line) => line.includes(text)).map((line) => Number.parseInt(line, 10)).filter((pid) => pid !== process.pid);
    }
  }
}

/** Time in which a helper that watches the browser may end by itself, and the longest wait altogether. */
const ownEndMs = 300;
const goneMs = 5000;

/** Waits until no process names `text`, and kills those that do not end by themselves. Returns the ones that are still there. */
export async function endProcessesNaming(text: string): Promise<readonly number[]> {
  const began = performance.now();
  for (let wait = 10; ; wait = Math.min(wait * 2, 200)) {
    const pids = await processesNaming(text);
    const waited = performance.now() - began;
    if (pids.length === 0 || waited > goneMs) return pids;
    if (waited > ownEndMs) for (const pid of pids) kill(pid);
    await sleep(wait);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended between the look and the signal.
  }
}
