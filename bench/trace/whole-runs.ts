import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { denyAll } from '../../src/policy/approver.ts';
import type { RunOutcome } from '../../src/run/run-manager.ts';
import { Runtime } from '../../src/runtime.ts';
import { defaultSettings } from '../../src/runtime-options.ts';
import { startModel } from '../agent/scripted-model.ts';
import { fileText, task } from '../agent/loop-job.ts';
import { startSite } from '../browser/site.ts';
import { median, row, type Row } from '../browser/statistics.ts';

const target = 1.03;
/** Models are seldom quicker with the first word of an answer than this. */
const slowMs = 200;

const shop = `import { browser, workspace } from 'assassin';
export const meta = { grants: ['browser', 'net http://127.0.0.1:*', 'fs.read **', 'fs.write reports/**'] };
export default async function (input: { url: string }) {
  await using page = await browser.open(input.url);
  const { rows } = await page.extract({ rows: { $each: 'li', name: 'a' } });
  const again = await page.snapshot();
  await workspace.writeFile('reports/rows.json', JSON.stringify(rows));
  return { rows: rows.length, characters: again.length };
}
`;

const files = `import { workspace } from 'assassin';
export const meta = { grants: ['fs.read **', 'fs.write reports/**'] };
export default async function () {
  let lines = 0;
  for (let i = 0; i < 20; i++) lines += (await workspace.readFile('data.txt')).split('\\n').length;
  await workspace.writeFile('reports/lines.txt', String(lines));
  return lines;
}
`;

interface Job {
  readonly name: string;
  readonly rounds: number;
  readonly start: (runtime: Runtime) => Promise<{ readonly outcome: Promise<RunOutcome> }>;
  /** Whether such a run is what the target speaks of; the others show the worst that can happen. */
  readonly aimed: boolean;
  /** Of its model, where that is another one. */
  readonly baseUrl?: string;
}

/** The same runs with the record on disk and with a store that keeps nothing of them, in turns. */
export async function wholeRuns(): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'ia-bench-trace-'));
  const turns = 10;
  try {
    await mkdir(join(folder, '.assassin/chains'), { recursive: true });
    await writeFile(join(folder, 'data.txt'), fileText(turns));
    await writeFile(join(folder, '.assassin/chains/shop.ts'), shop);
    await writeFile(join(folder, '.assassin/chains/files.ts'), files);
    await using site = await startSite();
    await using model = await startModel(turns);
    await using slowModel = await startModel(turns, slowMs);
    const taskOf = (runtime: Runtime) => runtime.startTask(task, { model: 'bench/scripted', maxTurns: turns * 3, budget: { tokens: 10_000_000 } });
    const jobs: readonly Job[] = [
      { name: 'chain that opens a page, reads it and writes a file', rounds: 20, aimed: true, start: (runtime) => runtime.startChain('shop', { url: site.url }) },
      { name: 'chain of 21 calls that take next to no time', rounds: 100, aimed: false, start: (runtime) => runtime.startChain('files', {}) },
      { name: `task of ${turns} turns, a model without delay`, rounds: 60, aimed: false, start: taskOf },
      { name: `task of ${turns} turns, a model that takes ${slowMs} ms for each`, rounds: 8, aimed: true, baseUrl: slowModel.baseUrl, start: taskOf },
    ];
    const rows: Row[] = [];
    for (const job of jobs) rows.push(await compared(job, folder, job.baseUrl ?? model.baseUrl));
    return rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compared({ name, rounds, aimed, start }: Job, workspace: string, baseUrl: string): Promise<Row> {
  const open = (data: string) => Runtime.open({
    workspace, dataDirectory: join(workspace, '..', `${data}-${process.pid}`), distDirectory: pathToFileURL(join(import.meta.dirname, '../../dist/')), version: '0.0.0', approver: denyAll, log: () => undefined,
    settings: { ...defaultSettings, discoverModels: false, modelProviders: [{ kind: 'openai-compatible', name: 'bench', baseUrl }] },
  });
  const folders = ['on', 'off'].map((data) => join(workspace, '..', `${data}-${process.pid}`));
  try {
    await using on = await open('on');
    await using off = await open('off');
    keepNothing(off);
    const [withRecord, without]: [number[], number[]] = [[], []];
    for (let round = -5; round < rounds; round++) {
      const order = [[on, withRecord], [off, without]] as const;
      for (const [runtime, times] of round % 2 === 0 ? order : order.toReversed()) {
        const began = performance.now();
        const { error, clean } = await (await start(runtime)).outcome;
        if (error || !clean) throw new Error(`${name} did not end well: ${error?.message ?? 'something is left'}`);
        if (round >= 0) times.push(performance.now() - began);
      }
    }
    // Each pair ran one after the other: what slowed the machine meanwhile has slowed both.
    const ratio = median(withRecord.map((time, i) => time / without[i]!));
    return { ...row(`run, tracing on against off: ${name}`, 'ms', withRecord, without, 'the same with a store that keeps nothing', aimed ? target : undefined), ratio, ...(aimed ? { met: ratio <= target } : {}) };
  } finally {
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  }
}

/** For the bench only: a run cannot be had without its record. */
function keepNothing({ store }: Runtime): void {
  Object.assign(store, { append: () => undefined, putBlob: () => '0'.repeat(64) });
}
