import { readdirSync, readFileSync } from 'node:fs';
import { setInterval } from 'node:timers';

/** A process as it was seen: what it was started with. */
export interface SeenProcess {
  readonly pid: number;
  readonly command: string;
  readonly environment: string;
}

/** Watches every process that descends from this one until it is disposed, and keeps what each was started with. Linux only. */
export function watchEnvironments(): Disposable & { readonly seen: ReadonlyMap<number, SeenProcess> } {
  const seen = new Map<number, SeenProcess>();
  const look = () => {
    const parents = new Map<number, number>();
    for (const name of readdirSync('/proc')) {
      const stat = /^\d+$/.test(name) ? read(name, 'stat') : undefined;
      // The name of the program stands in brackets and may hold anything.
      if (stat !== undefined) parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    }
    for (const pid of parents.keys()) {
      if (!descends(pid, parents)) continue;
      const environment = read(String(pid), 'environ');
      const command = read(String(pid), 'cmdline');
      // Between fork and exec it still has the memory of its parent: only what it is in the end counts.
      if (environment !== undefined && command !== undefined && command !== '') seen.set(pid, { pid, command: command.replaceAll('\0', ' '), environment });
    }
  };
  const timer = setInterval(look, 15);
  return { seen, [Symbol.dispose]: () => clearInterval(timer) };
}

function descends(pid: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at = parents.get(pid); at !== undefined && at > 1; at = parents.get(at)) if (at === process.pid) return true;
  return false;
}

function read(pid: string, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}
