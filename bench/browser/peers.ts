import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';
import type { Timing } from './our-runs.ts';
import { expectedTitle } from './site.ts';

const run = promisify(execFile);
const noSandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

function check(title: string): void {
  if (title !== expectedTitle) throw new Error(`The page is called ${title}.`);
}

/** As its documentation shows: launched, a page, loaded, closed. It removes its profile and keeps no record. */
export async function playwrightOnce(executablePath: string, url: string): Promise<Timing> {
  const began = performance.now();
  const browser = await chromium.launch({ executablePath, args: noSandbox });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(url);
  check(await page.title());
  const pageMs = performance.now() - began;
  await browser.close();
  return { pageMs, wholeMs: performance.now() - began };
}

export async function puppeteerOnce(executablePath: string, url: string): Promise<Timing> {
  const began = performance.now();
  const browser = await puppeteer.launch({ executablePath, pipe: true, headless: executablePath.includes('shell') ? 'shell' : true, args: noSandbox, defaultViewport: { width: 1280, height: 800 } });
  const page = await browser.newPage();
  await page.goto(url);
  check(await page.title());
  const pageMs = performance.now() - began;
  await browser.close();
  return { pageMs, wholeMs: performance.now() - began };
}

/** The limit: the program by itself, which loads the page, prints its document and ends. */
export async function dumpDom(executablePath: string, url: string): Promise<number> {
  const profile = await mkdtemp(join(tmpdir(), 'ia-bench-dump-'));
  const began = performance.now();
  const { stdout } = await run(executablePath, ['--headless', ...noSandbox, `--user-data-dir=${profile}`, '--disable-gpu', '--dump-dom', url], { maxBuffer: 16 * 1024 * 1024 });
  const ms = performance.now() - began;
  await rm(profile, { recursive: true, force: true });
  if (!stdout.includes(expectedTitle)) throw new Error('The browser did not print the page.');
  return ms;
}
