// npm run soak -- browser [--count N] [--isolation process|context] [--json]
import { parseArgs } from 'node:util';
import { isolations, type Isolation } from '../../src/browser/browser-factory.ts';
import { growth, soakBrowsers } from './browser-soak.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { count: { type: 'string', default: '500' }, isolation: { type: 'string', default: 'process' }, json: { type: 'boolean', default: false } } });
const isIsolation = (text: string): text is Isolation => (isolations as readonly string[]).includes(text);
const { isolation } = values;
const count = Number(values.count);
if (positionals[0] !== 'browser' || !isIsolation(isolation) || !Number.isInteger(count) || count < 10) {
  console.error('Usage: npm run soak -- browser [--count N, at least 10] [--isolation process|context] [--json]');
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
