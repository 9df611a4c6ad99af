import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { calls, code, finishChecked } from '../helpers/tasks.ts';
import type { SeededTask } from './seeded-task.ts';

const spec = `# slugify

\`tools/slugify.mjs\` exports \`slugify(text)\`. It needs no package.

- Letters lose their accents ("Crème" gives "creme"); "ß" gives "ss", "&" gives "and".
- Everything is in lower case; whatever is neither a-z nor 0-9 becomes one "-".
- There is no "-" at the beginning or the end. A text of which nothing is left gives "n-a".
`;
const script = `const spelled = { ß: 'ss', '&': ' and ' };

export function slugify(text) {
  const plain = text.replace(/[ß&]/g, (letter) => spelled[letter]).normalize('NFD').replace(/\\p{M}/gu, '').toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'n-a';
}
`;
const test = `import assert from 'node:assert/strict';
import test from 'node:test';
import { slugify } from '../tools/slugify.mjs';

const cases = { 'Crème brûlée': 'creme-brulee', 'Straße & Co.': 'strasse-and-co', '  --Hello,   World!-- ': 'hello-world', 'Version 2.0': 'version-2-0', '???': 'n-a', '': 'n-a' };
for (const [text, slug] of Object.entries(cases)) test(JSON.stringify(text) + ' gives ' + slug, () => assert.equal(slugify(text), slug));
`;
/** Implementations that break one line of the specification each: a test that is worth something fails for all of them. */
const broken = [
  "export const slugify = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'n-a';\n",
  "export const slugify = (text) => text.replaceAll('ß', 'ss').replaceAll('&', ' and ').normalize('NFD').replace(/\\p{M}/gu, '').toLowerCase().replace(/[^a-z0-9]+/g, '-') || 'n-a';\n",
  "export const slugify = (text) => text.replaceAll('ß', 'ss').replaceAll('&', ' and ').normalize('NFD').replace(/\\p{M}/gu, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');\n",
];

export const writeScript: SeededTask = {
  id: 'write-script',
  name: 'a script is written from its specification, with a test that can fail',
  files: { 'SPEC.md': spec, 'package.json': '{ "name": "tools", "type": "module" }\n' },
  text: () => 'Write tools/slugify.mjs as @SPEC.md says, and test/slugify.test.mjs for "node --test" with a case for each rule. No packages.',
  grants: () => ['fs.write tools/**', 'fs.write test/**', 'exec node --test'],
  answers: () => [
    calls(['edit_file', { path: 'tools/slugify.mjs', edits: [{ oldText: '', newText: script }] }], ['edit_file', { path: 'test/slugify.test.mjs', edits: [{ oldText: '', newText: test }] }]),
    code('import { exec } from "assassin";\nexport default async () => { const { exitCode, output } = await exec(["node", "--test"]); return { exitCode, end: output.slice(-400) }; }'),
    finishChecked('The script and its test are written; all cases pass.'),
  ],
  changes: ['test/slugify.test.mjs', 'tools/slugify.mjs'],
  check: ({ workspace }) => {
    const file = join(workspace, 'tools/slugify.mjs');
    const passes = () => {
      try {
        execFileSync('node', ['--test'], { cwd: workspace, stdio: 'pipe' });
        return true;
      } catch {
        return false;
      }
    };
    const written = readFileSync(file, 'utf8');
    assert.doesNotMatch(written, /(?:from|import\s*\(|require\s*\()\s*['"](?!node:)/);
    assert.ok(passes(), 'its own test passes');
    const probe = "import { slugify } from './tools/slugify.mjs'; console.log(JSON.stringify(['Ünïcode & more', 'a__b', '-x-', 'Fuß', '🙂', 'A1 b2'].map(slugify)));";
    assert.deepEqual(JSON.parse(execFileSync('node', ['--input-type=module', '-e', probe], { cwd: workspace, encoding: 'utf8' })), ['unicode-and-more', 'a-b', 'x', 'fuss', 'n-a', 'a1-b2']);
    for (const text of broken) {
      writeFileSync(file, text);
      assert.ok(!passes(), 'its test passes for a script that breaks a rule');
    }
    writeFileSync(file, written);
  },
};
