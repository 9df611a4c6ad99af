import { chromium } from 'playwright-core';
import { processesNaming } from '../../src/browser/process-search.ts';
import { readProcStat } from '../../src/run/process-identity.ts';
import { full, shell } from './cycles.ts';
import { proportionalSetSize } from './memory.ts';
import { ourRuns } from './our-runs.ts';
import { expectedTitle, startSite } from './site.ts';
import { row, type Row } from './statistics.ts';

const people = 20;
const rounds = Number(process.env['BENCH_CROWD_ROUNDS'] ?? 3);

interface Crowd {
  readonly ms: number;
  readonly mib: number;
}

/** Twenty pages with cookies of their own at once: until the last of them is loaded, and what they take then. */
export async function crowd(): Promise<readonly Row[]> {
  await using site = await startSite();
  await using runs = await ourRuns(shell, { isolation: 'context', concurrency: people });
  const ours: Crowd[] = [];
  const onFull: Crowd[] = [];
  const onShell: Crowd[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(await ourCrowd(runs, site.url));
    onFull.push(await playwrightCrowd(full, site.url));
    onShell.push(await playwrightCrowd(shell, site.url));
  }
  const ms = (all: readonly Crowd[]) => all.map((one) => one.ms);
  const mib = (all: readonly Crowd[]) => all.map((one) => one.mib);
  return [
    row('20 runs at once, asked to last page, contexts', 'ms', ms(ours), ms(onFull), 'playwright-core on chromium, one launch', 0.6),
    row('20 runs at once, asked to last page, contexts', 'ms', ms(ours), ms(onShell), 'playwright-core on headless-shell, one launch'),
    row('20 runs at once, memory of all processes', 'MiB', mib(ours), mib(onFull), 'playwright-core on chromium, one launch', 0.6),
    row('20 runs at once, memory of all processes', 'MiB', mib(ours), mib(onShell), 'playwright-core on headless-shell, one launch'),
  ];
}

async function ourCrowd(runs: Awaited<ReturnType<typeof ourRuns>>, url: string): Promise<Crowd> {
  const all = Promise.withResolvers<void>();
  const began = performance.now();
  let loaded = 0;
  let ms = 0;
  let mib = 0;
  const hold = async () => {
    if (++loaded === people) {
      ms = performance.now() - began;
      mib = await memoryOf('--ia-lease=');
      all.resolve();
    }
    await all.promise;
  };
  await Promise.all(Array.from({ length: people }, () => runs.once(url, hold).catch((error: unknown) => all.reject(error))));
  await all.promise;
  return { ms, mib };
}

async function playwrightCrowd(executablePath: string, url: string): Promise<Crowd> {
  const began = performance.now();
  const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
  try {
    await Promise.all(Array.from({ length: people }, async () => {
      const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
      await page.goto(url, { timeout: 120_000 });
      if ((await page.title()) !== expectedTitle) throw new Error('The page was not loaded.');
    }));
    const ms = performance.now() - began;
    return { ms, mib: await memoryOf('playwright_chromiumdev_profile') };
  } finally {
    await browser.close();
  }
}

/** Proportional set size of every process in the groups of those that `text` names and that this program started. */
async function memoryOf(text: string): Promise<number> {
  const groups = new Set((await processesNaming(text)).map((pid) => readProcStat(pid)).filter((stat) => stat?.parent === process.pid).map((stat) => stat!.group));
  const sizes = await Promise.all([...groups].map(proportionalSetSize));
  return sizes.reduce((sum, bytes) => sum + bytes, 0) / (1024 * 1024);
}
