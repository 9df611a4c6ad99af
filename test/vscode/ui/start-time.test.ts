import assert from 'node:assert/strict';
import { describe, it } from '../harness/ui.ts';
import { eventually } from '../harness/workbench.ts';
import { manifestWords } from './manifest.ts';

const editor = '.runtime-extensions-editor .monaco-list';
const limitMs = 50;

const msOf = (row: string) => Number(/Activation: (\d+)ms/.exec(row)?.[1]);

describe('activation', () => {
  it(`takes less than ${limitMs} ms as VS Code itself measures it, or on a busy machine about what extensions of VS Code itself take`, async ({ workbench }) => {
    const { name, id } = await manifestWords();
    await workbench.openView(name);
    await workbench.command('Developer: Show Running Extensions');
    await workbench.page.waitForSelector(`${editor} .monaco-list-row`);
    const rows = new Set<string>();
    const ours = await eventually(`${name} among the running extensions`, async () => {
      // Only the rows on the screen exist, slowest extensions first: ours is found by paging down.
      await workbench.page.focus(editor);
      for (const key of ['Home', 'PageDown', 'End'] as const) {
        await workbench.page.keyboard.press(key);
        for (const row of await workbench.texts(`${editor} .monaco-list-row`)) if (row.includes('Activation: ')) rows.add(row);
      }
      return [...rows].find((text) => text.startsWith(name) || text.startsWith(id));
    });
    const others = [...rows].filter((row) => row !== ours).map(msOf);
    console.log(`       activation: ${msOf(ours)} ms; extensions of VS Code itself: ${others.toSorted((a, b) => b - a).join(', ')} ms`);
    assert.ok(others.length > 0, 'others to compare with');
    assert.ok(msOf(ours) < Math.max(limitMs, 1.5 * Math.max(...others)), ours);
  });
});
