import { readFileSync, readdirSync } from 'node:fs';
import { runCommand } from './run.mjs';

/** @typedef {{ pid: number, text: string, command: string }} ProcessInfo `text` also holds the environment where the system shows it. */

/** @param {string} file */
function readOrEmpty(file) {
  try {
    return readFileSync(file, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    // Ended meanwhile, or somebody else's.
    return '';
  }
}

/** @returns {ProcessInfo[]} */
function listLinux() {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    const command = readOrEmpty(`/proc/${name}/cmdline`);
    // A zombie has no command line: nothing of it runs any more, its parent just hasn't asked yet.
    return command === '' ? [] : [{ pid: Number(name), command, text: `${command} ${readOrEmpty(`/proc/${name}/environ`)}` }];
  });
}

/** @returns {Promise<ProcessInfo[]>} */
async function list() {
  if (process.platform === 'linux') return listLinux();
  const script = 'Get-CimInstance Win32_Process | ForEach-Object { "$($_.ProcessId) $($_.CommandLine)" }';
  const { output } = process.platform === 'win32'
    ? await runCommand('powershell', ['-NoProfile', '-Command', script], { output: 'capture', timeoutMs: 60_000 })
    : await runCommand('ps', ['-axEww', '-o', 'pid=,command='], { output: 'capture', timeoutMs: 60_000 });
  return output.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(.+)$/.exec(line);
    return match ? [{ pid: Number(match[1]), command: match[2] ?? '', text: match[2] ?? '' }] : [];
  });
}

/**
 * Processes whose environment or command line names `marker`: all descendants inherit it, also those whose parents are gone.
 * @param {string} marker
 */
export async function processesMarked(marker) {
  return (await list()).filter(({ pid, text }) => pid !== process.pid && text.includes(marker));
}
