import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it } from '../harness/ui.ts';
import { clickSteady } from '../harness/mouse.ts';
import { eventually, type Workbench } from '../harness/workbench.ts';
import { manifestWords } from './manifest.ts';
import { write } from './panel.ts';

const card = (workbench: Workbench) => join(workbench.folder, 'cards', 'card.txt');

/** Where the panel is on the screen it asks; its closing makes the editor ask. */
async function inPanel(workbench: Workbench, label: string): Promise<void> {
  await eventually(`the button "${label}" in the panel`, async () => {
    const root = await workbench.webview('.approval');
    for (const button of await root.$$('.approval button')) if ((await button.evaluate((each) => each.textContent)) === label) return await clickSteady(button, label);
    return false;
  });
}

async function startCard(workbench: Workbench): Promise<void> {
  await workbench.clickTreeAction('Greeting card', 'Run chain');
  await workbench.asked('Input of Greeting card');
  await workbench.retype('{ "name": "Ada" }');
  await workbench.page.keyboard.press('Enter');
}

async function runCard(workbench: Workbench): Promise<string> {
  await startCard(workbench);
  await firstRun(workbench, 'Greeting card, waiting for you');
  await workbench.command('View: Close All Editors');
  return eventually('the question', async () => (await workbench.notifications()).find((text) => text.includes('Greeting card wants to do this')));
}

const firstRun = async (workbench: Workbench, start: string) => eventually(`a run ${start}`, async () => (await workbench.treeRows('Runs'))[0]?.startsWith(start));

describe('an action that a rule asks about', () => {
  before(async ({ workbench }) => {
    await workbench.openView((await manifestWords()).name);
    await workbench.setting('infrastructureAssassin.rules', [{ effect: 'ask', grant: 'fs.write cards/**' }]);
  });

  it('is shown in full, and done after "Allow once"', async ({ workbench }) => {
    const question = await runCard(workbench);
    assert.ok(question.includes(`fs.write ${card(workbench)}`) || question.includes('fs.write cards/card.txt'), question);
    assert.match(question, /asks first \(.*settings.*\)/);
    await firstRun(workbench, 'Greeting card, waiting for you');
    await eventually('the status bar', async () => (await workbench.statusBar()).some((text) => text.includes('waiting for you')));
    await workbench.screenshot('a run that asks');
    assert.equal(existsSync(card(workbench)), false);
    await workbench.clickNotificationButton('Allow once');
    await firstRun(workbench, 'Greeting card, done');
    assert.equal(await readFile(card(workbench), 'utf8'), 'Hello, Ada! Hello, Ada!');
  });

  it('is asked in the panel where that is on the screen, and nowhere else', async ({ workbench }) => {
    await rm(card(workbench));
    await startCard(workbench);
    const panel = await workbench.webview('.approval');
    assert.match(await panel.evaluate((root) => root.querySelector('.approval')?.textContent ?? ''), /cards\/card\.txt/);
    assert.deepEqual((await workbench.notifications()).filter((text) => text.includes('Greeting card wants')), []);
    await workbench.screenshot('a run that asks in the panel');
    await inPanel(workbench, 'Allow once');
    await firstRun(workbench, 'Greeting card, done');
    assert.equal(existsSync(card(workbench)), true);
  });

  it('is not done after "Deny"', async ({ workbench }) => {
    await rm(card(workbench));
    await runCard(workbench);
    await workbench.clickNotificationButton('Deny');
    await firstRun(workbench, 'Greeting card, failed');
    assert.equal(existsSync(card(workbench)), false);
    await eventually('the reason', async () => (await workbench.notifications()).some((text) => text.includes('(denied)')));
  });

  it('is not done when the run is stopped meanwhile, and a late "Allow once" does nothing', async ({ workbench }) => {
    await runCard(workbench);
    await workbench.clickTreeAction('Greeting card, waiting', 'Stop run');
    await firstRun(workbench, 'Greeting card, cancelled');
    await workbench.clickNotificationButton('Allow once');
    await eventually('that it was too late', async () => (await workbench.notifications()).some((text) => text.startsWith('Too late')));
    assert.equal(existsSync(card(workbench)), false);
  });
});

describe('a question of a chain', () => {
  it('is asked in the panel, and answered there', async ({ workbench }) => {
    await workbench.writeFile('.assassin/chains/asks.ts', "import { ask } from 'assassin';\nexport const meta = { title: 'Curious', grants: [] };\nexport default async () => `You said ${await ask('Which colour?')}`;\n");
    await eventually('the chain', async () => (await workbench.treeRows('Chains')).some((row) => row.startsWith('Curious')));
    await workbench.clickTreeAction('Curious', 'Run chain');
    await write(workbench, 'teal', '.answer-form input');
    await firstRun(workbench, 'Curious, done');
    const panel = await workbench.webview('[role="tablist"]');
    await eventually('the answer in the panel', async () => (await panel.$eval('body', (body) => body.textContent ?? '')).includes('You said teal'));
  });
});
