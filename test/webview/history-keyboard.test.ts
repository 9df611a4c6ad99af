import type { KeyInput } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PanelFixture } from './harness/fixture.ts';
import type { PanelPage } from './harness/panel-page.ts';
import { Recorder } from './harness/record.ts';
import { noTasks, someModel } from './harness/tasks.ts';

let fixture: PanelFixture;
let stopped: string;
beforeAll(async () => {
  fixture = await PanelFixture.create();
  const run = new Recorder(fixture.store, { title: 'Find the price', source: '', kind: 'task', session: 'ses_1', workspace: fixture.workspace });
  run.pass(2).enter('running');
  const root = run.begin({ kind: 'run', name: 'Find the price' });
  const agent = run.begin({ kind: 'agent', name: 'CodeAct', parent: root });
  const turn = run.begin({ kind: 'agent', name: 'Turn 1', parent: agent });
  run.step({ kind: 'model', name: 'openai/gpt-5', parent: turn, input: [{ role: 'user', content: 'Find the price' }], output: { text: 'I look into the file.' } });
  run.end(turn).end(agent).end(root).enter('cancelled');
  stopped = run.run;
});
afterAll(() => fixture[Symbol.asyncDispose]());

const nameOfFocus = (panel: PanelPage) => panel.page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim() ?? '');
/** Goes on with the key until the focus is on what is called this; never by mouse. */
async function keyTo(panel: PanelPage, name: string, key: KeyInput = 'Tab'): Promise<void> {
  const seen: string[] = [];
  for (let presses = 0; presses < 80; presses++) {
    await panel.page.keyboard.press(key);
    const focused = await nameOfFocus(panel);
    if (focused === name) return;
    seen.push(focused);
  }
  throw new Error(`No stop is called "${name}": ${seen.join(' | ')}`);
}

test('an earlier task is found, opened, resumed, forked and exported with the keyboard alone', async () => {
  const resumed: string[] = [];
  const forked: (readonly [string, number, string])[] = [];
  await using panel = await fixture.open({
    state: { place: 'history', tab: 'chat', fold: { rest: 'open', except: [] }, filter: '', scroll: { result: 0, trace: 0, bill: 0 } },
    tasks: {
      ...noTasks, model: () => Promise.resolve(someModel),
      resume: async (run) => { resumed.push(run); return run; },
      fork: async (run, turn, text) => { forked.push([run, turn, text]); return run; },
    },
  });
  const { page } = panel;
  await page.waitForSelector('.found-title');
  // The search has the focus when the history is opened.
  await page.waitForFunction(() => document.activeElement instanceof HTMLInputElement && document.activeElement.type === 'search');
  await page.keyboard.type('price');
  await page.waitForFunction(() => document.querySelector('.toolbar [role=status]')?.textContent === '1 run');
  await keyTo(panel, 'Find the price');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.end-actions');
  await keyTo(panel, 'Resume');
  await page.keyboard.press('Enter');
  await expect.poll(() => resumed).toEqual([stopped]);
  await keyTo(panel, 'Export');
  await page.keyboard.press('Enter');
  await expect.poll(() => panel.traffic.exported).toEqual([stopped]);
  await keyTo(panel, 'Fork');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.classList.contains('composer-text'));
  await page.keyboard.type('in euros');
  await page.keyboard.press('Enter');
  await expect.poll(() => forked).toEqual([[stopped, 1, 'in euros']]);
});
