import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inRoot } from '../../../scripts/lib/paths.mjs';
import { entry, testRegistry, type TestRegistry } from '../../helpers/mcp-registry.ts';
import { zip } from '../../helpers/zip.ts';
import { after, before, describe, it } from '../harness/ui.ts';
import { eventually, type Workbench } from '../harness/workbench.ts';
import { manifestWords } from './manifest.ts';

let category: string;
let registry: TestRegistry;
/** Puts the settings of the machine back: the next file has them, too. */
let restore: () => Promise<void> = () => Promise.resolve();

const configured = async (workbench: Workbench) => readFile(join(workbench.folder, '.vscode', 'mcp.json'), 'utf8');
const row = async (workbench: Workbench, name: string) => (await workbench.treeRows('MCP servers')).find((each) => each.startsWith(name));

describe('adding MCP servers', () => {
  before(async ({ workbench }) => {
    category = (await manifestWords()).name;
    registry = await testRegistry([
      entry('com.example/weather', { description: 'Tells the weather of tomorrow.', packages: [{ registryType: 'npm', identifier: 'weather-mcp', version: '1.2.3', runtimeHint: 'npx', transport: { type: 'stdio' }, environmentVariables: [{ name: 'WEATHER_KEY', isSecret: true, isRequired: true }] }] }),
      entry('com.example/stocks', { description: 'Prices of yesterday.' }),
    ]);
    // Registries stand in settings of the machine only.
    const machine = join(dirname(workbench.folder), 'data', 'data', 'Machine', 'settings.json');
    const kept = readFileSync(machine, 'utf8');
    restore = () => writeFile(machine, kept);
    await writeFile(machine, JSON.stringify({ ...(JSON.parse(kept) as object), 'infrastructureAssassin.mcp.registries': { official: '', own: registry.url }, 'window.title': 'With registries' }));
    await eventually('the settings to be in force', async () => (await workbench.page.title()).includes('With registries'));
    await workbench.openView(category);
    await eventually('the servers', () => row(workbench, 'everything'));
  });

  after(async () => {
    await restore();
    await registry[Symbol.asyncDispose]();
  });

  const find = async (workbench: Workbench) => {
    await workbench.command(`${category}: Find MCP server in the catalogue...`);
    if (registry.lists.length === 0) {
      const text = await workbench.dialog('Fetch');
      assert.ok(text.includes(`own: ${registry.url}`), text);
    }
    await workbench.asked('What should it do?');
    await workbench.page.keyboard.type('weather tomorrow');
    await workbench.pick('com.example/weather');
    await workbench.asked('Add it how?');
    await workbench.screenshot('ways to add a server of the catalogue');
    await workbench.pick('weather-mcp');
    await workbench.page.waitForSelector('.monaco-dialog-box', { visible: true, timeout: 40_000 });
    await workbench.screenshot('the whole command of a server of the catalogue');
  };

  it('of the catalogue is fetched after a question, shows the whole command, and writes nothing where that is refused', async ({ workbench }) => {
    const before = await configured(workbench);
    await find(workbench);
    // A key that was meant for a file must not agree to anything.
    assert.equal(await workbench.page.evaluate(() => document.activeElement?.textContent), 'Do not add');
    const text = await workbench.dialog('Do not add');
    assert.match(text, /Add the MCP server "weather"\?/);
    assert.ok(text.includes('npx -y weather-mcp@1.2.3') && text.includes('WEATHER_KEY'), text);
    assert.equal(await configured(workbench), before);
    assert.deepEqual(registry.site.requests.filter((request) => !request.startsWith('GET /v0.1/servers')), []);
  });

  it('of the catalogue is written down where it is agreed to, with its key as an input, and is not started', async ({ workbench }) => {
    await find(workbench);
    await workbench.dialog('Add');
    await eventually('the server', async () => (await row(workbench, 'weather'))?.startsWith('weather, stopped'));
    // The editor writes a file piece by piece.
    const file = await eventually('the whole file', async () => {
      const now = await configured(workbench);
      return JSON.parse(now) !== undefined && now;
    });
    assert.match(file, /"weather-mcp@1\.2\.3"/);
    assert.match(file, /"WEATHER_KEY": "\$\{input:weather-/);
  });

  it('of a bundle is shown with what it would start and its hash, and becomes a server that starts', async ({ workbench }) => {
    const file = join(dirname(workbench.folder), 'notes.mcpb');
    const manifest = { manifest_version: '0.3', name: 'notes', version: '1.0.0', description: 'Notes', author: { name: 'Somebody' }, server: { type: 'node', entry_point: 'server/index.mjs', mcp_config: { command: 'node', args: ['${__dirname}/server/index.mjs', 'well'] } } };
    await writeFile(file, zip([{ path: 'manifest.json', text: JSON.stringify(manifest) }, { path: 'server/index.mjs', text: await readFile(inRoot('test', 'fixtures', 'mcp', 'misbehaving.mjs'), 'utf8') }]));
    await workbench.command(`${category}: Add MCP bundle...`);
    await workbench.asked('Add MCP bundle');
    await workbench.retype(file);
    // The button of the dialog: Enter means what is selected in its list, which changes while it reads the folder.
    let looks = 0;
    await eventually('the file in the list', async () => {
      const { typed, listed } = await workbench.page.$eval('.quick-input-widget', (widget) => ({ typed: widget.querySelector('input')?.value, listed: [...widget.querySelectorAll('.quick-input-list .label-name')].map(({ textContent }) => textContent) }));
      if (listed.includes('notes.mcpb')) return true;
      // The dialog writes the folder that it begins with over what was typed before it had read that; and now and then it does not look at what was typed.
      if (typed !== file || ++looks % 50 === 0) await workbench.retype(file);
      return false;
    });
    await workbench.page.click('.quick-input-widget .quick-input-action .monaco-button');
    const text = await workbench.dialog('Add');
    assert.match(text, /Add the MCP server "notes"\?/);
    assert.match(text, /server\/index\.mjs[\s\S]*SHA-256/);
    await eventually('the server', async () => (await row(workbench, 'notes'))?.startsWith('notes, stopped'));
    await workbench.clickTreeAction('notes', 'Start MCP server');
    await eventually('the server to run', async () => (await row(workbench, 'notes'))?.startsWith('notes, running'));
    await rm(file);
  });
});
