import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { newId } from '../../../src/shared/ids.ts';
import type { EventBody, JournalEvent } from '../../../src/shared/events.ts';
import { RunStore } from '../../../src/store/run-store.ts';
import { describe, it } from '../harness/ui.ts';
import { eventually, patienceMs, type Workbench } from '../harness/workbench.ts';
import { manifestWords } from './manifest.ts';

/** Records a run as if it had been run, with that many steps. */
function record(store: RunStore, workspace: string, title: string, steps: number): void {
  const host = { pid: 1, start: randomUUID() };
  const run = newId('run');
  const bodies: EventBody[] = [
    { type: 'run.created', kind: 'chain', title, source: '.assassin/chains/hello.ts', workspace, input: { json: {} }, grants: [], budget: {}, host, version: '0.0.0' },
    { type: 'run.state', from: 'queued', to: 'running' },
    { type: 'step.started', step: 'root', kind: 'run', name: title },
    ...Array.from({ length: steps }, (_, i): EventBody[] => [
      { type: 'step.started', step: `s${i}`, parent: 'root', kind: 'tool', name: `step ${i}` }, { type: 'step.ended', step: `s${i}`, status: 'ok', ms: 1 },
    ]).flat(),
    { type: 'step.ended', step: 'root', status: 'ok', ms: 10 },
    { type: 'run.state', from: 'running', to: 'done' },
  ];
  store.append(bodies.map((body, i): JournalEvent => ({ ...body, run, seq: i + 1, at: Date.now() })), host);
}

const stillMs = 1500;

/** Whether nothing in the list of runs changes for a while. */
const isStill = (workbench: Workbench) => workbench.page.$eval('.pane .monaco-list', (list, ms) => new Promise<boolean>((resolve) => {
  let changes = 0;
  const observer = new MutationObserver(() => (changes += 1));
  observer.observe(list, { subtree: true, childList: true, attributes: true });
  setTimeout(() => {
    observer.disconnect();
    resolve(changes === 0);
  }, ms);
}), stillMs);

describe('long lists', () => {
  it('of runs and steps come a page at a time', async ({ workbench }) => {
    // Before the view is opened: a row that is unfolded while the list is drawn anew stays empty, as the editor keeps what it was told of the old list.
    using store = new RunStore(join(dirname(workbench.folder), 'home'));
    for (let i = 0; i < 55; i++) record(store, workbench.folder, `Old ${i}`, 1);
    record(store, workbench.folder, 'Many steps', 120);
    await workbench.openView((await manifestWords()).name);
    await eventually('the newest run', async () => (await workbench.treeRows('Runs'))[0]?.startsWith('Many steps, done'));
    await eventually('a list that is not being drawn', () => isStill(workbench));
    await workbench.expandTreeRow('Many steps');
    await eventually('its first step', async () => (await workbench.treeRows('Runs'))[1]?.startsWith('step 0'));
    const size = async () => Number(await workbench.page.$eval('.pane .monaco-list-row', (row) => row.getAttribute('aria-setsize')));
    assert.equal(await size(), 51, 'fifty runs and the way to more');
    const steps = async () => Number(await workbench.page.$$eval('.pane .monaco-list-row[aria-level="2"]', ([row]) => row?.getAttribute('aria-setsize')));
    assert.equal(await steps(), 51, 'fifty steps and the way to more');
    await eventually('all runs', async () => {
      if ((await size()) === 56) return true;
      await workbench.page.focus('.pane .monaco-list');
      for (const key of ['Home', 'End'] as const) await workbench.page.keyboard.press(key);
      await workbench.clickTreeRow('Show more', patienceMs / 8);
      return await eventually('the next page', async () => (await size()) === 56, patienceMs / 8);
    });
  });
});
