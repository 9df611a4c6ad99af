import assert from 'node:assert/strict';
import { describe, it } from '../harness/ui.ts';
import { eventually } from '../harness/workbench.ts';
import { manifestWords } from './manifest.ts';

describe('in a window without a folder', () => {
  it('each view says that one is needed and leads to it, and the palette offers nothing that would need one', async ({ workbench }) => {
    const { name } = await manifestWords();
    await workbench.openView(name);
    await eventually('the welcomes', async () => (await workbench.texts('.welcome-view-content')).filter((text) => text.startsWith('Open a folder to use chains, runs and MCP servers.')).length === 3);
    await workbench.screenshot('views without a folder');
    const found = await workbench.palette(`${name}: New task`);
    await workbench.escape();
    assert.ok(!found.includes(`${name}: New task`), found.join(', '));
    await workbench.page.click('.welcome-view-content .monaco-button');
    await workbench.asked('Open Folder');
    await workbench.escape();
  });
});
