import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { inRoot, productEnv } from './paths.mjs';
import { runNpm } from './run.mjs';
import { SetupError } from './steps.mjs';

/** The npm package that carries a whole VS Code server and workbench; pinned, because its selectors and flags are tested against. */
export const serverPackage = 'code-server@4.139.1';

const folder = inRoot('.vscode-test', 'server');
const vscodeFolder = inRoot('.vscode-test', 'server', 'node_modules', 'code-server', 'lib', 'vscode');
const stampFile = inRoot('.vscode-test', 'server', 'installed.txt');

export const serverMain = inRoot('.vscode-test', 'server', 'node_modules', 'code-server', 'lib', 'vscode', 'out', 'server-main.js');

/** No native builds: the terminal and the file logger are missing then, which the server survives. */
const npmFlags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'];

/** @param {readonly string[]} args @param {string} cwd */
async function npmOrThrow(args, cwd) {
  const result = await runNpm(args, { cwd, env: productEnv(), output: 'capture', timeoutMs: 8 * 60_000 });
  if (result.code === 0) return;
  throw new SetupError(`The VS Code server (${serverPackage}) could not be installed from npm:\n${result.output.slice(-3000)}`);
}

/** @returns {Promise<import('./steps.mjs').StepOutcome>} */
export async function ensureVsCodeServer() {
  const stamp = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : '';
  if (stamp === serverPackage && existsSync(serverMain)) return { skipped: `${serverPackage} is installed` };
  // An installation that was cut short has no stamp: npm would take its half-written folders for whole ones.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(inRoot('.vscode-test', 'server', 'package.json'), '{ "private": true }\n');
  await npmOrThrow(['install', '--prefix', folder, ...npmFlags, serverPackage], folder);
  await npmOrThrow(['install', '--omit=dev', ...npmFlags], vscodeFolder);
  if (!existsSync(serverMain)) throw new SetupError(`${serverPackage} was installed, but ${serverMain} is missing. Delete ${folder} and try again.`);
  writeFileSync(stampFile, serverPackage);
  return { did: `installed ${serverPackage}` };
}
