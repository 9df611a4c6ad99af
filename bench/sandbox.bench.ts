import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { installPeers } from './sandbox/peer-packages.ts';
import type { Row } from './sandbox/measure.ts';

/**
 * Sandboxes against everything on npm that is one: start, host calls, computing, memory, and what the host feels of them. In a process of its own:
 * isolated-vm needs V8 without Node's start-up snapshot, and the measure of memory a garbage collector that can be called.
 */
export default async function sandbox(): Promise<readonly Row[]> {
  installPeers();
  const main = fileURLToPath(new URL('sandbox/main.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-node-snapshot', '--expose-gc', main], { maxBuffer: 16 * 1024 * 1024 });
  return JSON.parse(stdout);
}
