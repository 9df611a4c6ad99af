// npm test [-- --only unit,integration,webview,vscode,gates] [--grep TEXT]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { TestSandbox } from './lib/leftovers.mjs';
import { inRoot } from './lib/paths.mjs';
import { runMain, SetupError } from './lib/steps.mjs';
import { gate, vitestSuite, vscodeSuite } from './lib/suites.mjs';
import { Tally } from './lib/tally.mjs';
import { makePackage } from './package.mjs';
import { setUp } from './setup.mjs';

const parts = /** @type {const} */ (['unit', 'integration', 'webview', 'vscode', 'gates']);
/** @typedef {(typeof parts)[number]} Part */

const { values } = parseArgs({ options: { only: { type: 'string' }, grep: { type: 'string' } } });
const wanted = new Set(values.only?.split(',') ?? parts);
const unknown = [...wanted].filter((part) => !parts.includes(/** @type {Part} */ (part)));

const tally = new Tally();
const sandbox = new TestSandbox();
// On exit, so that an interrupted run leaves nothing either.
process.on('exit', () => sandbox.remove());
const context = { env: sandbox.env, grep: values.grep };

/** @param {string} name @param {() => Promise<import('./lib/tally.mjs').SuiteOutcome>} work */
async function suite(name, work) {
  console.log(`== ${name}`);
  const started = performance.now();
  tally.add(name, await work(), performance.now() - started);
}

/** @param {string} name @param {() => Promise<unknown>} work */
async function check(name, work) {
  try {
    await work();
    return { name, ok: true };
  } catch (error) {
    const detail = error instanceof SetupError ? error.message : String(error);
    console.log(`  FAIL ${name}\n${detail}`);
    return { name, ok: false, detail };
  }
}

const staticGates = async () => ({
  checks: [
    await gate('type check', [inRoot('node_modules', 'typescript', 'bin', 'tsc'), '--noEmit', '--pretty', 'false'], {}),
    await gate('oxlint', [inRoot('node_modules', 'oxlint', 'bin', 'oxlint')], {}),
  ],
  skipped: 0,
});

async function leftoversSuite() {
  const left = await sandbox.leftovers();
  for (const line of left) console.log(`  ${line}`);
  return { checks: [{ name: 'the suites left no process and no temp folder', ok: left.length === 0, detail: left.join('\n') }], skipped: 0 };
}

async function runAll() {
  const ready = await check('set-up', () => setUp({ build: false, browser: wanted.size > 1 || !wanted.has('gates'), vscodeServer: wanted.has('vscode'), test262: wanted.has('integration') }));
  if (!ready.ok) return tally.add('set-up', { checks: [ready], skipped: 0 }, 0);
  if (wanted.has('gates')) await suite('gates', staticGates);
  await suite('build', async () => ({ checks: [await check('esbuild', () => setUp({ browser: false }))], skipped: 0 }));
  if (wanted.has('unit')) await suite('unit', () => vitestSuite('unit', context, 4, { again: true }));
  if (wanted.has('integration')) await suite('integration', () => vitestSuite('integration', context, 14, { again: true }));
  if (wanted.has('webview')) await suite('webview', () => vitestSuite('webview', context, 7, { again: true }));
  if (wanted.has('vscode') || wanted.has('gates')) await packagedSuites();
  await suite('leftovers', leftoversSuite);
}

/** @param {string} vsix */
async function packAgain(vsix) {
  const again = inRoot('out', 'test', 'packaged-again.vsix');
  const zone = process.env['TZ'];
  rmSync(inRoot('dist'), { recursive: true, force: true });
  process.env['TZ'] = zone === 'Asia/Tokyo' ? 'America/New_York' : 'Asia/Tokyo';
  try {
    await makePackage(again);
  } finally {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  }
  if (!readFileSync(vsix).equals(readFileSync(again))) throw new SetupError(`${vsix} and ${again} differ. Compare them with "unzip -lv".`);
}

/** @param {string} vsix */
async function vscodeSuites(vsix) {
  await suite('vscode', () => vscodeSuite('vscode', ['--vsix', vsix, '--parts', 'suite'], context));
  // A workbench waits more than it works: two of them share the machine, each with a server of its own.
  await suite('vscode ui', async () => {
    const share = mkdtempSync(join(sandbox.folder, 'ui-'));
    const halves = await Promise.all([1, 2].map((number) => vscodeSuite(`vscode-ui-${number}`, ['--vsix', vsix, '--parts', 'ui', '--share', share], context)));
    return { checks: halves.flatMap(({ checks }) => checks), skipped: halves.reduce((sum, { skipped }) => sum + skipped, 0), again: halves.flatMap(({ again = [] }) => again) };
  });
}

/** After the others, because packaging replaces `dist` by the production build, which the bundle budgets are about. */
async function packagedSuites() {
  const vsix = inRoot('out', 'test', 'packaged.vsix');
  const made = await check('npm run package', () => makePackage(vsix));
  await suite('package', async () => ({ checks: [made, await check('packing again, at another hour and place on earth, gives the same bytes', () => packAgain(vsix))], skipped: 0 }));
  // The editor is given what users get: the package, installed.
  if (wanted.has('vscode') && made.ok) await vscodeSuites(vsix);
  if (wanted.has('gates')) await suite('quality', () => vitestSuite('quality', { ...context, env: { ...context.env, ASSASSIN_VSIX: vsix } }, 4, { again: true }));
}

await runMain(async () => {
  if (unknown.length > 0) throw new SetupError(`Unknown part: ${unknown.join(', ')}. There are: ${parts.join(', ')}.`);
  const started = performance.now();
  await runAll();
  console.log(`npm test took ${Math.round((performance.now() - started) / 1000)} s.\n`);
  tally.close();
  return tally.failed.length > 0 ? 1 : 0;
});
