import assert from 'node:assert/strict';
import { describe, it } from '../harness/ui.ts';
import { eventually } from '../harness/workbench.ts';
import { manifestWords } from './manifest.ts';

const card = 'Greeting card';

describe('views', () => {
  it('show the chains of the folder, and what is wrong with one', async ({ workbench }) => {
    await workbench.openView((await manifestWords()).name);
    const rows = await eventually('the chains', async () => {
      const found = await workbench.treeRows('Chains');
      return found.some((row) => row.startsWith('Error: ')) && found.length >= 5 && found;
    });
    assert.ok(rows.some((row) => row.startsWith('hello, Says hello')), rows.join('\n'));
    assert.ok(rows.some((row) => row.startsWith(`${card}, Writes a greeting`)), rows.join('\n'));
    assert.ok(rows.some((row) => row.startsWith('broken, 1 problem')), rows.join('\n'));
    const problem = rows.find((row) => row.startsWith('Error: '));
    assert.match(problem ?? '', /\(chain-syntax\), line 4/);
    await workbench.screenshot('views');
    await workbench.clickTreeRow(problem ?? '');
    await eventually('the cursor in the wrong line', async () => (await workbench.statusBar()).some((text) => text.includes('Ln 4, Col')));
  });

  it('run a chain at a click, and show its steps, its time and its cost', async ({ workbench }) => {
    await workbench.clickTreeAction('Says hello', 'Run chain');
    const row = await eventually('the finished run', async () => (await workbench.treeRows('Runs')).find((text) => text.startsWith('hello, done')));
    assert.match(row, /^hello, done, [\d.]+ m?s · \$0, /);
    await workbench.expandTreeRow('hello, done');
    const rows = await eventually('its steps', async () => {
      const found = await workbench.treeRows('Runs');
      return found.length > 1 && found;
    });
    assert.match(rows[1] ?? '', /^hello, done, [\d.]+ m?s/);
    await workbench.screenshot('views after a run');
  });

  it('start an MCP server at a click, list its tools, and stop it', async ({ workbench }) => {
    await workbench.clickTreeAction('everything', 'Start MCP server');
    const running = await eventually('the running server', async () => (await workbench.treeRows('MCP servers')).find((text) => /^everything, running, \d+ tools/.test(text)));
    assert.match(running, /\.vscode\/mcp\.json:3$/);
    await workbench.expandTreeRow('everything, running');
    const tools = await eventually('its tools', async () => {
      const found = await workbench.treeRows('MCP servers');
      return found.length > 3 && found;
    });
    assert.ok(tools.some((text) => text.startsWith('echo, Echoes')), tools.join('\n'));
    await workbench.screenshot('views with a running MCP server');
    await workbench.clickTreeAction('everything', 'Stop MCP server');
    await eventually('the stopped server', async () => (await workbench.treeRows('MCP servers')).find((text) => text.startsWith('everything, stopped')));
  });

  it('follow other programs: a run of the command line appears, with its steps', async ({ workbench }) => {
    const before = (await workbench.treeRows('Runs')).length;
    await workbench.cli('run', 'greet', '--input', '{"name":"Grace"}');
    await eventually('the run', async () => (await workbench.treeRows('Runs'))[0]?.startsWith('Greeting card, done'));
    await eventually('no other row', async () => (await workbench.treeRows('Runs')).length === before + 1);
    await workbench.expandTreeRow('Greeting card, done');
    await eventually('its steps', async () => (await workbench.treeRows('Runs')).some((row) => row.startsWith('workspace.writeFile, done')));
  });

  it('follow files: a new chain appears, a removed one goes', async ({ workbench }) => {
    await workbench.writeFile('.assassin/chains/arrived.ts', "export const meta = { description: 'Came just now' };\nexport default () => 1;\n");
    await eventually('the new chain', async () => (await workbench.treeRows('Chains')).some((row) => row.startsWith('arrived, Came just now')));
    await workbench.removeFile('.assassin/chains/arrived.ts');
    await eventually('it to be gone', async () => !(await workbench.treeRows('Chains')).some((row) => row.startsWith('arrived')));
  });
});
