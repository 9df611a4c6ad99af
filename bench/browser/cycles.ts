import { existsSync } from 'node:fs';
import { ourRuns, type OurRuns, type Timing } from './our-runs.ts';
import { dumpDom, playwrightOnce, puppeteerOnce } from './peers.ts';
import { startSite } from './site.ts';
import { median, row, type Row } from './statistics.ts';

export const shell = '/usr/lib/chromium/chromium-headless-shell';
export const full = '/usr/lib/chromium/chromium';
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 9);

/** One page from the request until everything is gone, each way in each round, in an order that turns. */
export async function cycles(): Promise<readonly Row[]> {
  for (const path of [shell, full]) if (!existsSync(path)) throw new Error(`The comparison needs ${path}.`);
  await using site = await startSite();
  await using onShell = await ourRuns(shell);
  await using onFull = await ourRuns(full);
  await using warm = await ourRuns(shell, { keepReady: 'always' });
  await using shared = await ourRuns(shell, { isolation: 'context', keepReady: 'always' });
  const ours = (runs: OurRuns) => () => runs.once(site.url);
  const warmed = async () => {
    await warm.ready();
    return warm.once(site.url);
  };
  const dump = (path: string) => async (): Promise<Timing> => {
    const ms = await dumpDom(path, site.url);
    return { pageMs: ms, wholeMs: ms };
  };
  const ways: Readonly<Record<string, () => Promise<Timing>>> = {
    onShell: ours(onShell), onFull: ours(onFull), warm: warmed, shared: ours(shared),
    playwrightFull: () => playwrightOnce(full, site.url), playwrightShell: () => playwrightOnce(shell, site.url),
    puppeteerFull: () => puppeteerOnce(full, site.url), puppeteerShell: () => puppeteerOnce(shell, site.url),
    dumpShell: dump(shell), dumpFull: dump(full),
  };
  const names = Object.keys(ways);
  const seen = new Map<string, Timing[]>(names.map((name) => [name, []]));
  // The first round reads programs and libraries from the disk, and is not counted.
  for (let round = -1; round < rounds; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round + names.length) % names.length]!;
      const timing = await ways[name]!();
      if (round >= 0) seen.get(name)!.push(timing);
    }
  }
  const whole = (name: string) => seen.get(name)!.map(({ wholeMs }) => wholeMs);
  const page = (name: string) => seen.get(name)!.map(({ pageMs }) => pageMs);
  const limits = `limit --dump-dom ${median(whole('dumpShell')).toFixed(0)} ms on headless-shell, ${median(whole('dumpFull')).toFixed(0)} ms on chromium`;
  return [
    row(`asked to all gone, cold, headless-shell (${limits})`, 'ms', whole('onShell'), whole('playwrightFull'), 'playwright-core on chromium', 0.55),
    row('asked to all gone, cold, headless-shell', 'ms', whole('onShell'), whole('playwrightShell'), 'playwright-core on headless-shell', 1),
    row('asked to all gone, cold, headless-shell', 'ms', whole('onShell'), whole('puppeteerShell'), 'puppeteer-core on headless-shell'),
    row('asked to all gone, cold, chromium', 'ms', whole('onFull'), whole('playwrightFull'), 'playwright-core on chromium'),
    row('asked to all gone, cold, chromium', 'ms', whole('onFull'), whole('puppeteerFull'), 'puppeteer-core on chromium'),
    row('asked to page, own process from the pool', 'ms', page('warm'), page('playwrightFull'), 'playwright-core on chromium', 0.15),
    row('asked to page, own process from the pool', 'ms', page('warm'), page('playwrightShell'), 'playwright-core on headless-shell'),
    row('asked to page, context in a shared process', 'ms', page('shared'), page('playwrightFull'), 'playwright-core on chromium'),
    row('asked to page, cold, headless-shell', 'ms', page('onShell'), page('playwrightShell'), 'playwright-core on headless-shell'),
  ];
}
