import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { inRoot } from '../../../scripts/lib/paths.mjs';
import { everyCase } from '../../helpers/depth.ts';

/** Ignored by git. */
const folder = inRoot('test', 'webview', 'out');

/** Takes a picture for a person to look at, where every case is wanted: no test reads it. */
export async function picture(page: Page, name: string): Promise<void> {
  if (!everyCase) return;
  // Here and not before the tests: which file is the first to need it nobody knows.
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) as `${string}.png` });
}
