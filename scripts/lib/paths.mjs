import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '');

/** @param {readonly string[]} parts */
export const inRoot = (...parts) => join(root, ...parts);

/** The Node that VS Code ships, from the dev dependency `node`: the system's may be too old for node:sqlite and type stripping. */
export const node24Path = inRoot('node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** The Node to run the product and the tools with. */
export function productNode() {
  if (existsSync(node24Path)) return node24Path;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  throw new Error(`No Node 24 at ${node24Path}, and this Node (${process.version}) is too old. Run "node scripts/setup.mjs".`);
}

/**
 * The environment for everything that is started: a plain `node` in it means Node 24.
 * @param {NodeJS.ProcessEnv} [extra]
 * @returns {NodeJS.ProcessEnv}
 */
export function productEnv(extra = {}) {
  const pathKey = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const path = [inRoot('node_modules', 'node', 'bin'), inRoot('node_modules', '.bin'), process.env[pathKey] ?? ''].join(delimiter);
  return { ...process.env, [pathKey]: path, ...extra };
}
