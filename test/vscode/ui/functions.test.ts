import assert from 'node:assert/strict';
import { describe, it } from '../harness/ui.ts';
import { eventually } from '../harness/workbench.ts';
import { manifestWords } from './manifest.ts';

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
    assert.deepEqual(await workbench.choices(), ['motto', 'count']);
    await workbench.pick('motto');
    await eventually('the run', async () => (await workbench.treeRows('Runs'))[0]?.startsWith('motto(), done'));
  });
});
