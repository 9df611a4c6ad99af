// npm run package [-- FILE.vsix]
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inRoot, productEnv, productNode } from './lib/paths.mjs';
import { runCommand } from './lib/run.mjs';
import { runMain, SetupError } from './lib/steps.mjs';
import { setUp } from './setup.mjs';

/** The README's pictures are in the package: they show without any network, and wherever the repository is kept. */
const keepLinks = ['--no-rewrite-relative-links'];

/** 2020-01-01: what the entries of a package are dated where there is no commit to take the date of. */
const noCommitDate = 1_577_836_800;

/**
 * The same commit gives the same bytes wherever it is packed: the entries bear the commit's date (or `SOURCE_DATE_EPOCH`), and
 * in one time zone, since a zip stores local time.
 */
async function reproducibleEnv() {
  const commit = await runCommand('git', ['log', '-1', '--format=%ct'], { output: 'capture' });
  const date = /^\d+$/.test(commit.output.trim()) ? commit.output.trim() : String(noCommitDate);
  return { SOURCE_DATE_EPOCH: process.env['SOURCE_DATE_EPOCH'] ?? date, TZ: 'UTC' };
}

/** One universal package: nothing in it is native. vsce runs `vscode:prepublish`, which is the production build. @param {string} file */
export async function makePackage(file) {
  mkdirSync(dirname(file), { recursive: true });
  const args = [inRoot('node_modules', '@vscode', 'vsce', 'vsce'), 'package', '--no-dependencies', ...keepLinks, '--out', file];
  const result = await runCommand(productNode(), args, { env: productEnv(await reproducibleEnv()), output: 'capture', timeoutMs: 5 * 60_000 });
  if (result.code !== 0) throw new SetupError(`vsce could not make the package:\n${result.output}`);
  console.log(`  ${file}: ${(statSync(file).size / 1024 / 1024).toFixed(2)} MB`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runMain(async () => {
    await setUp({ browser: false, build: false });
    const { name, version } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
    await makePackage(resolve(process.argv[2] ?? inRoot(`${name}-${version}.vsix`)));
  });
}
