import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { inRoot, node24Path } from './paths.mjs';
import { runCommand, runNpm } from './run.mjs';
import { SetupError } from './steps.mjs';

/** @typedef {{ version?: string, optional?: boolean, peer?: boolean, link?: boolean }} LockEntry */

const stampFile = inRoot('node_modules', '.infrastructure-assassin-lock');
const lockFile = inRoot('package-lock.json');

const lockHash = () => createHash('sha256').update(readFileSync(lockFile)).update(`${process.platform}-${process.arch}`).digest('hex');

/** @param {string} file @returns {Record<string, LockEntry>} */
const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages ?? {};

/** True after a plain `npm install` as well: npm keeps its own record of what it put there, so nothing is installed twice. */
function installedMatchesLock() {
  const record = inRoot('node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = packagesOf(record);
  return Object.entries(packagesOf(lockFile)).every(([path, entry]) =>
    path === '' || entry.optional === true || entry.link === true || installed[path]?.version === entry.version);
}

/** @returns {Promise<import('./steps.mjs').StepOutcome>} */
export async function ensureNodeModules() {
  const hash = lockHash();
  const stamp = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : '';
  if (stamp === hash && existsSync(node24Path)) return { skipped: 'package-lock.json is unchanged' };
  if (installedMatchesLock() && existsSync(node24Path)) {
    writeFileSync(stampFile, hash);
    return { skipped: 'what is installed matches package-lock.json' };
  }
  const result = await runNpm(['ci', '--no-audit', '--no-fund'], { output: 'capture' });
  if (result.code !== 0) {
    throw new SetupError(`npm ci failed. What it said:\n${result.output}\nRun "npm ci" by hand to see it again; it needs the npm registry.`);
  }
  await ensureNode24();
  writeFileSync(stampFile, hash);
  return { did: /added \d+ packages/.exec(result.output)?.[0] ?? 'installed the dependencies' };
}

/** Where install scripts are switched off (`ignore-scripts`), the package `node` is there but holds no binary yet. */
async function ensureNode24() {
  if (existsSync(node24Path)) return;
  const result = await runCommand(process.execPath, ['installArchSpecificPackage.js'], { cwd: inRoot('node_modules', 'node'), output: 'capture' });
  if (!existsSync(node24Path)) {
    throw new SetupError(`Node 24 could not be installed from npm (package "node"). What npm said:\n${result.output}`);
  }
}
