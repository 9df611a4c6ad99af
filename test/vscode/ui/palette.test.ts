import assert from 'node:assert/strict';
import { describe, it } from '../harness/ui.ts';
import { manifestWords } from './manifest.ts';

describe('command palette', () => {
  it('lists our commands under one category', async ({ workbench }) => {
    const { commands } = await manifestWords();
    const category = `${commands[0]?.split(': ')[0]}: `;
    const labels = await workbench.palette(category);
    await workbench.screenshot('command palette');
    await workbench.escape();
    // VS Code itself adds a command for each view.
    const ours = labels.filter((label) => label.startsWith(category) && !/: Focus on .* View$/.test(label));
    assert.ok(ours.length > 2, `only these: ${labels.join(', ')}`);
    for (const label of ours) assert.ok(commands.includes(label), `${label} is not a command of the manifest`);
  });
});
