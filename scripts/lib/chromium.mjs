import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runCommand } from './run.mjs';
import { SetupError } from './steps.mjs';

const onLinux = {
  names: ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser', 'microsoft-edge-stable', 'microsoft-edge', 'chromium-headless-shell', 'chrome-headless-shell'],
  places: ['/usr/bin/chromium', '/opt/google/chrome/chrome', '/opt/microsoft/msedge/msedge', '/snap/bin/chromium', '/usr/lib/chromium/chromium'],
};
const onMac = ['Google Chrome.app/Contents/MacOS/Google Chrome', 'Microsoft Edge.app/Contents/MacOS/Microsoft Edge', 'Chromium.app/Contents/MacOS/Chromium'];
const onWindows = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe', 'Chromium\\Application\\chrome.exe'];

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @returns {string[]} */
function candidates() {
  const { env, platform } = process;
  if (platform === 'darwin') return ['/Applications', join(env['HOME'] ?? '', 'Applications')].flatMap((folder) => onMac.map((app) => join(folder, app)));
  if (platform === 'win32') {
    return [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].flatMap((folder) => (folder ? onWindows.map((app) => join(folder, app)) : []));
  }
  const folders = (env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return [...onLinux.names.flatMap((name) => folders.map((folder) => join(folder, name))), ...onLinux.places];
}

/** A full Chrome, Edge or Chromium before a headless shell: the workbench tests need the whole browser. @returns {string | undefined} */
export function findBrowser() {
  const named = process.env['ASSASSIN_BROWSER'];
  if (named) {
    if (isExecutable(named)) return named;
    throw new SetupError(`ASSASSIN_BROWSER points to ${named}, which is not an executable file. Correct or unset it.`);
  }
  return candidates().find(isExecutable);
}

const aptCommand = 'apt-get update && apt-get install -y chromium chromium-headless-shell';

function howToInstall() {
  if (process.platform === 'darwin') return 'brew install --cask google-chrome';
  if (process.platform === 'win32') return 'winget install Google.Chrome';
  return existsSync('/usr/bin/apt-get') ? `sudo sh -c '${aptCommand}'` : "your distribution's package manager (package chromium)";
}

/** @returns {Promise<import('./steps.mjs').StepOutcome>} */
export async function ensureChromium() {
  const found = findBrowser();
  if (found) return { skipped: `using ${found}` };
  const mayInstall = process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (mayInstall) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const result = await runCommand('sh', ['-c', aptCommand], { env, output: 'capture' });
    const browser = findBrowser();
    if (browser) return { did: `installed ${browser}` };
    throw new SetupError(`Chromium could not be installed (${aptCommand}). What apt said last:\n${result.output.slice(-2000)}`);
  }
  throw new SetupError(
    `No Chrome, Edge or Chromium was found. Install one with:\n  ${howToInstall()}\nor name one with the environment variable ASSASSIN_BROWSER, then run the command again.`,
  );
}
