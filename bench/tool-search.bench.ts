import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ToolIndex } from '../src/tools/search/tool-index.ts';
import { loadData, type BenchTool, type Question } from './tool-search/data.ts';
import { fts5, miniSearch, plainBm25, type Searcher } from './tool-search/peers.ts';

const builds = 5;
const timedQueries = 600;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** The search for tools over a real catalogue: building, memory and time of a search; and how much of what is needed it finds, over three sets of real questions. */
export default async function toolSearch() {
  const data = loadData();
  if (!data) throw new Error('The catalogue lies in "shared/data" beside the repository, and is not there.');
  const { catalogue, tools, questions } = data;
  const built: Record<string, number[]> = { ours: [], MiniSearch: [], FTS5: [] };
  for (let round = 0; round < builds; round++) {
    built['ours']!.push(await timed(() => ToolIndex.build(catalogue)));
    built['MiniSearch']!.push(await timed(() => miniSearch(catalogue)));
    built['FTS5']!.push(await timed(() => fts5(catalogue)[Symbol.dispose]()));
  }
  const memory = { ours: await heldBy(() => ToolIndex.build(catalogue)), MiniSearch: await heldBy(() => miniSearch(catalogue)) };
  const queries = questions.slice(0, timedQueries).map(({ query }) => query);
  const own = asSearcher(await ToolIndex.build(catalogue));
  const mini = miniSearch(catalogue);
  using full = fts5(catalogue);
  const times = { ours: [] as number[], MiniSearch: [] as number[], FTS5: [] as number[] };
  for (const query of queries) {
    times.ours.push(once(own, query));
    times.MiniSearch.push(once(mini, query));
    times.FTS5.push(once(full, query));
  }
  const row = (bench: string, unit: string, ours: number, peer: number, peerName: string, n: number) => ({ bench, unit, ours, peer, peerName, ratio: ours / peer, n });
  const size = catalogue.length.toLocaleString('en-US');
  return [
    row(`index of ${size} tools, built, median`, 'ms', at(built['ours']!, 0.5), at(built['MiniSearch']!, 0.5), 'MiniSearch', builds),
    row(`index of ${size} tools, built, median`, 'ms', at(built['ours']!, 0.5), at(built['FTS5']!, 0.5), 'SQLite FTS5', builds),
    row(`index of ${size} tools, memory held`, 'MiB', memory.ours, memory.MiniSearch, 'MiniSearch', 1),
    row('search, median', 'ms', at(times.ours, 0.5), at(times.MiniSearch, 0.5), 'MiniSearch', queries.length),
    row('search, p95', 'ms', at(times.ours, 0.95), at(times.MiniSearch, 0.95), 'MiniSearch', queries.length),
    row('search, p95', 'ms', at(times.ours, 0.95), at(times.FTS5, 0.95), 'SQLite FTS5', queries.length),
    ...(await quality(tools, questions)),
  ];
}

/** Tools that were not found among the first five and ten: less is better, as with times. */
async function quality(tools: readonly BenchTool[], questions: readonly Question[]) {
  const rows: { bench: string; unit: string; ours: number; peer: number; peerName: string; ratio: number; n: number }[] = [];
  for (const set of new Set(questions.map((question) => question.set))) {
    const own = tools.filter((tool) => tool.set === set);
    const asked = questions.filter((question) => question.set === set);
    const ours = asSearcher(await ToolIndex.build(own));
    for (const [peerName, peer] of [['plain BM25', plainBm25(own)], ['MiniSearch', miniSearch(own)]] as const) {
      for (const k of [5, 10]) {
        const missed = [1 - recall(ours, asked, k), 1 - recall(peer, asked, k)] as const;
        rows.push({ bench: `${set}: missed among the first ${k} (1 - recall@${k})`, unit: 'share', ours: missed[0], peer: missed[1], peerName, ratio: missed[0] / missed[1], n: asked.length });
        if (!asked.some(({ steps }) => steps)) continue;
        const planned = [1 - recallOfSteps(ours, asked, k), 1 - recallOfSteps(peer, asked, k)] as const;
        rows.push({ bench: `${set}: one search for each planned step, missed among the first ${k} of each`, unit: 'share', ours: planned[0], peer: planned[1], peerName, ratio: planned[0] / planned[1], n: asked.length });
      }
    }
  }
  return rows;
}

function recall(searcher: Searcher, questions: readonly Question[], k: number): number {
  return mean(questions.map(({ query, gold }) => foundShare(gold, searcher.search(query, k))));
}

function recallOfSteps(searcher: Searcher, questions: readonly Question[], k: number): number {
  return mean(questions.map(({ query, steps = [query], gold }) => foundShare(gold, steps.flatMap((step) => searcher.search(step, k)))));
}

function foundShare(gold: readonly string[], found: readonly BenchTool[]): number {
  const keys = new Set(found.map(({ key }) => key));
  return gold.filter((key) => keys.has(key)).length / gold.length;
}

function asSearcher(index: ToolIndex<BenchTool>): Searcher {
  return { search: (query, limit) => index.search(query, limit).map(({ tool }) => tool) };
}

async function timed(work: () => unknown): Promise<number> {
  collectGarbage();
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function once(searcher: Searcher, query: string): number {
  const began = performance.now();
  searcher.search(query, 10);
  return performance.now() - began;
}

/** MiB that stay while the index is held. */
async function heldBy(make: () => unknown): Promise<number> {
  const used = () => {
    collectGarbage();
    collectGarbage();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return (heapUsed + arrayBuffers) / 1024 ** 2;
  };
  const before = used();
  const held = await make();
  const after = used();
  if (held === undefined) throw new Error('there is nothing to be held');
  return after - before;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function at(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1]!;
}
