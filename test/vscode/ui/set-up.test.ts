import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it } from '../harness/ui.ts';
import { eventually, type Workbench } from '../harness/workbench.ts';
import { manifestWords } from './manifest.ts';

const category = 'Infrastructure Assassin';

/** Throws with what the view shows instead. */
async function hasServer(workbench: Workbench, start: string): Promise<true> {
  const rows = await workbench.treeRows('MCP servers');
  if (!rows.some((row) => row.startsWith(start))) throw new Error(`the view shows: ${rows.join(' | ')}`);
  return true;
}

describe('setting up', () => {
  before(async ({ workbench }) => workbench.openView((await manifestWords()).name));

  it('makes a chain from a template, with types, ready to run', async ({ workbench }) => {
    await workbench.command(`${category}: New chain from template`);
    await workbench.pick('Compute in the sandbox');
    await workbench.answer('Name of the chain', 'my-first');
    await workbench.page.waitForSelector('.tab.active[data-resource-name="my-first.ts"]');
    const text = await readFile(join(workbench.folder, '.assassin/chains/my-first.ts'), 'utf8');
    assert.match(text, /title: 'My first'/);
    await eventually('the types', async () => (await readFile(join(workbench.folder, '.assassin/types/assassin.d.ts'), 'utf8')).includes("declare module 'assassin'"));
    await eventually('the lens', async () => (await workbench.codeLenses()).some((lens) => lens.includes('Run with input')));
    await workbench.screenshot('a new chain');
    await workbench.clickCodeLens('Run');
    await eventually('the finished run', async () => (await workbench.treeRows('Runs'))[0]?.startsWith('My first, done'));
    await eventually('the last run in the lens', async () => (await workbench.codeLenses()).some((lens) => lens.includes('last run: ')));
  });

  it('refuses a name that is taken or that no file should have', async ({ workbench }) => {
    await workbench.command(`${category}: New chain from template`);
    await workbench.pick('Compute in the sandbox');
    await workbench.asked('Name of the chain');
    await workbench.retype('hello');
    await eventually('that it is taken', async () => (await workbench.quickInputText()).includes('There is a chain of that name already'));
    await workbench.retype('../Evil');
    await eventually('what names are like', async () => (await workbench.quickInputText()).includes('Use small letters'));
    await workbench.escape();
  });

  it('adds an MCP server after showing the whole command', async ({ workbench }) => {
    await workbench.command(`${category}: Add MCP server`);
    await workbench.pick('A program on this machine');
    await workbench.answer('Command that starts the server', 'node "${env:ASSASSIN_TEST_SERVERS}/@modelcontextprotocol/server-filesystem/dist/index.js" ${workspaceFolder}');
    await workbench.asked('Name of the MCP server');
    await workbench.retype('files');
    await workbench.page.keyboard.press('Enter');
    await workbench.pick('.vscode/mcp.json');
    const text = await workbench.dialog('Add');
    assert.match(text, /server-filesystem\/dist\/index\.js \$\{workspaceFolder\}/);
    const servers = await eventually('the server in the file', async () => {
      const file = JSON.parse(await readFile(join(workbench.folder, '.vscode/mcp.json'), 'utf8')) as { servers: Record<string, { args?: string[] }> };
      return 'files' in file.servers && file.servers;
    });
    assert.deepEqual(Object.keys(servers), ['everything', 'files']);
    assert.equal(servers['files']?.args?.[1], '${workspaceFolder}');
    await eventually('the server in its view', () => hasServer(workbench, 'files, stopped'));
    await workbench.clickTreeAction('files', 'Start MCP server');
    await eventually('it to run', () => hasServer(workbench, 'files, running'));
  });

  it('offers a chain for a tool of a server that is known', async ({ workbench }) => {
    await workbench.command(`${category}: New chain from template`);
    await workbench.asked('New chain: begin with what?');
    const choices = await workbench.choices();
    assert.ok(choices.some((choice) => /^Call \S+ of files$/.test(choice)), choices.join('\n'));
    await workbench.escape();
  });

  it('asks for a secret of an MCP server once, and keeps it out of files', async ({ workbench }) => {
    await workbench.writeFile('.mcp.json', JSON.stringify({
      inputs: [{ id: 'token', type: 'promptString', description: 'Token of the service', password: true }],
      mcpServers: { secretive: { command: 'node', args: ['${env:ASSASSIN_TEST_SERVERS}/@modelcontextprotocol/server-everything/dist/index.js', 'stdio'], env: { SERVICE_TOKEN: '${input:token}' } } },
    }));
    await eventually('the server', () => hasServer(workbench, 'secretive, stopped'));
    await workbench.clickTreeAction('secretive', 'Start MCP server');
    await workbench.asked('MCP server secretive');
    assert.equal(await workbench.page.$eval('.quick-input-widget input', (input) => input.getAttribute('type')), 'password');
    await workbench.answer('MCP server secretive', 's3cr3t-value-42');
    await eventually('it to run', () => hasServer(workbench, 'secretive, running'));
    await workbench.clickTreeAction('secretive', 'Stop MCP server');
    await eventually('it to stop', () => hasServer(workbench, 'secretive, stopped'));
    // Another entry in the same file: the hub knows nothing any more, only the secret storage does.
    await workbench.clickTreeAction('secretive', 'Start MCP server');
    await eventually('it to run without a question', () => hasServer(workbench, 'secretive, running'));
    await workbench.writeFile('.assassin/chains/tell.ts', "import { log, mcp } from 'assassin';\nexport const meta = { title: 'Tells', grants: ['mcp secretive:get-env'] };\nexport default async function () {\n  const env = String(await mcp.secretive['get-env']());\n  log(env.includes('SERVICE_TOKEN') ? 'It has the token.' : 'It has none.');\n  return env;\n}\n");
    await eventually('the chain', async () => (await workbench.treeRows('Chains')).some((row) => row.startsWith('Tells')));
    await workbench.clickTreeAction('Tells', 'Run chain');
    await eventually('the run', async () => (await workbench.treeRows('Runs'))[0]?.startsWith('Tells, done'));
    const panel = await workbench.webview('[role="tablist"]');
    const shown = await eventually('the result', async () => {
      const text = await panel.$eval('body', (body) => body.textContent ?? '');
      return text.includes('SERVICE_TOKEN') && text.includes('[redacted]') && text;
    });
    assert.ok(!shown.includes('s3cr3t-value-42'));
  });

  it('forgets stored secrets when told to', async ({ workbench }) => {
    await workbench.command(`${category}: Forget stored inputs of MCP servers`);
    await eventually('the number of them', async () => (await workbench.statusBar()).some((text) => text.includes('Forgotten: 1')));
  });

  it('tells whether the machine has all that runs need', async ({ workbench }) => {
    await workbench.command(`${category}: Doctor`);
    const page = await workbench.webview('table', 90_000);
    const text = await page.$eval('body', (body) => body.innerText);
    for (const check of ['Node', 'Browser', 'Data directory', 'Sandbox', 'MCP configuration']) assert.ok(text.includes(check), text);
    assert.ok(!text.includes('✗'), text);
    await workbench.screenshot('doctor');
  });
});
