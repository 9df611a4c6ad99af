import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import puppeteer, { type Browser } from 'puppeteer-core';
import { findBrowser } from '../../../scripts/lib/chromium.mjs';

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
  return await puppeteer.launch({
    executablePath,
    userDataDir: join(profileDir, 'profile'),
    pipe: true,
    headless: process.env['ASSASSIN_TEST_HEADFUL'] !== '1',
    args: [...quietFlags, ...asRoot],
    defaultViewport: { width: 1280, height: 800 },
    protocolTimeout: 120_000,
  });
}
