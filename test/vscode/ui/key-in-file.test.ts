import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it } from '../harness/ui.ts';
import { eventually, patienceMs } from '../harness/workbench.ts';
import { manifestWords } from './manifest.ts';

const key = `ghp_${'k3Y9'.repeat(9)}`;
const file = '.vscode/mcp.json';

describe('a key in a file', () => {
  before(async ({ workbench }) => workbench.openView((await manifestWords()).name));

  it('is pointed out in mcp.json, moved to the secret storage by its light bulb after a question, and still reaches its server', async ({ workbench }) => {
    await workbench.writeFile(file, JSON.stringify({
      servers: { keyed: { command: 'node', args: ['${env:ASSASSIN_TEST_SERVERS}/@modelcontextprotocol/server-everything/dist/index.js', 'stdio'], env: { SERVICE_TOKEN: key } } },
    }, null, 2));
    await eventually('the server', async () => (await workbench.treeRows('MCP servers')).some((row) => row.startsWith('keyed, stopped')));
    await workbench.openFile(file);
    await workbench.page.waitForSelector('.squiggly-warning', { timeout: patienceMs });
    await workbench.command('Go to Next Problem in Files (Error, Warning, Info)');
    await workbench.page.keyboard.press('Escape');
    await eventually('the light bulb', async () => {
      await workbench.page.keyboard.down('Control');
      await workbench.page.keyboard.press('Period');
      await workbench.page.keyboard.up('Control');
      return (await workbench.page.waitForSelector('.action-widget', { visible: true, timeout: patienceMs / 4 })) !== null;
    });
    await workbench.screenshot('light bulb of a key');
    const offers = await workbench.texts('.action-widget .monaco-list-row');
    assert.ok(!offers.some((offer) => offer.includes('Fix with the agent')), offers.join());
    await workbench.page.click('.action-widget .monaco-list-row[aria-label*="Move to secret storage"]');
    await workbench.page.waitForSelector('.monaco-dialog-box', { visible: true, timeout: patienceMs });
    await workbench.screenshot('question before a key is moved');
    assert.ok((await readFile(join(workbench.folder, file), 'utf8')).includes(key), 'nothing is changed before the answer');
    const question = await workbench.dialog('Move to secret storage');
    assert.match(question, /Move "env\.SERVICE_TOKEN" of keyed from \.vscode\/mcp\.json/);
    assert.ok(!question.includes(key));
    const text = await eventually('the file without the key', async () => {
      const now = await readFile(join(workbench.folder, file), 'utf8');
      // The editor writes a file piece by piece: only what can be read as a whole has been written to its end.
      return !now.includes(key) && JSON.parse(now) !== undefined && now;
    });
    assert.match(text, /"SERVICE_TOKEN": "\$\{input:keyed-service-token\}"/);
    assert.match(text, /"password": true/);
    await eventually('nothing to be pointed out', async () => (await workbench.page.$$('.squiggly-warning')).length === 0);
    await workbench.clickTreeAction('keyed', 'Start MCP server');
    await eventually('it to run without a question', async () => (await workbench.treeRows('MCP servers')).some((row) => row.startsWith('keyed, running')));
  });
});
