import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { inRoot, productEnv, productNode, root } from './paths.mjs';
import { runCommand } from './run.mjs';
import { SetupError } from './steps.mjs';

const stampFile = inRoot('out', 'build-stamp.json');
const products = ['dist/cli.js', 'dist/extension.js', 'dist/sandbox-worker.js', 'dist/search-worker.js', 'dist/webview/panel.js'];
const inputs = ['src', 'webview-ui', 'scripts/lib/bundle', 'esbuild.mjs', 'package.json', 'package-lock.json', 'tsconfig.json'];

/** @param {string} path @returns {string[]} */
function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path).sort().flatMap((name) => filesUnder(join(path, name)));
}

/** Names, sizes and times of all sources: a deleted file counts as a change, which "newer than" alone would miss. */
function inputKey() {
  const hash = createHash('sha256');
  for (const file of inputs.flatMap((input) => filesUnder(inRoot(input)))) {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${relative(root, file)}\0${mtimeMs}\0${size}\n`);
  }
  return hash.digest('hex');
}

/** @param {'development' | 'production'} mode */
export function stampBuild(mode) {
  mkdirSync(inRoot('out'), { recursive: true });
  writeFileSync(stampFile, JSON.stringify({ key: inputKey(), mode }));
}

/** @param {'development' | 'production'} mode */
function isFresh(mode) {
  if (!existsSync(stampFile) || !products.every((file) => existsSync(inRoot(file)))) return false;
  const stamp = JSON.parse(readFileSync(stampFile, 'utf8'));
  return stamp.key === inputKey() && stamp.mode === mode;
}

/**
 * @param {'development' | 'production'} [mode]
 * @returns {Promise<import('./steps.mjs').StepOutcome>}
 */
export async function ensureBuild(mode = 'development') {
  if (isFresh(mode)) return { skipped: 'dist is newer than the sources' };
  const args = ['esbuild.mjs', ...(mode === 'production' ? ['--production'] : [])];
  const result = await runCommand(productNode(), args, { env: productEnv(), output: 'capture', timeoutMs: 3 * 60_000 });
  if (result.code !== 0) throw new SetupError(`The build failed:\n${result.output}`);
  return { did: `built dist (${mode})` };
}
