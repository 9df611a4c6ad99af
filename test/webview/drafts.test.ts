import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KeptDrafts } from '../../src/shared/protocol.ts';
import { ChatFixture } from './harness/chat-fixture.ts';
import type { PanelPage } from './harness/panel-page.ts';

let fixture: ChatFixture;

beforeAll(async () => {
  fixture = await ChatFixture.create();
});
afterAll(() => fixture[Symbol.asyncDispose]());

/** A host that writes everything down, as it goes through a disk. */
function aHost() {
  let disk = '';
  const writes: string[] = [];
  return {
    writes,
    memory: {
      read: () => (disk === '' ? undefined : (JSON.parse(disk) as KeptDrafts)),
      keep: (kept: KeptDrafts) => {
        disk = JSON.stringify(kept);
        writes.push(disk);
      },
    },
  };
}

const boxOf = ({ page }: PanelPage) => page.$eval('.composer-text', (box) => (box instanceof HTMLTextAreaElement ? box.value : ''));

async function type({ page }: PanelPage, text: string): Promise<void> {
  await page.waitForSelector('.composer-text');
  await page.focus('.composer-text');
  await page.keyboard.type(text);
}

test('words that were not sent are handed to the host while they are typed, and stand there again in a page that the editor remembers nothing of', async () => {
  const { memory, writes } = aHost();
  await using chat = await fixture.open({}, [], { memory });
  await type(chat.panel, 'half a thought');
  await expect.poll(() => writes.at(-1)).toContain('half a thought');
  // Not at each key: what goes through a disk goes a few times a second.
  expect(writes.length).toBeLessThan('half a thought'.length);
  await using again = await chat.reopen({ memory });
  await again.page.waitForSelector('.composer-text');
  expect(await boxOf(again)).toBe('half a thought');
});

test('what the editor remembers counts where it is newer than what the host has kept, and words that were taken away stay away', async () => {
  const { memory } = aHost();
  await using chat = await fixture.open({}, [], { memory });
  await type(chat.panel, 'old words');
  await expect.poll(() => memory.read()?.drafts['new']).toBe('old words');
  const old = memory.read()!;
  await type(chat.panel, ', and newer ones');
  const state = await chat.panel.state();
  await using remembered = await chat.reopen({ memory: { read: () => old, keep: () => undefined }, state });
  await remembered.page.waitForSelector('.composer-text');
  expect(await boxOf(remembered)).toBe('old words, and newer ones');
  await chat.panel.page.keyboard.down('Control');
  await chat.panel.page.keyboard.press('KeyA');
  await chat.panel.page.keyboard.up('Control');
  await chat.panel.page.keyboard.press('Delete');
  await expect.poll(() => memory.read()?.drafts).toEqual({});
  await using emptied = await chat.reopen({ memory, state: { ...(state as object), draftsAt: old.at } });
  await emptied.page.waitForSelector('.composer-text');
  expect(await boxOf(emptied)).toBe('');
});

test('a draft that holds what may be a key goes to no disk', async () => {
  const { memory, writes } = aHost();
  await using chat = await fixture.open({}, [], { memory });
  await type(chat.panel, 'first');
  await expect.poll(() => writes.at(-1)).toContain('first');
  await type(chat.panel, ' sk-proj-Zx81kQw0RtYbNmLpO3vUaC5dEf');
  await expect.poll(() => memory.read()?.drafts).toEqual({});
  // A few letters of it, as it is typed, are no key yet; the whole of it is nowhere.
  expect(writes.join('\n')).not.toContain('Zx81kQw0RtYbNmLpO3vUaC5dEf');
});

test('a page that is drawn while the person writes elsewhere leaves them the keys; when a task is asked for, its box takes them, also where it was shown already', async () => {
  await using chat = await fixture.open({}, []);
  const { page, service } = chat.panel;
  const inBox = () => page.evaluate(() => document.activeElement?.classList.contains('composer-text') === true);
  await page.waitForSelector('.composer-text');
  await page.evaluateOnNewDocument(() => void (document.hasFocus = () => false));
  await page.reload();
  await page.waitForSelector('.composer-text');
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(drawn)))));
  expect(await inBox()).toBe(false);
  for (const _time of ['once', 'once more']) {
    service.compose();
    await expect.poll(inBox).toBe(true);
    await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
  }
});
