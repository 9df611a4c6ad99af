import assert from 'node:assert/strict';
import { inRoot } from '../../../scripts/lib/paths.mjs';
import { before, describe, it } from '../harness/ui.ts';
import { eventually, type Workbench } from '../harness/workbench.ts';
import { manifestWords } from './manifest.ts';
import { press } from './panel.ts';

const title = 'Shows the weather';

/** What runs in a frame of the panel. */
const frame = (workbench: Workbench) => eventually('the frame of the view', async () => workbench.page.frames().find((each) => each.url() === 'about:srcdoc'));

describe('a view of an MCP server in the panel', () => {
  before(async ({ workbench }) => {
    await workbench.openView((await manifestWords()).name);
    await workbench.writeFile('.mcp.json', JSON.stringify({ mcpServers: { forecasting: { command: 'node', args: [inRoot('test', 'fixtures', 'mcp', 'forecasting.mjs')] } } }));
    await workbench.writeFile('.assassin/chains/weather-view.ts', `import { mcp } from 'assassin';
export const meta = { title: ${JSON.stringify(title)}, description: 'Asks for the weather.', grants: ['mcp forecasting:weather'] };
export default async function () {
  return await mcp.forecasting.weather({ city: 'Oslo' });
}
`);
    await eventually('the server', async () => (await workbench.treeRows('MCP servers')).some((row) => row.startsWith('forecasting')));
    await eventually('the chain', async () => (await workbench.treeRows('Chains')).some((row) => row.startsWith(title)));
  });

  it('stands below the call that it belongs to, shows what that gave, and is gone when it is folded', async ({ workbench }) => {
    await workbench.clickTreeAction(title, 'Run chain');
    await eventually('the end of the run', async () => (await workbench.treeRows('Runs')).some((row) => row.startsWith(`${title}, done`)), 60_000);
    await workbench.clickTreeRow(`${title}, done`);
    await press(workbench, 'Trace', '[role="tab"]');
    await press(workbench, 'mcp.forecasting.weather', '.row');
    await press(workbench, 'Show view', 'summary');
    const view = await frame(workbench);
    const shown = await eventually('what the call gave', async () => {
      const text = await view.$eval('#degrees', (line) => ({ text: line.textContent, colour: getComputedStyle(line).color, origin: self.origin })).catch(() => undefined);
      return text?.text === '4 degrees' && text;
    });
    assert.deepEqual(shown, { text: '4 degrees', colour: 'rgb(1, 2, 3)', origin: 'null' });
    await workbench.screenshot('a view of an MCP server below its call');
    await press(workbench, 'Show view', 'summary');
    await eventually('the frame to be gone', async () => !workbench.page.frames().some((each) => each.url() === 'about:srcdoc'));
  });
});
