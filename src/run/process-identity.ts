import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A process and the moment the kernel started it: together they name it for good, because pids are used again. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly start: string;
}

interface ProcStat {
  readonly start: string;
  readonly parent: number;
  readonly group: number;
  readonly state: string;
  /** User and system time, of children that have ended and were waited for too. */
  readonly cpuMs: number;
}

/** USER_HZ is 100 on every Linux architecture that Node supports. */
const msPerTick = 10;

/** Reads /proc/PID/stat. The command name may hold spaces and brackets, so fields are counted from its last ")". Fields: proc(5). */
export function readProcStat(pid: number): ProcStat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0]!, parent: Number(fields[1]), group: Number(fields[2]), cpuMs: fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * msPerTick, start: fields[19]! };
}

/** The start time of a live process, `undefined` when there is none. A zombie counts as gone: it holds nothing but its number. */
export async function processStart(pid: number): Promise<string | undefined> {
  switch (process.platform) {
    case 'linux': {
      const stat = readProcStat(pid);
      return stat === undefined || stat.state === 'Z' || stat.state === 'X' ? undefined : stat.start;
    }
    case 'win32':
      return output('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', `(Get-Process -Id ${pid} -ErrorAction Stop).StartTime.ToFileTimeUtc()`]);
    default:
      return startFromPs(pid);
  }
}

/** The start time as `ps` tells it, for systems without /proc. `ps` writes it in the language and the time zone of whoever asks, which may be others tomorrow: here always in the same. */
export async function startFromPs(pid: number): Promise<string | undefined> {
  const text = await output('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { ...process.env, LC_ALL: 'C', TZ: 'UTC' });
  return text === undefined || text.startsWith('Z') ? undefined : text.slice(text.indexOf(' ')).trim();
}

async function output(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  try {
    const { stdout } = await run(command, [...args], { timeout: 10_000, windowsHide: true, env });
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}

export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await processStart(identity.pid)) === identity.start;
}

/** Every live process of a process group; on platforms without /proc, those that `ps` lists. */
export async function groupMembers(group: number): Promise<readonly number[]> {
  if (process.platform === 'win32') return [];
  if (process.platform === 'linux') {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
      const stat = readProcStat(pid);
      return stat !== undefined && stat.group === group && stat.state !== 'Z' && stat.state !== 'X';
    });
  }
  const text = (await output('ps', ['-axo', 'pid=,pgid=,stat='])) ?? '';
  return text.split('\n').map((line) => line.trim().split(/\s+/)).filter(([, pgid, stat]) => Number(pgid) === group && !stat?.startsWith('Z')).map(([pid]) => Number(pid));
}
