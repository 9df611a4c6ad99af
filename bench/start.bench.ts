import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBrowser } from '../src/browser/discovery.ts';
// Plain JavaScript: the example is served by whoever runs it.
import { startShopSite } from '../examples/shop-site/server.mjs';

const inRoot = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const rounds = 7;

interface Finished {
  readonly ms: number;
  readonly report: { readonly products: number; readonly totalEur: number };
}

/**
 * The sample chain with the built command line against the same job written by hand: same site, same browser, same servers, same report.
 * Wall time of the whole process, in turns, so that a busy machine slows both.
 */
export default async function start() {
  const folder = await mkdtemp(join(tmpdir(), 'ia-bench-'));
  const site = await startShopSite();
  const browser = findBrowser(undefined).path;
  const env = { ...process.env, ASSASSIN_BROWSER: browser, CI: 'true' };
  const chain = () => run(
    [inRoot('dist/cli.js'), 'run', 'shop-report', '--workspace', inRoot('examples/shop-report'), '--data-dir', join(folder, 'data'), '--input', JSON.stringify({ url: site.url }), '--allow', `net ${site.url}`],
    env, inRoot('examples/shop-report/reports/shop.json'));
  const byHand = () => run([inRoot('bench/start-by-hand.mjs'), site.url, browser, join(folder, 'reports')], env, join(folder, 'reports', 'shop.json'));
  try {
    // Not counted: the first of each reads its files from the disk.
    await chain();
    await byHand();
    const ours: number[] = [];
    const peers: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const [one, other] = round % 2 === 0 ? [await chain(), await byHand()] : [await byHand(), await chain()].reverse() as [Finished, Finished];
      if (one.report.products !== other.report.products || one.report.totalEur !== other.report.totalEur) throw new Error('The chain and the script by hand do not agree; the comparison would be worth nothing.');
      ours.push(one.ms);
      peers.push(other.ms);
    }
    return [{ bench: 'sample chain, whole process', unit: 'ms', ours: median(ours), peer: median(peers), peerName: 'plain Node script', ratio: median(ours) / median(peers), n: rounds }];
  } finally {
    await site.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(args: readonly string[], env: NodeJS.ProcessEnv, reportFile: string): Promise<Finished> {
  await rm(reportFile, { force: true });
  const began = performance.now();
  const output: string[] = [];
  const child = spawn(process.execPath, [...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const ms = performance.now() - began;
  if (code !== 0) throw new Error(`${args[0]} ended with ${code}:\n${output.join('')}`);
  return { ms, report: JSON.parse(readFileSync(reportFile, 'utf8')) as Finished['report'] };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
}
