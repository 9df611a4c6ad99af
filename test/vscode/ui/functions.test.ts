import assert from 'node:assert/strict';
import { describe, it } from '../harness/ui.ts';
import { eventually } from '../harness/workbench.ts';
import { manifestWords } from './manifest.ts';
import { press } from './panel.ts';

describe('a function in the editor', () => {
  it('runs in a sandbox at a click, after its arguments were asked for', async ({ workbench }) => {
    await workbench.openView((await manifestWords()).name);
    await workbench.openFile('src/math.ts');
    await eventually('the lenses', async () => (await workbench.codeLenses()).filter((lens) => lens.includes('Run in sandbox')).length === 2);
    await workbench.screenshot('lenses of functions');
    await workbench.clickCodeLens('Run in sandbox');
    await workbench.asked('Arguments of add');
    await workbench.retype('{}');
    await eventually('that a list is needed', async () => (await workbench.quickInputText()).includes('Write an array'));
    await workbench.retype('[40, 2]');
    await workbench.page.keyboard.press('Enter');
    await eventually('the run', async () => (await workbench.treeRows('Runs'))[0]?.startsWith('add(), done'));
    const panel = await workbench.webview('[role="tablist"]');
    await eventually('the result', async () => (await panel.$eval('body', (body) => body.textContent ?? '')).includes('42'));
  });

  it('can be chosen with the keyboard', async ({ workbench }) => {
    await workbench.openFile('src/text.ts');
    await workbench.command('Infrastructure Assassin: Run function in sandbox');
    await workbench.asked('Run which function');
    assert.deepEqual(await workbench.choices(), ['motto', 'count']);
    await workbench.pick('motto');
    await eventually('the run', async () => (await workbench.treeRows('Runs'))[0]?.startsWith('motto(), done'));
  });

  it('is served at a click, listed with its address, and stopped there', async ({ workbench }) => {
    await workbench.openView((await manifestWords()).name);
    await workbench.openFile('src/math.ts');
    await eventually('the lens', async () => (await workbench.codeLenses()).some((lens) => lens.includes('Serve')));
    await workbench.clickCodeLens('Serve');
    await eventually('the lens to stop it', async () => (await workbench.codeLenses()).some((lens) => lens.includes('Stop serving')));
    await eventually('the view', async () => (await workbench.treeRows('Served functions')).some((row) => /add of src\/math\.ts answers at http:\/\/127\.0\.0\.1:\d+/.test(row)));
    await eventually('the message', async () => (await workbench.notifications()).some((text) => text.includes('add() answers at http://127.0.0.1:')));
    await workbench.screenshot('a served function');
    await workbench.clickCodeLens('Stop serving');
    await eventually('the end of the run', async () => (await workbench.treeRows('Runs'))[0]?.startsWith('add(), done'));
    await eventually('the lens as before', async () => !(await workbench.codeLenses()).some((lens) => lens.includes('Stop serving')));
  });

  it('that was served is served again from its run, in the same page, and stopped from the view', async ({ workbench }) => {
    const pages = async () => (await workbench.texts('.editor-group-container .tab[data-resource-name="Infrastructure Assassin"]')).length;
    const before = await pages();
    await workbench.command('Notifications: Clear All Notifications');
    await press(workbench, 'Run again', '.actions button');
    await eventually('the view', async () => (await workbench.treeRows('Served functions')).some((row) => /add of src\/math\.ts answers at http:\/\/127\.0\.0\.1:\d+/.test(row)));
    await eventually('both runs', async () => (await workbench.treeRows('Runs')).filter((row) => row.startsWith('add(), ')).length === 3);
    assert.equal(await pages(), before);
    await workbench.clickTreeAction('add of src/math.ts', 'Stop serving');
    await eventually('the end of the run', async () => (await workbench.treeRows('Runs'))[0]?.startsWith('add(), done'));
  });

  it('that needs Node asks in the panel first, and is labelled there as weaker isolated', async ({ workbench }) => {
    await workbench.openView((await manifestWords()).name);
    await workbench.openFile('src/files.ts');
    await eventually('the lens', async () => (await workbench.codeLenses()).some((lens) => lens.includes('Run in Node')));
    // The message of the function that was served would lie over the page.
    await workbench.command('Notifications: Clear All Notifications');
    await workbench.clickCodeLens('Run in Node');
    await workbench.asked('Arguments of read');
    await workbench.retype('["src/text.ts"]');
    await workbench.page.keyboard.press('Enter');
    await eventually('the question', async () => (await workbench.treeRows('Runs'))[0]?.startsWith('read() in Node, weaker isolation, waiting'));
    const panel = await workbench.webview('.approval');
    const text = await panel.evaluate((root) => root.textContent ?? '');
    assert.match(text, /node [^ ]*src\/files\.ts/);
    assert.match(text, /in Node, weaker isolation/);
    await workbench.screenshot('Node is asked for');
    await press(workbench, 'Allow once', '.approval button');
    await eventually('the end of the run', async () => (await workbench.treeRows('Runs'))[0]?.startsWith('read() in Node, weaker isolation, done'));
  });
});
