// Runs on whatever Node the machine has, before anything is installed: no dependencies, nothing newer than Node 20.
import { pathToFileURL } from 'node:url';
import { ensureBuild } from './lib/build.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { ensureNodeModules } from './lib/node-modules.mjs';
import { runMain, SetupError, step } from './lib/steps.mjs';
import { ensureTest262 } from './lib/test262-suite.mjs';
import { ensureVsCodeServer } from './lib/vscode-server.mjs';

export { ensureBuild, ensureChromium, ensureNodeModules, ensureVsCodeServer };

/**
 * @param {object} [wanted]
 * @param {boolean} [wanted.build]
 * @param {boolean} [wanted.browser]
 * @param {boolean} [wanted.vscodeServer]
 * @param {boolean} [wanted.test262] where it can be had; what needs it says that it did not run
 */
export async function setUp({ build = true, browser = true, vscodeServer = false, test262 = false } = {}) {
  console.log('Set-up');
  await step('dependencies', ensureNodeModules);
  if (browser) await step('browser', ensureChromium);
  if (vscodeServer) await step('VS Code server', ensureVsCodeServer);
  if (test262) await step('test262', () => ensureTest262().catch(whyNot));
  if (build) await step('build', ensureBuild);
  console.log('');
}

/** @param {unknown} error @returns {import('./lib/steps.mjs').StepOutcome} */
function whyNot(error) {
  if (error instanceof SetupError) return { skipped: error.message };
  throw error;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runMain(() => setUp({ vscodeServer: process.argv.includes('--vscode-server') }));
}
