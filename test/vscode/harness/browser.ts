import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import puppeteer, { type Browser } from 'puppeteer-core';
import { findBrowser } from '../../../scripts/lib/chromium.mjs';
import { endOnInterrupt, killTree } from '../../../scripts/lib/run.mjs';

/** Without these, Chromium asks for hosts outside at every start, which a closed network refuses and a test must not depend on. */
const quietFlags = [
  '--disable-gpu', '--disable-quic', '--no-first-run', '--no-default-browser-check', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
];

export async function launchBrowser(profileDir: string): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error('No Chrome, Edge or Chromium was found. Run "node scripts/setup.mjs".');
  await mkdir(profileDir, { recursive: true });
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await puppeteer.launch({
    executablePath,
    userDataDir: join(profileDir, 'profile'),
    pipe: true,
    headless: process.env['ASSASSIN_TEST_HEADFUL'] !== '1',
    args: [...quietFlags, ...asRoot],
    defaultViewport: { width: 1280, height: 800 },
    protocolTimeout: 120_000,
    timeout: 90_000,
    // By itself it would end the browser alone, and leave a program without one.
    handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false,
  });
  const pid = browser.process()?.pid;
  if (pid !== undefined) browser.once('disconnected', endOnInterrupt(pid));
  return browser;
}

/** Longest that a browser may take to close when it is asked to. */
const closeMs = 10_000;

/** Ends the browser, asked or killed: one that no longer answers must not keep the next file from its own. */
export async function closeBrowser(browser: Browser): Promise<void> {
  const pid = browser.process()?.pid;
  await Promise.race([browser.close().catch(() => undefined), sleep(closeMs, undefined, { ref: false })]);
  if (pid !== undefined) killTree(pid);
}
