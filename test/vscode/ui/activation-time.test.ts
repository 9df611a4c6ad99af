import assert from 'node:assert/strict';
import { describe, it } from '../harness/ui.ts';
import { eventually } from '../harness/workbench.ts';
import { manifestWords } from './manifest.ts';

const editor = '.runtime-extensions-editor .monaco-list';
const limitMs = 50;

describe('activation', () => {
  it(`takes less than ${limitMs} ms, as VS Code itself measures it`, async ({ workbench }) => {
    const { name, id } = await manifestWords();
    await workbench.openView(name);
    await workbench.command('Developer: Show Running Extensions');
    await workbench.page.waitForSelector(`${editor} .monaco-list-row`);
    const row = await eventually(`${name} among the running extensions`, async () => {
      // Only the rows on the screen exist, slowest extensions first: ours is found by paging down.
      await workbench.page.focus(editor);
      for (const key of ['Home', 'PageDown', 'End'] as const) {
        await workbench.page.keyboard.press(key);
        const found = (await workbench.texts(`${editor} .monaco-list-row`)).find((text) => text.startsWith(name) || text.startsWith(id));
        if (found?.includes('Activation: ')) return found;
      }
      return undefined;
    });
    const ms = Number(/Activation: (\d+)ms/.exec(row)?.[1]);
    console.log(`       activation: ${ms} ms`);
    assert.ok(ms < limitMs, row);
  });
});
