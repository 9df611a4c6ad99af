import assert from 'node:assert/strict';
import { before, describe, it } from '../harness/ui.ts';
import { eventually } from '../harness/workbench.ts';
import { manifestWords } from './manifest.ts';

const themes = [
  { name: 'Default Light Modern', marker: 'vscode-light' },
  { name: 'Default Dark Modern', marker: 'vscode-dark' },
  { name: 'Default High Contrast', marker: 'vscode-high-contrast' },
  { name: 'Default High Contrast Light', marker: 'vscode-high-contrast-light' },
] as const;

describe('panel, views and lenses', () => {
  before(async ({ workbench }) => {
    await workbench.openView((await manifestWords()).name);
    await workbench.openFile('.assassin/chains/hello.ts');
    await workbench.clickTreeAction('Says hello', 'Run chain');
    await eventually('the run', async () => (await workbench.treeRows('Runs'))[0]?.startsWith('hello, done'));
    await workbench.expandTreeRow('hello, done');
  });

  for (const { name, marker } of themes) {
    it(`take on the theme ${name}`, async ({ workbench }) => {
      await workbench.setting('workbench.colorTheme', name);
      const panel = await workbench.webview('[role="tablist"]');
      await eventually('the theme in the panel', async () => panel.$eval('body', (body, wanted) => body.classList.contains(wanted), marker));
      const colours = await panel.$eval('body', (body) => {
        const style = getComputedStyle(body);
        return { text: style.color, wanted: style.getPropertyValue('--vscode-foreground') || style.getPropertyValue('--vscode-editor-foreground') };
      });
      assert.ok(colours.wanted !== '' && colours.text !== '', JSON.stringify(colours));
      await workbench.screenshot(`theme ${name}`);
    });
  }
});
