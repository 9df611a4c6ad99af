// Runs one benchmark module on Node 24, which reads its TypeScript as it is.
import { pathToFileURL } from 'node:url';

/** @typedef {{ bench: string, unit: string, ours: number, peer: number, peerName: string, ratio: number, n: number }} Row */

const [file = '', flag] = process.argv.slice(2);
const json = flag === '--json';
const log = console.log;
// A library that prints must not break the one JSON array.
if (json) console.log = console.error;

/** @type {{ default: () => Promise<Row[]> }} */
const module = await import(pathToFileURL(file).href);
const rows = await module.default();
const number = (/** @type {number} */ value) => (Number.isFinite(value) ? Number(value.toPrecision(4)) : null);

if (json) log(JSON.stringify(rows.map((row) => ({ ...row, ours: number(row.ours), peer: number(row.peer), ratio: number(row.ratio) }))));
else {
  console.table(rows.map(({ bench, ours, peer, unit, peerName, ratio, n }) => ({
    benchmark: bench, ours: `${number(ours)} ${unit}`, peer: `${number(peer)} ${unit}`, 'compared with': peerName, ratio: number(ratio), runs: n,
  })));
}
