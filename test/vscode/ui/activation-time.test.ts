import assert from 'node:assert/strict';
import { describe, it } from '../harness/ui.ts';
import { eventually } from '../harness/workbench.ts';
import { manifestWords } from './manifest.ts';

const editor = '.runtime-extensions-editor .monaco-list';

describe('activation', () => {
  it('takes the time that VS Code itself measures', async ({ workbench }) => {
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
    // Printed and not judged: on a busy machine it says how busy that was. What is loaded at the start has a budget in bytes.
    assert.ok(Number.isFinite(ms), row);
  });
});
