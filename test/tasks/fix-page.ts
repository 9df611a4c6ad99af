import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { calls, code, finishChecked, lastResult } from '../helpers/tasks.ts';
import type { SeededTask } from './seeded-task.ts';

const page = `<!doctype html>
<title>Counter</title>
<button id="add">Add</button>
<output>0</output>
<script>
  let count = 0;
  document.querySelector('#add').addEventListener('click', () => {
    count =+ 1;
    document.querySelector('output').textContent = count;
  });
</script>
`;
const checked = (from: string): string => `import { browser, workspace } from "assassin";
export default async function () {
  const html = await workspace.readFile("index.html");
  await using page = await browser.open("${from}/blank");
  await page.evaluate((text: string) => { document.open(); document.write(text); document.close(); }, html);
  for (let i = 0; i < 3; i++) await page.click("#add");
  const shown = await page.text("output");
  if (shown !== "3") throw new Error("after three clicks it shows " + shown);
  return shown;
}`;

export const fixPage: SeededTask = {
  id: 'fix-page',
  name: 'a page is tried in a browser, corrected, and tried again',
  files: { 'index.html': page },
  site: () => ({ '/blank': '<title>Blank</title>' }),
  text: ({ origin }) => `The counter of @index.html does not count. Try it in a browser (${origin}/blank is an empty page to write it into), correct it, and try it again.`,
  grants: ({ origin }) => ['browser', `net ${origin}`, 'fs.write index.html'],
  answers: ({ origin }) => [
    code(checked(origin)),
    (request) => {
      assert.match(lastResult(request), /failed[\s\S]*after three clicks it shows 1/);
      return calls(['edit_file', { path: 'index.html', edits: [{ oldText: 'count =+ 1;', newText: 'count += 1;' }] }]);
    },
    code(checked(origin)),
    finishChecked('The counter assigned +1 instead of adding; three clicks show 3 now.'),
  ],
  changes: ['index.html'],
  check: ({ workspace }) => assert.equal(readFileSync(join(workspace, 'index.html'), 'utf8'), page.replace('=+', '+=')),
};
