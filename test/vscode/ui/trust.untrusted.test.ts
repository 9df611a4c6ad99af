import assert from 'node:assert/strict';
import { describe, it } from '../harness/ui.ts';
import { eventually } from '../harness/workbench.ts';
import { manifestWords } from './manifest.ts';
import { press } from './panel.ts';

const category = 'Infrastructure Assassin: ';

describe('in a folder that is not trusted', () => {
  it('the views say why they run nothing', async ({ workbench }) => {
    await workbench.openView((await manifestWords()).name);
    const welcome = await eventually('the welcomes', async () => {
      const texts = (await workbench.texts('.welcome-view-content')).join('\n');
      return texts.includes('No MCP server is started until you trust it') && texts;
    });
    assert.match(welcome, /Its chains are neither read nor run until you trust it/);
    assert.match(welcome, /nothing can be run here/);
    await workbench.screenshot('untrusted views');
  });

  it('the palette offers nothing that would run', async ({ workbench }) => {
    const labels = await workbench.palette(category);
    await workbench.escape();
    const ours = labels.filter((label) => label.startsWith(category)).map((label) => label.slice(category.length));
    assert.ok(ours.includes('Doctor: check what this machine has'), ours.join(', '));
    for (const command of ['Run chain', 'Run chain with input...', 'Run task...', 'New chain from template...', 'Add MCP server...', 'Start MCP server', 'Run function in sandbox']) {
      // The list shows a screen of commands at most, so each is looked for by itself.
      const found = await workbench.palette(`${category}${command}`);
      await workbench.escape();
      assert.ok(!found.includes(`${category}${command}`), `${command} is offered`);
    }
  });

  it('there is no lens', async ({ workbench }) => {
    await workbench.openFile('.assassin/chains/hello.ts');
    await workbench.openFile('src/math.ts');
    await new Promise((resolve) => setTimeout(resolve, 2000));
    assert.deepEqual((await workbench.codeLenses()).filter((lens) => /Run|Start/.test(lens)), []);
  });

  it('runs of the past can be read', async ({ workbench }) => {
    await workbench.cli('run', 'hello');
    const rows = await eventually('the run of the command line', async () => {
      const found = await workbench.treeRows('Runs');
      return found.some((row) => row.startsWith('hello, done')) && found;
    });
    assert.match(rows[0] ?? '', /^Restricted Mode: nothing is run/);
    await workbench.clickTreeRow('hello, done');
    const panel = await workbench.webview('[role="tablist"]');
    await eventually('its result in the panel', async () => (await panel.$eval('body', (body) => body.textContent ?? '')).includes('Hello, world!'));
    await workbench.screenshot('untrusted with a run of the past');
    await press(workbench, 'Run again');
    await eventually('why it is not run', async () => (await panel.$eval('body', (body) => body.textContent ?? '')).includes('Restricted Mode'));
    await eventually('no other run', async () => (await workbench.treeRows('Runs')).length === 2);
  });

  it('trust makes all of it work', async ({ workbench }) => {
    await workbench.trustFolder();
    await eventually('the chains', async () => (await workbench.treeRows('Chains')).some((row) => row.startsWith('hello, Says hello')));
    await eventually('the servers', async () => (await workbench.treeRows('MCP servers')).some((row) => row.startsWith('everything, stopped')));
    await workbench.clickTreeAction('Says hello', 'Run chain');
    await eventually('the run', async () => (await workbench.treeRows('Runs'))[0]?.startsWith('hello, done'));
    await workbench.openFile('src/math.ts');
    await eventually('the lenses', async () => (await workbench.codeLenses()).some((lens) => lens.includes('Run in sandbox')));
  });
});
