import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { root } from './paths.mjs';

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {number} [timeoutMs]
 * @property {'inherit' | 'capture' | ((line: string) => void)} [output] a function is given each line as it comes
 * @property {boolean} [shell]
 */
/** @typedef {{ code: number, output: string, timedOut: boolean, error?: Error }} RunResult */

/** Process groups that are running now; an interrupt must not leave one behind. @type {Set<number>} */
const running = new Set();
const posix = process.platform !== 'win32';

/** Ends a process that this script started, with its children: on POSIX each one leads its own group. @param {number} pid */
export function killTree(pid) {
  if (!posix) {
    spawnSync('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Already gone, which is what was wanted.
  }
}

/** Has a process group that somebody else started end with this program where that is interrupted. Gives what forgets it again. @param {number} pid of its leader */
export function endOnInterrupt(pid) {
  killAllOnInterrupt();
  running.add(pid);
  return () => void running.delete(pid);
}

let watching = false;
function killAllOnInterrupt() {
  if (watching) return;
  watching = true;
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.once(signal, () => {
      for (const pid of running) killTree(pid);
      process.exit(signal === 'SIGINT' ? 130 : 143);
    });
  }
}

/**
 * Runs a command to its end or its deadline. Never rejects: a command that can't be started is a result too.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<RunResult>}
 */
export function runCommand(command, args, options = {}) {
  killAllOnInterrupt();
  const { cwd = root, env = process.env, timeoutMs = 10 * 60_000, output = 'inherit', shell = false } = options;
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd, env, shell, detached: posix,
      stdio: output === 'inherit' ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    });
    const { pid } = child;
    if (pid !== undefined) running.add(pid);
    let text = '';
    let timedOut = false;
    const collect = (/** @type {string} */ chunk) => { text += chunk; };
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', collect);
      if (stream && typeof output === 'function') createInterface({ input: stream, crlfDelay: Infinity }).on('line', output);
    }
    const timer = setTimeout(() => {
      timedOut = true;
      if (pid !== undefined) killTree(pid);
    }, timeoutMs);
    const finish = (/** @type {RunResult} */ result) => {
      clearTimeout(timer);
      if (pid !== undefined) running.delete(pid);
      resolve(result);
    };
    child.once('error', (error) => finish({ code: 127, output: `${text}${error.message}\n`, timedOut, error }));
    child.once('close', (code) => finish({ code: code ?? 1, output: text, timedOut }));
  });
}

/**
 * npm as it was called, or the one on PATH. npm's own script is started with this Node, because on Windows `npm` is a batch file.
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 */
export function runNpm(args, options = {}) {
  const script = process.env['npm_execpath'];
  if (script !== undefined && /npm-cli\.[cm]?js$/.test(script)) return runCommand(process.execPath, [script, ...args], options);
  return runCommand(posix ? 'npm' : 'npm.cmd', args, { ...options, shell: !posix });
}
