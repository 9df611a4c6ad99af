import assert from 'node:assert/strict';
import { describe, it } from '../harness/ui.ts';
import { eventually, type Workbench } from '../harness/workbench.ts';
import { manifestWords } from './manifest.ts';

const editor = '.runtime-extensions-editor .monaco-list';
const limitMs = 50;
/** A window that is opened while the machine does something else says how busy that was: the best of so many is judged. */
const windows = 6;

async function activationMs(workbench: Workbench): Promise<number> {
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
  return Number(/Activation: (\d+)ms/.exec(row)?.[1]);
}

describe('activation', () => {
  it(`takes less than ${limitMs} ms as VS Code itself measures it`, async ({ workbench }) => {
    const measured: number[] = [];
    while (!measured.some((ms) => ms < limitMs) && measured.length < windows) {
      if (measured.length > 0) {
        await workbench.page.reload({ waitUntil: 'domcontentloaded' });
        await workbench.ready();
      }
      measured.push(await activationMs(workbench));
    }
    console.log(`       activation: ${measured.join(', ')} ms`);
    assert.ok(measured.some((ms) => ms < limitMs), `${measured.join(', ')} ms in ${measured.length} windows`);
  });
});
