// Runs on whatever Node the machine has, before anything is installed: no dependencies, nothing newer than Node 20.
import { pathToFileURL } from 'node:url';
import { ensureBuild } from './lib/build.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { ensureNodeModules } from './lib/node-modules.mjs';
import { runMain, step } from './lib/steps.mjs';
import { ensureVsCodeServer } from './lib/vscode-server.mjs';

export { ensureBuild, ensureChromium, ensureNodeModules, ensureVsCodeServer };

/**
 * @param {object} [wanted]
 * @param {boolean} [wanted.build]
 * @param {boolean} [wanted.browser]
 * @param {boolean} [wanted.vscodeServer]
 */
export async function setUp({ build = true, browser = true, vscodeServer = false } = {}) {
  console.log('Set-up');
  await step('dependencies', ensureNodeModules);
  if (browser) await step('browser', ensureChromium);
  if (vscodeServer) await step('VS Code server', ensureVsCodeServer);
  if (build) await step('build', ensureBuild);
  console.log('');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runMain(() => setUp({ vscodeServer: process.argv.includes('--vscode-server') }));
}
