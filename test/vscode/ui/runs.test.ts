import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it } from '../harness/ui.ts';
import { eventually, patienceMs, type Workbench } from '../harness/workbench.ts';
import { manifestWords } from './manifest.ts';
import { says } from './panel.ts';

const category = 'Infrastructure Assassin';
const runs = (workbench: Workbench) => workbench.treeRows('Runs');
const runRow = (workbench: Workbench, start: string | RegExp) =>
  eventually(`a run like ${String(start)}`, async () => (await runs(workbench)).find((row) => (typeof start === 'string' ? row.startsWith(start) : start.test(row))));

/** Runs a command and picks what it is about. What takes the focus meanwhile closes the list: then the command is run again. */
async function choose(workbench: Workbench, command: string, text: string): Promise<void> {
  await eventually(`"${text}" to be picked for "${command}"`, async () => {
    await workbench.command(`${category}: ${command}`);
    await workbench.pick(text, patienceMs / 4);
    return true;
  }, 2 * patienceMs);
}

describe('a run', () => {
  before(async ({ workbench }) => workbench.openView((await manifestWords()).name));

  it('can be started with the keyboard alone, and is seen in the panel while it goes on', async ({ workbench }) => {
    await workbench.palette(`${category}: Run chain`);
    await workbench.page.keyboard.press('Enter');
    // Until then the list of the palette is still there.
    await workbench.asked('Run which chain?');
    await workbench.page.keyboard.type('Slow count');
    await eventually('the chain as the first choice', async () => (await workbench.choices())[0] === 'Slow count');
    await workbench.page.keyboard.press('Enter');
    await runRow(workbench, 'Slow count, running');
    const panel = await workbench.webview('[role="tablist"]');
    await eventually('the panel to show the running run', async () => (await panel.$eval('body', (body) => body.textContent ?? '')).includes('Slow count'));
    await eventually('the status bar', async () => (await workbench.statusBar()).some((text) => text.includes('1 run')));
    const tabs = await panel.$$eval('[role="tab"]', (all) => all.map((tab) => tab.textContent ?? ''));
    assert.deepEqual(['Result', 'Trace', 'Bill'].filter((name) => !tabs.some((tab) => tab.includes(name))), []);
    await workbench.screenshot('a run that goes on');
  });

  it('goes on while the panel is closed, which then shows it again', async ({ workbench }) => {
    await workbench.command('View: Close Editor');
    await eventually('the panel to be gone', async () => (await workbench.page.$$('iframe.webview.ready')).length === 0);
    await runRow(workbench, 'Slow count, running');
    await workbench.clickTreeRow('Slow count, running');
    const panel = await workbench.webview('[role="tablist"]');
    await eventually('the run in the panel', async () => (await panel.$eval('body', (body) => body.textContent ?? '')).includes('Slow count'));
  });

  it('can be stopped, at once and without a question', async ({ workbench }) => {
    await workbench.command(`${category}: Stop run`);
    const row = await runRow(workbench, 'Slow count, cancelled');
    assert.match(row, /cancelled · /);
    await eventually('the end in the status bar', async () => (await workbench.statusBar()).some((text) => text.includes('Slow count: stopped')));
  });

  it('asks for an input that it cannot do without, and checks it while one types', async ({ workbench }) => {
    await workbench.clickTreeAction('Greeting card', 'Run chain');
    await workbench.asked('Input of Greeting card');
    const value = await workbench.page.$eval('.quick-input-widget input', (input) => (input as HTMLInputElement).value);
    assert.deepEqual(JSON.parse(value), { name: '', times: 2 });
    await workbench.retype('{ "name": "Ada", "times": "many" }');
    await eventually('what is wrong', async () => (await workbench.quickInputText()).includes('input.times'));
    await workbench.screenshot('input that is checked');
    await workbench.retype('{ "name": "Ada" }');
    await eventually('no complaint', async () => !(await workbench.quickInputText()).includes('input.times'));
    await workbench.page.keyboard.press('Enter');
    await runRow(workbench, 'Greeting card, done');
    assert.equal(await readFile(join(workbench.folder, 'cards', 'card.txt'), 'utf8'), 'Hello, Ada! Hello, Ada!');
  });

  it('with an input begins with the input of the last time', async ({ workbench }) => {
    await choose(workbench, 'Run chain with input', 'Greeting card');
    await workbench.asked('Input of Greeting card');
    const value = await workbench.page.$eval('.quick-input-widget input', (input) => (input as HTMLInputElement).value);
    assert.deepEqual(JSON.parse(value), { name: 'Ada' });
    await workbench.escape();
  });

  it('that fails tells once what happened, where, and what to do', async ({ workbench }) => {
    await workbench.clickTreeAction('broken', 'Run chain');
    await runRow(workbench, 'broken, failed');
    const text = await eventually('the notification', async () => (await workbench.notifications()).find((each) => each.includes('(chain-syntax)')));
    assert.equal((await workbench.notifications()).length, 1);
    assert.match(text, /Syntax error/i);
    await workbench.screenshot('a run that failed');
    await workbench.clickNotificationButton('Go to line');
    await eventually('the cursor in the wrong line', async () => (await workbench.statusBar()).some((each) => each.includes('Ln 4, Col')));
  });

  it('is deleted only after a question', async ({ workbench }) => {
    await choose(workbench, 'Delete run', 'broken');
    const text = await workbench.dialog('Cancel');
    assert.match(text, /Delete the record of "broken"\?/);
    assert.ok((await runs(workbench)).some((row) => row.startsWith('broken')));
    await choose(workbench, 'Delete run', 'broken');
    await workbench.dialog('Delete');
    await eventually('the run to be gone', async () => !(await runs(workbench)).some((row) => row.startsWith('broken')));
  });

  it('can be exported as one document', async ({ workbench }) => {
    await choose(workbench, 'Export run', 'Greeting card');
    await eventually('where to', async () => (await workbench.page.$eval('.quick-input-widget input', (input) => (input as HTMLInputElement).value)).endsWith('.json'));
    const record = await eventually('the file', async () => {
      const name = (await readdir(workbench.folder)).find((each) => /^run_\w+\.json$/.test(each));
      // The editor's dialog takes no key while it still reads the folder: as long as it stands there, it is pressed again.
      if (name === undefined && (await workbench.page.$('.quick-input-widget input:focus')) !== null) await workbench.page.keyboard.press('Enter');
      return name !== undefined && JSON.parse(await readFile(join(workbench.folder, name), 'utf8')) as { summary: { title: string; input: unknown }; events: unknown[]; destruction: { clean: boolean } };
    });
    assert.equal(record.summary.title, 'Greeting card');
    assert.deepEqual(record.summary.input, { json: { name: 'Ada' } });
    assert.equal(record.destruction.clean, true);
    assert.ok(record.events.length > 5);
  });

  it('is tagged by a command, which says while one types what is no tag, and shows the tags when it is asked again', async ({ workbench }) => {
    const tagsOf = async () => {
      await choose(workbench, 'Tag run', 'Greeting card');
      await workbench.asked('Tags of the run');
    };
    await tagsOf();
    await workbench.retype('x'.repeat(250));
    await eventually('what is wrong with it', async () => (await workbench.quickInputText()).includes('cannot be a tag'));
    await workbench.retype('release, weekly');
    await eventually('no complaint', async () => !(await workbench.quickInputText()).includes('cannot be a tag'));
    await workbench.page.keyboard.press('Enter');
    await workbench.page.waitForSelector('.quick-input-widget', { hidden: true, timeout: patienceMs });
    // What is in the box comes from the record, where the answer may still be on its way.
    await eventually('the tags in the box', async () => {
      await tagsOf();
      const value = await workbench.page.$eval('.quick-input-widget input', (input) => (input as HTMLInputElement).value);
      await workbench.escape();
      return value === 'release, weekly';
    });
  });

  it('is compared with another one by a command, side by side in the panel', async ({ workbench }) => {
    await choose(workbench, 'Compare runs', 'Greeting card');
    await workbench.asked('Compare with which run?');
    // No run is compared with itself.
    assert.ok(!(await workbench.choices()).some((label) => label.includes('Greeting card')));
    await workbench.pick('Slow count');
    for (const title of ['Greeting card', 'Slow count']) await says(workbench, title, '.compare');
    await workbench.screenshot('two runs compared');
  });
});
