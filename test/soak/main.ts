// npm run soak -- browser [--count N] [--isolation process|context] [--json]
// npm run soak -- --idle [--minutes N] [--without N] [--json]
import { parseArgs } from 'node:util';
import { isolations, type Isolation } from '../../src/browser/browser-factory.ts';
import { growth, soakBrowsers } from './browser-soak.ts';
import { idleVerdict } from './idle-minute.ts';
import { soakIdle } from './idle-soak.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { idle: { type: 'boolean', default: false }, minutes: { type: 'string', default: '10' }, without: { type: 'string', default: '2' }, count: { type: 'string', default: '500' }, isolation: { type: 'string', default: 'process' }, json: { type: 'boolean', default: false } } });
const isIsolation = (text: string): text is Isolation => (isolations as readonly string[]).includes(text);
const { isolation } = values;
const count = Number(values.count);
const minutes = Number(values.minutes);
const without = Number(values.without);
if (values.idle && [minutes, without].every((value) => Number.isInteger(value) && value > 0)) process.exit(await idle());
if (positionals[0] !== 'browser' || !isIsolation(isolation) || !Number.isInteger(count) || count < 10) {
  console.error('Usage: npm run soak -- browser [--count N, at least 10] [--isolation process|context] [--json]\n       npm run soak -- --idle [--minutes N] [--without N] [--json]');
  process.exit(2);
}
const began = performance.now();
const samples = await soakBrowsers({
  count, samples: 10, isolation,
  onSample: ({ done, heapMiB, rssMiB, handles, temporary, processes }) => values.json || console.log(`${String(done).padStart(6)} browsers: heap ${heapMiB.toFixed(1)} MiB, resident ${rssMiB.toFixed(0)} MiB, ${handles} handles, ${temporary} temporary entries, ${processes} processes`),
});
const grown = growth(samples);
const seconds = (performance.now() - began) / 1000;
if (values.json) console.log(JSON.stringify({ isolation, count, seconds, samples, grown }));
else console.log(grown.length === 0 ? `Flat over ${count} throwaway browsers in ${seconds.toFixed(0)} s.` : `Not flat: ${grown.join('; ')}.`);
process.exitCode = grown.length === 0 ? 0 : 1;

/** Exit code 1 where the extension uses more than an idle one may. */
async function idle(): Promise<number> {
  const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
  const mib = (value: number) => `${value.toFixed(1)} MiB`;
  const seen = await soakIdle({ minutes, without }, ({ minute, phase, cpuShare, ownShare, heapMiB, residentMiB }) => values.json || console.log(`${phase.padEnd(8)} ${String(minute).padStart(2)}: ${percent(cpuShare)} of a processor${ownShare === undefined ? '' : `, ${percent(ownShare)} in the extension's own code`}, heap ${mib(heapMiB)}, resident ${mib(residentMiB)}`));
  const verdict = idleVerdict(seen);
  if (values.json) console.log(JSON.stringify({ minutes: seen, ...verdict }));
  else console.log(`The extension host without the extension: ${percent(verdict.without)}; with it, idle: ${percent(verdict.median)} in the median minute, ${percent(verdict.more)} more while both stood open; in the extension's own code ${percent(verdict.profiledOwn)}. From the first to the last third of the time the heap grew by ${mib(verdict.heapGrownMiB)}, resident memory by ${mib(verdict.residentGrownMiB)}.`);
  return verdict.met ? 0 : 1;
}
