import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { calls, code, finishChecked, lastResult } from '../helpers/tasks.ts';
import type { SeededTask } from './seeded-task.ts';

const base = 'export function price(item, quantity) {\n  return item.cents * quantity;\n}\n';
const ours = 'export function price(item, quantity, discount = 0) {\n  return item.cents * quantity * (1 - discount);\n}\n';
const theirs = 'export function price(item, quantity) {\n  if (!Number.isInteger(quantity) || quantity < 0) throw new RangeError(`quantity ${quantity}`);\n  return Math.round(item.cents * quantity);\n}\n';
const merged = 'export function price(item, quantity, discount = 0) {\n  if (!Number.isInteger(quantity) || quantity < 0) throw new RangeError(`quantity ${quantity}`);\n  return Math.round(item.cents * quantity * (1 - discount));\n}\n';
const tests = `import assert from 'node:assert/strict';
import test from 'node:test';
import { price } from '../src/price.mjs';
test('a discount is taken off', () => assert.equal(price({ cents: 1000 }, 2, 0.1), 1800));
test('prices are whole cents', () => assert.equal(price({ cents: 333 }, 1, 0.5), 167));
test('a quantity is a whole number', () => assert.throws(() => price({ cents: 1 }, 1.5), RangeError));
`;

export const mergeConflict: SeededTask = {
  id: 'merge-conflict',
  name: 'a merge conflict is resolved with what both sides wanted',
  files: { 'src/price.mjs': base, 'test/price.test.mjs': tests, 'README.md': '# Prices\n' },
  prepare: ({ workspace }) => {
    const git = (...args: readonly string[]) => execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', '-c', 'init.defaultBranch=main', '-c', 'core.autocrlf=false', ...args], { cwd: workspace, stdio: 'pipe' });
    const commit = (text: string, message: string) => {
      writeFileSync(join(workspace, 'src/price.mjs'), text);
      git('add', '-A');
      git('commit', '-q', '-m', message);
    };
    git('init', '-q');
    commit(base, 'Prices');
    git('checkout', '-q', '-b', 'whole-cents');
    commit(theirs, 'Whole cents, whole quantities');
    git('checkout', '-q', 'main');
    commit(ours, 'Discounts');
    // It fails, which is what it is for.
    assert.throws(() => git('merge', '-q', 'whole-cents'));
  },
  text: () => 'Merging the branch whole-cents left a conflict in @src/price.mjs. Resolve it so that what both sides wanted holds; the tests say what that is. Do not commit.',
  grants: () => ['fs.write src/**', 'exec node --test'],
  answers: () => [
    calls(['read_file', { path: 'src/price.mjs' }], ['read_file', { path: 'test/price.test.mjs' }]),
    (request) => {
      assert.match(lastResult(request), /whole cents/);
      return code(`import { workspace } from "assassin";\nexport default () => workspace.writeFile("src/price.mjs", ${JSON.stringify(merged)});`);
    },
    code('import { exec, workspace } from "assassin";\nexport default async () => { const { exitCode, output } = await exec(["node", "--test"]); return { exitCode, marks: /^[<=>]{7}/m.test(await workspace.readFile("src/price.mjs")), end: output.slice(-300) }; }'),
    finishChecked('The function takes a discount, checks the quantity and rounds to whole cents.'),
  ],
  changes: ['src/price.mjs'],
  check: ({ workspace }) => {
    assert.doesNotMatch(readFileSync(join(workspace, 'src/price.mjs'), 'utf8'), /^(?:<{7}|={7}|>{7})/m);
    execFileSync('node', ['--test'], { cwd: workspace, stdio: 'pipe' });
    assert.equal(execFileSync('git', ['log', '--oneline', '--all'], { cwd: workspace, encoding: 'utf8' }).trim().split('\n').length, 3, 'nothing was committed');
    execFileSync('git', ['rev-parse', '-q', '--verify', 'MERGE_HEAD'], { cwd: workspace });
  },
};
