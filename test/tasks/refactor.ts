import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { code, finishChecked } from '../helpers/tasks.ts';
import type { SeededTask } from './seeded-task.ts';

const users = Array.from({ length: 20 }, (_, i) => `src/part-${i}.mjs`);
const partOf = (i: number): string => `import { fmt } from './format.mjs';\n// fmt is short for format; the word "fmt" in texts stays.\nexport const value${i} = ${i % 2 === 0 ? `fmt(${i})` : `[${i}].map((n) => fmt( n ))[0]`} + ' fmt';\n`;

export const refactor: SeededTask = {
  id: 'refactor',
  name: 'a function is renamed in twenty files and what it gives stays the same',
  files: {
    'src/format.mjs': 'export function fmt(n) {\n  return `<${n}>`;\n}\n',
    ...Object.fromEntries(users.map((path, i) => [path, partOf(i)])),
    'check.mjs': `let all = '';\nfor (let i = 0; i < 20; i++) all += (await import('./src/part-' + i + '.mjs'))['value' + i];\nconsole.log(all);\n`,
  },
  text: () => 'Rename the function fmt of src/format.mjs to formatNumber, everywhere in src. Texts and comments stay as they are.',
  grants: () => ['fs.write src/**', 'exec node check.mjs'],
  answers: () => [
    code(`import { workspace } from "assassin";
export default async function () {
  const files = (await workspace.list("src")).map(({ name }) => "src/" + name);
  let changed = 0;
  await Promise.all(files.map(async (path) => {
    const text = await workspace.readFile(path);
    const edits = [];
    if (text.includes("function fmt(")) edits.push({ oldText: "function fmt(", newText: "function formatNumber(" });
    if (text.includes("import { fmt }")) edits.push({ oldText: "import { fmt }", newText: "import { formatNumber }" }, { oldText: "fmt(", newText: "formatNumber(", all: true });
    if (edits.length > 0) { await workspace.edit(path, edits); changed++; }
  }));
  return changed;
}`),
    code('import { exec } from "assassin";\nexport default async () => { const { exitCode, output } = await exec(["node", "check.mjs"]); return { exitCode, output }; }'),
    finishChecked('fmt is formatNumber in 21 files.'),
  ],
  changes: ['src/format.mjs', ...users],
  check: ({ workspace }) => {
    const expected = Array.from({ length: 20 }, (_, i) => `<${i}> fmt`).join('');
    assert.equal(execFileSync('node', ['check.mjs'], { cwd: workspace, encoding: 'utf8' }).trim(), expected);
    for (const path of users) {
      const text = readFileSync(join(workspace, path), 'utf8');
      assert.doesNotMatch(text, /\bfmt ?\(|\{ fmt \}/);
      assert.match(text, /\/\/ fmt is short for format; the word "fmt" in texts stays\.\n/);
    }
  },
};
