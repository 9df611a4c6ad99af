import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { calls, code, finishChecked } from '../helpers/tasks.ts';
import type { SeededTask } from './seeded-task.ts';

const tests = `import test from 'node:test';
import assert from 'node:assert/strict';
import { total, average } from '../src/cart.mjs';
test('total adds prices by quantity', () => assert.equal(total([{ price: 2, quantity: 3 }, { price: 1, quantity: 1 }]), 7));
test('average of nothing is 0', () => assert.equal(average([]), 0));
test('average is the total over the quantity', () => assert.equal(average([{ price: 2, quantity: 3 }, { price: 4, quantity: 1 }]), 2.5));
test('an empty cart costs nothing', () => assert.equal(total([]), 0));
`;
const cart = `export function total(items) {\r
  return items.reduce((sum, item) => sum + item.price, 0);\r
}\r
\r
export function average(items) {\r
  const count = items.reduce((sum, item) => sum + item.quantity, 0);\r
  return total(items) / count;\r
}\r
`;
const runTests = code('import { exec } from "assassin";\nexport default async () => { const { exitCode, output } = await exec(["node", "--test"]); return { exitCode, failing: output.split("\\n").filter((line) => /^not ok|^✖/.test(line)) }; }');

export const failingTest: SeededTask = {
  id: 'failing-tests',
  name: 'three failing tests turn green and nothing else changes',
  files: { 'package.json': '{ "name": "cart", "type": "module" }\n', 'src/cart.mjs': cart, 'src/other.mjs': 'export const untouched = true;\n', 'test/cart.test.mjs': tests },
  text: () => 'Some tests of this project fail. Make them pass by correcting @src/cart.mjs; leave the tests as they are.',
  grants: () => ['exec node --test', 'fs.write src/**'],
  answers: () => [
    runTests,
    calls(['read_file', { path: 'src/cart.mjs' }], ['read_file', { path: 'test/cart.test.mjs' }]),
    calls(['edit_file', { path: 'src/cart.mjs', edits: [
      { oldText: 'sum + item.price, 0', newText: 'sum + item.price * item.quantity, 0' },
      { oldText: '  return total(items) / count;\n}', newText: '  return count === 0 ? 0 : total(items) / count;\n}' },
    ] }]),
    runTests,
    finishChecked('total ignored the quantity, and average divided by zero; both are corrected and all tests pass.'),
  ],
  changes: ['src/cart.mjs'],
  check: ({ workspace }) => {
    execFileSync('node', ['--test'], { cwd: workspace, stdio: 'pipe' });
    const file = readFileSync(join(workspace, 'src/cart.mjs'), 'utf8');
    assert.equal(file.split('\r\n').length, file.split('\n').length, 'the line ends are still those of Windows');
  },
};
