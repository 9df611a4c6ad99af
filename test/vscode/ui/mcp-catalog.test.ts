import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Frame } from 'puppeteer-core';
import { inRoot } from '../../../scripts/lib/paths.mjs';
import { httpSite, type HttpSite } from '../../helpers/http-site.ts';
import { entry, testRegistry, type TestRegistry } from '../../helpers/mcp-registry.ts';
import { zip } from '../../helpers/zip.ts';
import { after, before, describe, it } from '../harness/ui.ts';
import { eventually, type Workbench } from '../harness/workbench.ts';
import { manifestWords } from './manifest.ts';

let category: string;
let registry: TestRegistry;
/** What a view tries to reach. */
let outside: HttpSite;

const fixture = (name: string) => inRoot('test', 'fixtures', 'mcp', name);
const configured = async (workbench: Workbench) => readFile(join(workbench.folder, '.vscode', 'mcp.json'), 'utf8');
const row = async (workbench: Workbench, name: string) => (await workbench.treeRows('MCP servers')).find((each) => each.startsWith(name));

/** What runs in the frame of a view; its document stands in an attribute of the page around it. */
const viewFrame = (workbench: Workbench): Promise<Frame> => eventually('the frame of the view', () => Promise.resolve(workbench.page.frames().find((frame) => frame.url() === 'about:srcdoc')));
const saysInView = (workbench: Workbench, selector: string, words: RegExp) => eventually(`${selector} to say ${String(words)}`, async () => {
  const text = await (await viewFrame(workbench)).$eval(selector, (element) => element.textContent ?? '');
  return words.test(text) && text;
});

describe('adding MCP servers', () => {
  before(async ({ workbench }) => {
    category = (await manifestWords()).name;
    outside = await httpSite((_request, response) => void response.end('reached'));
    registry = await testRegistry([
      entry('com.example/weather', { description: 'Tells the weather of tomorrow.', packages: [{ registryType: 'npm', identifier: 'weather-mcp', version: '1.2.3', runtimeHint: 'npx', transport: { type: 'stdio' }, environmentVariables: [{ name: 'WEATHER_KEY', isSecret: true, isRequired: true }] }] }),
      entry('com.example/stocks', { description: 'Prices of yesterday.' }),
    ]);
    // Registries stand in settings of the machine only.
    const machine = join(dirname(workbench.folder), 'data', 'data', 'Machine', 'settings.json');
    await writeFile(machine, JSON.stringify({ ...(JSON.parse(readFileSync(machine, 'utf8')) as object), 'infrastructureAssassin.mcp.registries': { official: '', own: registry.url }, 'window.title': 'With registries' }));
    await eventually('the settings to be in force', async () => (await workbench.page.title()).includes('With registries'));
    await workbench.writeFile('.mcp.json', JSON.stringify({ mcpServers: { viewed: { command: 'node', args: [fixture('viewed.mjs')], env: { VIEWED_REACH: `${outside.origin}/` } } } }));
    await workbench.openView(category);
    await eventually('the server of the file', () => row(workbench, 'viewed'));
  });

  after(async () => {
    await Promise.all([registry, outside].map((each) => each[Symbol.asyncDispose]()));
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
    const text = await workbench.dialog('Cancel');
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

  it('of a bundle shows what it would start, and becomes a server that starts', async ({ workbench }) => {
    const file = join(dirname(workbench.folder), 'notes.mcpb');
    const manifest = { manifest_version: '0.3', name: 'notes', version: '1.0.0', description: 'Notes', author: { name: 'Somebody' }, server: { type: 'node', entry_point: 'server/index.mjs', mcp_config: { command: 'node', args: ['${__dirname}/server/index.mjs', 'well'] } } };
    await writeFile(file, zip([{ path: 'manifest.json', text: JSON.stringify(manifest) }, { path: 'server/index.mjs', text: await readFile(fixture('misbehaving.mjs'), 'utf8') }]));
    await workbench.command(`${category}: Add MCP bundle...`);
    await workbench.asked('Add MCP bundle');
    await workbench.retype(file);
    await eventually('the question', async () => {
      await workbench.page.keyboard.press('Enter');
      return await workbench.page.waitForSelector('.monaco-dialog-box', { visible: true, timeout: 2000 }).then(() => true, () => false);
    });
    await workbench.screenshot('the whole command of a bundle');
    const text = await workbench.dialog('Add');
    assert.match(text, /Add the MCP server "notes"\?/);
    assert.match(text, /server\/index\.mjs[\s\S]*SHA-256/);
    await eventually('the server', async () => (await row(workbench, 'notes'))?.startsWith('notes, stopped'));
    await workbench.clickTreeAction('notes', 'Start MCP server');
    await eventually('the server to run', async () => (await row(workbench, 'notes'))?.startsWith('notes, running'));
  });

  it('with a view shows it in a frame that reaches nothing, whose calls are asked about', async ({ workbench }) => {
    await workbench.command(`${category}: Open a view of an MCP server...`);
    await workbench.pick('viewed');
    await workbench.asked('Arguments as JSON');
    await workbench.retype('{ "city": "Oslo" }');
    await workbench.page.keyboard.press('Enter');
    await saysInView(workbench, '#degrees', /^Degrees: 4$/);
    assert.equal(await saysInView(workbench, '#tried', /origin/), 'page refused, storage refused, cookie refused, net refused, picture refused, origin null');
    assert.deepEqual(outside.requests, []);
    await workbench.screenshot('a view of a server');
    const { width, height } = await (await viewFrame(workbench)).evaluate(() => ({ width: innerWidth, height: innerHeight }));
    assert.ok(width > 300 && height > 300, `${width} x ${height}`);
    await (await viewFrame(workbench)).$eval('#ask', (button) => (button as HTMLElement).focus());
    await workbench.page.keyboard.press('Enter');
    await eventually('the question', async () => (await workbench.notifications()).some((text) => text.includes('mcp viewed:forecast')));
    await workbench.clickNotificationButton('Allow once');
    await saysInView(workbench, '#forecast', /^Rain for 2 days$/);
  });
});
