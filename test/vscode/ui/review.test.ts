import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it } from '../harness/ui.ts';
import { eventually } from '../harness/workbench.ts';
import { manifestWords } from './manifest.ts';

let category = '';

const edits = `import { workspace } from 'assassin';
export const meta = { title: 'Edits', grants: ['fs.read **', 'fs.write **'] };
export default async () => {
  await workspace.edit('a.txt', [{ oldText: 'one', newText: 'ONE' }, { oldText: 'five', newText: 'FIVE' }]);
  await workspace.writeFile('b.txt', 'made\\n');
};
`;

describe('the review of a run', () => {
  before(async ({ workbench }) => {
    const { name } = await manifestWords();
    category = name;
    await writeFile(join(workbench.folder, 'a.txt'), 'one\ntwo\nthree\nfour\nfive\n');
    await writeFile(join(workbench.folder, '.assassin', 'chains', 'edits.ts'), edits);
    await workbench.setting('diffEditor.codeLens', true);
    await workbench.openView(name);
  });

  it('shows Keep and Put back in the comparison of all files, and a click on one changes these lines only', async ({ workbench }) => {
    await workbench.command(`${category}: Run chain`);
    await workbench.pick('Edits');
    await eventually('the end of the run', async () => (await workbench.treeRows('Runs'))[0]?.startsWith('Edits, done'));
    await workbench.command(`${category}: Review changes of a run`);
    await workbench.pick('Edits');
    const lenses = () => workbench.texts('.multiDiffEditor .codelens-decoration a');
    await eventually('the lenses of both changes', async () => (await lenses()).filter((text) => text.includes('Put back')).length >= 2);
    await workbench.screenshot('review of a run');
    const buttons = await workbench.page.$$eval('.editor-actions .action-label', (labels) => labels.map((label) => label.getAttribute('aria-label') ?? ''));
    for (const title of ['Keep all changes of the run', 'Put back all changes of the run']) assert.ok(buttons.some((button) => button.includes(title)), buttons.join());
    await workbench.clickCodeLens('Put back', '.multiDiffEditor ');
    await eventually('the first lines to be back', async () => (await readFile(join(workbench.folder, 'a.txt'), 'utf8')) === 'one\ntwo\nthree\nfour\nFIVE\n');
    await eventually('the lenses of the rest', async () => (await lenses()).filter((text) => text.includes('Put back') && !text.includes('file')).length === 1);
    await workbench.screenshot('review after a change was put back');
    assert.equal(await readFile(join(workbench.folder, 'b.txt'), 'utf8'), 'made\n');
  });
});
