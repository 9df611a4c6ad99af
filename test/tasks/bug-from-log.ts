import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { calls, code, finishChecked, lastResult } from '../helpers/tasks.ts';
import type { SeededTask } from './seeded-task.ts';

const failed = [1417, 2203, 3750];
const tiers = ['gold', 'silver', 'none'];
const stamp = (i: number): string => new Date(Date.UTC(2026, 2, 1) + i * 7000).toISOString();

/** Most of it is noise, warnings included; three orders of the same kind fail. */
const log = Array.from({ length: 3000 }, (_, i) => {
  const id = 1000 + i;
  if (failed.includes(id)) {
    return [
      `${stamp(i)} INFO order ${id} tier=guest received`,
      `${stamp(i)} ERROR order ${id} TypeError: Cannot read properties of undefined (reading 'rate')`,
      '    at discountOf (src/discount.mjs:7:28)', '    at totalOf (src/order.mjs:4:35)',
    ].join('\n');
  }
  return `${stamp(i)} ${i % 97 === 0 ? 'WARN slow storage, order' : 'INFO order'} ${id} tier=${tiers[i % 3]} done`;
}).join('\n');

const discount = `const tiers = {
  none: { rate: 0 },
  silver: { rate: 0.05 },
  gold: { rate: 0.1 },
};
export function discountOf(order) {
  return order.sum * tiers[order.tier].rate;
}
`;

export const bugFromLog: SeededTask = {
  id: 'bug-from-log',
  name: 'the cause of failures in a log is found and corrected',
  files: {
    'logs/app.log': `${log}\n`,
    'src/discount.mjs': discount,
    'src/order.mjs': "import { discountOf } from './discount.mjs';\n\nexport function totalOf(order) {\n  return order.sum + order.shipping - discountOf(order);\n}\n",
    'check.mjs': "import { totalOf } from './src/order.mjs';\nfor (const tier of ['none', 'silver', 'gold', 'guest']) console.log(tier, totalOf({ sum: 100, shipping: 5, tier }));\n",
  },
  text: () => 'Some orders fail, see logs/app.log. Find the cause and correct it in src; an order of a tier that is not known gets no discount. "node check.mjs" shows totals of all tiers. Your result is the list of the numbers of the orders that had failed.',
  grants: () => ['fs.write src/**', 'exec node check.mjs'],
  answers: () => [
    code(`import { workspace } from "assassin";
export default async function () {
  const lines = (await workspace.readFile("logs/app.log")).split("\\n");
  const errors = lines.flatMap((line, i) => line.includes(" ERROR ") ? [{ line, before: lines[i - 1], stack: lines.slice(i + 1, i + 3) }] : []);
  return { lines: lines.length, errors, ids: errors.map(({ line }) => Number(/order (\\d+)/.exec(line)?.[1])) };
}`),
    calls(['read_file', { path: 'src/discount.mjs' }], ['read_file', { path: 'src/order.mjs' }]),
    (request) => {
      assert.match(lastResult(request), /discountOf/);
      return calls(['edit_file', { path: 'src/discount.mjs', edits: [{ oldText: 'tiers[order.tier].rate', newText: '(tiers[order.tier] ?? tiers.none).rate' }] }]);
    },
    code('import { exec } from "assassin";\nexport default async () => { const { exitCode, output } = await exec(["node", "check.mjs"]); return { exitCode, output }; }'),
    finishChecked(failed),
  ],
  changes: ['src/discount.mjs'],
  check: ({ workspace }, answer) => {
    const probe = "import { totalOf } from './src/order.mjs'; console.log(JSON.stringify(['none', 'silver', 'gold', 'guest', 'toString'].map((tier) => totalOf({ sum: 100, shipping: 5, tier }))));";
    const totals = JSON.parse(execFileSync('node', ['--input-type=module', '-e', probe], { cwd: workspace, encoding: 'utf8', stdio: 'pipe' })) as readonly (number | null)[];
    assert.deepEqual(totals.slice(0, 4), [105, 100, 95, 105]);
    const numbers = [...JSON.stringify((answer as { readonly answer: unknown }).answer).matchAll(/\d{4}/g)].map(([text]) => Number(text));
    assert.deepEqual([...new Set(numbers)].sort(), failed);
  },
};
