import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readProcStat } from '../../src/run/process-identity.ts';

export interface LiveProcess {
  readonly pid: number;
  readonly command: string;
}

function live(): readonly LiveProcess[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).flatMap((pid) => {
    const stat = readProcStat(pid);
    return stat === undefined || stat.state === 'Z' || stat.state === 'X' ? [] : [{ pid, command: readOr(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')) }];
  });
}

function readOr(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

/** Everything that a process started, directly or not. */
export function descendantsOf(root: number): readonly LiveProcess[] {
  const all = live();
  const inside = new Set([root]);
  for (let before = 0; before < inside.size; ) {
    before = inside.size;
    for (const { pid } of all) if (inside.has(readProcStat(pid)?.parent ?? 0)) inside.add(pid);
  }
  return all.filter(({ pid }) => pid !== root && inside.has(pid));
}

/** Live processes that name a folder in their command line, their environment or as the folder that they work in: looked for, not asked of the product. */
export function processesOf(folder: string): readonly LiveProcess[] {
  return live().filter(({ pid, command }) => pid !== process.pid
    && (command.includes(folder) || readOr(() => readlinkSync(`/proc/${pid}/cwd`)).startsWith(folder) || readOr(() => readFileSync(`/proc/${pid}/environ`, 'utf8')).includes(folder)));
}
