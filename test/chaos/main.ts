// npm run chaos -- [--runs 200] [--seed N] [--hosts 4] [--json]
import { parseArgs } from 'node:util';
import { chaos } from './chaos.ts';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' }, hosts: { type: 'string', default: '4' }, json: { type: 'boolean', default: false } } });
const report = await chaos({ runs: Number(values.runs), seed: Number(values.seed), hosts: Number(values.hosts), log: (line) => console.error(line) });
if (values.json) console.log(JSON.stringify(report));
else {
  const { runs, states, effects, kills, hosts, auditEntries, swept, problems, ms } = report;
  console.log(`${runs} runs in ${hosts} programs, ${(ms / 1000).toFixed(0)} s. Killed: ${Object.entries(kills).map(([what, count]) => `${count} ${what}`).join(', ')}.`);
  console.log(`Ended as: ${Object.entries(states).map(([state, count]) => `${count} ${state}`).join(', ')}. The last start swept ${swept}.`);
  console.log(`Effects: ${effects.recorded} recorded as done, ${effects.failed} as failed, ${effects.unknown} unknown; ${effects.seen} seen. Audit log: ${auditEntries} entries.`);
  console.log(problems.length === 0 ? 'Nothing lost, nothing repeated, nothing left behind.' : `${problems.length} problems:\n${problems.join('\n')}`);
}
process.exitCode = report.problems.length === 0 ? 0 : 1;
