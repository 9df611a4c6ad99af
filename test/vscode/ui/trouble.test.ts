import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from '../harness/ui.ts';
import { eventually, patienceMs } from '../harness/workbench.ts';
import { manifestWords } from './manifest.ts';
import { press, says } from './panel.ts';

const category = 'Infrastructure Assassin';

describe('what goes wrong', () => {
  before(async ({ workbench }) => workbench.openView((await manifestWords()).name));

  it('in a setting is told where something is run, with the way to the setting; what is on record is read all the same', async ({ workbench }) => {
    const recorded = async () => (await workbench.treeRows('Runs')).filter((row) => row.startsWith('hello, done')).length;
    await workbench.clickTreeAction('Says hello', 'Run chain');
    await eventually('a run on record', async () => (await recorded()) === 1);
    await workbench.setting('infrastructureAssassin.budget.steps', 'many');
    await workbench.clickTreeAction('Says hello', 'Run chain');
    const text = await eventually('the notification', async () => (await workbench.notifications()).find((each) => each.includes('(invalid-config)')));
    assert.match(text, /^The setting infrastructureAssassin\.budget\.steps: "many" is wrong/);
    // The name and what is wrong with it, which the width of a side bar would cut off a whole sentence.
    await eventually('the setting in the view', async () => (await workbench.texts('.pane .monaco-list-row .monaco-icon-label-container')).some((row) => /^budget\.steps\s*"many" is wrong/.test(row)));
    await eventually('the run in the view', async () => (await recorded()) === 1 && !(await workbench.treeRows('Runs')).some((row) => row.includes('is wrong')));
    await workbench.screenshot('a setting that is wrong');
    await workbench.clickNotificationButton('Open settings');
    await workbench.page.waitForSelector('.settings-editor', { timeout: patienceMs });
    await workbench.command('View: Close All Editors');
    await workbench.command(`${category}: Open panel`);
    await says(workbench, 'hello', 'h1');
    await workbench.command(`${category}: New task`);
    await says(workbench, 'A setting is wrong, so nothing new is run', '.notice');
    await press(workbench, 'Open settings', '.notice button');
    await eventually('the setting', async () => (await workbench.texts('.settings-editor .setting-item-label')).some((text) => text.includes('Steps')));
    await workbench.command('View: Close All Editors');
    await workbench.setting('infrastructureAssassin.budget.steps', 100);
    await workbench.clickTreeAction('Says hello', 'Run chain');
    await eventually('another run', async () => (await recorded()) === 2);
  });

  it('with the folder of the record is told in the view, and mended by another folder', async ({ workbench }) => {
    const file = join(workbench.folder, 'not-a-folder');
    writeFileSync(file, 'This is a file.');
    await workbench.setting('infrastructureAssassin.dataDirectory', join(file, 'data'));
    await eventually('the error in the view', async () => (await workbench.treeRows('Runs')).some((row) => row.includes('cannot be created') && row.includes('store-unwritable')));
    await workbench.screenshot('a data directory that cannot be');
    await workbench.clickTreeRow('cannot be created');
    await eventually('the setting', async () => (await workbench.texts('.settings-editor .setting-item-label')).some((text) => text.includes('Data Directory')));
    await workbench.command('View: Close All Editors');
    await workbench.setting('infrastructureAssassin.dataDirectory', join(workbench.folder, 'record'));
    await eventually('no error any more', async () => !(await workbench.treeRows('Runs')).some((row) => row.includes('cannot be created')));
    await workbench.clickTreeAction('Says hello', 'Run chain');
    await eventually('the run', async () => (await workbench.treeRows('Runs'))[0]?.startsWith('hello, done'));
  });

  it('in a setting that only questions read is gone from the view as soon as it is mended', async ({ workbench }) => {
    const told = async () => (await workbench.texts('.pane .monaco-list-row .monaco-icon-label-container')).some((row) => row.startsWith('approvals.timeoutSeconds'));
    await workbench.setting('infrastructureAssassin.approvals.timeoutSeconds', 'soon');
    await eventually('the setting in the view', told);
    await workbench.setting('infrastructureAssassin.approvals.timeoutSeconds', undefined);
    await eventually('no setting in the view', async () => !(await told()));
  });

  it('in an MCP configuration is shown beside the servers that are right', async ({ workbench }) => {
    await workbench.writeFile('.mcp.json', '{ "mcpServers": {\n  "good": { "command": "node" },\n  "bad": { "args": ["x"] }\n} }\n');
    const rows = await eventually('the problem', async () => {
      const found = await workbench.treeRows('MCP servers');
      return found.some((row) => row.startsWith('Error: ')) && found;
    });
    assert.ok(rows.some((row) => row.startsWith('good, stopped')), rows.join('\n'));
    assert.ok(rows.some((row) => /"bad" in \.mcp\.json: it has neither "command" nor "url"/.test(row)), rows.join('\n'));
  });

  it('with an MCP server that is no MCP server is one notification, and its state', async ({ workbench }) => {
    await workbench.writeFile('.mcp.json', JSON.stringify({ mcpServers: { rubbish: { command: 'node', args: ['-e', 'console.log("This is no MCP server."); process.exit(3)'] } } }));
    await eventually('the server', async () => (await workbench.treeRows('MCP servers')).some((row) => row.startsWith('rubbish, stopped')));
    await workbench.clickTreeAction('rubbish', 'Start MCP server');
    const text = await eventually('the notification', async () => (await workbench.notifications()).find((each) => each.includes('rubbish')));
    assert.match(text, /\((mcp-start-failed|mcp-protocol)\)$/);
    await eventually('the state', async () => (await workbench.treeRows('MCP servers')).some((row) => row.startsWith('rubbish, failed')));
  });

  it('goes into one log', async ({ workbench }) => {
    await workbench.command(`${category}: Show log`);
    const shown = async () => workbench.page.$$eval('.part.panel select', (all) => all.map((select) => (select as HTMLSelectElement).selectedOptions[0]?.textContent ?? ''));
    await eventually('our channel in the output', async () => (await shown()).some((name) => name === 'Infrastructure Assassin'));
  });
});

describe('walkthrough', () => {
  it('leads to a first chain', async ({ workbench }) => {
    await workbench.command('Welcome: Open Walkthrough');
    await workbench.pick('Your first chain in five minutes');
    await eventually('its first step', async () => (await workbench.texts('.gettingStartedContainer')).join('\n').includes('Write a chain'));
    await workbench.screenshot('walkthrough');
  });
});
