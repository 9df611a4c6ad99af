import assert from 'node:assert/strict';
import { describe, it } from '../harness/ui.ts';
import { eventually, patienceMs, type Workbench } from '../harness/workbench.ts';
import { manifestWords } from './manifest.ts';

const editor = '.runtime-extensions-editor .monaco-list';
const limitMs = 50;

const msOf = (row: string) => Number(/Activation: (\d+)ms/.exec(row)?.[1]);

/** A busy machine delays one start or another; what the extension does itself, it does at each. */
const attempts = 4;

async function measure(workbench: Workbench): Promise<{ readonly ours: number; readonly others: readonly number[] }> {
  const { name, id } = await manifestWords();
  await workbench.openView(name);
  await workbench.command('Developer: Show Running Extensions');
  await workbench.page.waitForSelector(`${editor} .monaco-list-row`, { timeout: patienceMs });
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
  return { ours: msOf(ours), others: [...rows].filter((row) => row !== ours).map(msOf) };
}

describe('activation', () => {
  it(`takes less than ${limitMs} ms as VS Code itself measures it, or on a busy machine about what extensions of VS Code itself take`, async ({ workbench }) => {
    const measured: string[] = [];
    while (measured.length < attempts) {
      const { ours, others } = await measure(workbench);
      measured.push(`activation: ${ours} ms; extensions of VS Code itself: ${others.toSorted((a, b) => b - a).join(', ')} ms`);
      console.log(`       ${measured.at(-1)}`);
      assert.ok(others.length > 0, 'others to compare with');
      if (ours < Math.max(limitMs, 1.5 * Math.max(...others))) return;
      // A new window has an extension host of its own.
      await workbench.page.reload({ waitUntil: 'domcontentloaded' });
      await workbench.ready();
    }
    assert.fail(measured.join('\n'));
  }, 300_000);
});
