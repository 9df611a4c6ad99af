import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { calls, finish, recorded, says } from '../helpers/tasks.ts';
import { violationsOf } from './harness/axe.ts';
import { ChatFixture } from './harness/chat-fixture.ts';
import type { PanelPage } from './harness/panel-page.ts';

let fixture: ChatFixture;

beforeAll(async () => {
  fixture = await ChatFixture.create();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const edit = (path: string) => calls(['edit_file', { path, edits: [{ oldText: '', newText: 'x' }] }]);
const focusedText = (panel: PanelPage) => panel.page.evaluate(() => document.activeElement?.textContent ?? '');

describe('what waits for the person', () => {
  test('takes the focus to its heading where nobody writes, is announced, and gives the focus on when it is answered by keys alone', async () => {
    await using chat = await fixture.open({}, recorded(edit('a/one.txt'), edit('b/two.txt'), says('Both are there.')));
    const { page } = chat.panel;
    await chat.say('Write both.');
    await chat.sees('[role="alert"]', 'Allow this? fs.write');
    await chat.sees('[role="alert"]', 'Shift+Tab goes there.');
    await chat.sees('.approval-change', 'What would change +1 −0');
    await chat.sees('.approval-change .diff-added', 'x');
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('composer-text');
    await page.keyboard.down('Shift');
    for (let step = 0; step < 12 && !(await focusedText(chat.panel)).startsWith('Allow once'); step++) await page.keyboard.press('Tab');
    await page.keyboard.up('Shift');
    await page.keyboard.press('Enter');
    // Who has answered the first is led to the second, and not onto a button that allows it.
    await chat.sees('.approval-action', 'b/two.txt');
    await page.waitForFunction(() => document.activeElement?.matches('.approval-head'));
    expect(await focusedText(chat.panel)).toContain('Allow this?');
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.activeElement?.matches('.answer-form input'));
    await page.keyboard.type('Not there.');
    await page.keyboard.press('Enter');
    await chat.sees('.end', 'You were asked 2 times whether something is allowed.');
    await page.waitForFunction(() => document.activeElement?.matches('.chat'));
  });

  test('leaves the keys where the person has gone meanwhile: what was answered goes away late, and the task that was sent is shown late', async () => {
    await using chat = await fixture.open({}, recorded(edit('a/late.txt'), says('It is there.')));
    const { page } = chat.panel;
    const places: string[] = [];
    await page.exposeFunction('noteFocus', (place: string) => void places.push(place));
    await page.waitForSelector('.composer-text');
    await page.type('.composer-text', 'Write it.');
    await page.evaluate(() => {
      const button = document.querySelector<HTMLElement>('.composer button[type="submit"]');
      button?.click();
      document.querySelector<HTMLElement>('.composer-text')?.blur();
      document.hasFocus = () => false;
      document.addEventListener('focusin', ({ target }) => void (window as unknown as { noteFocus: (place: string) => Promise<void> }).noteFocus(target instanceof Element ? target.className : ''));
    });
    await chat.sees('.approval', 'Allow this?');
    expect(places).toEqual([]);
    await page.evaluate(() => {
      const allow = [...document.querySelectorAll<HTMLElement>('.approval button')].find((button) => button.textContent?.includes('Allow once'));
      document.hasFocus = () => true;
      allow?.focus();
    });
    await expect.poll(() => places.length).toBe(1);
    // In one go: a page that still has the focus when the question leaves shall keep it.
    await page.evaluate(() => {
      const allow = document.activeElement;
      if (!(allow instanceof HTMLElement)) return;
      allow.click();
      allow.blur();
      document.hasFocus = () => false;
    });
    await chat.sees('.end', 'You were asked once');
    expect(places).toHaveLength(1);
  });

  test.each([{ width: 300, height: 700 }, { width: 300, height: 350 }, { width: 512, height: 360 }, { width: 150, height: 300 }])('is in sight and can be answered in a page of $width by $height pixels, and is drawn over nothing', async ({ width, height }) => {
    await using chat = await fixture.open({}, recorded(edit('a/one.txt'), finish('done')), { width, height });
    const { page } = chat.panel;
    await chat.say('Write it.');
    await chat.sees('.approval', 'Allow this?');
    const seen = () => page.evaluate(() => {
      const heading = document.querySelector('.approval-head')?.getBoundingClientRect();
      const tabs = document.querySelector('.tabs')?.getBoundingClientRect();
      const card = document.querySelector('.asks')?.getBoundingClientRect();
      const pinned = getComputedStyle(document.querySelector('.asks') ?? document.body).position === 'sticky';
      return {
        inSight: heading !== undefined && heading.top >= 0 && heading.bottom <= window.innerHeight,
        sideways: document.documentElement.scrollWidth - window.innerWidth,
        over: !pinned && tabs !== undefined && card !== undefined && card.top < tabs.bottom,
      };
    });
    // Polled: the page may still be laid out.
    await expect.poll(seen).toMatchObject({ inSight: true, over: false });
    expect((await seen()).sideways).toBeLessThanOrEqual(0);
    expect(await violationsOf(page)).toEqual([]);
    await chat.press('Allow once');
    await chat.sees('.end', 'Done');
  });
});

describe('a part of the page that cannot be drawn', () => {
  test('says so with a way on, while the rest lives; a second try shows it', async () => {
    await using chat = await fixture.open({}, recorded(says('Here.'), says('There.')));
    const { page } = chat.panel;
    await chat.say('Speak.');
    await chat.sees('.end', 'Done');
    await page.evaluate(() => {
      Object.assign(window, { kept: window.ResizeObserver });
      Object.assign(window, { ResizeObserver: function broken() { throw new TypeError('no observer here'); } });
    });
    await page.click('#tab-result');
    await chat.sees('.message-part[role="alert"]', 'This part could not be drawn');
    await chat.sees('.message-part', 'no observer here');
    expect(await violationsOf(page)).toEqual([]);
    // Header, tabs and lists are not part of it.
    await chat.sees('.title', 'Speak.');
    await page.evaluate(() => Object.assign(window, { ResizeObserver: (window as unknown as { kept: typeof ResizeObserver }).kept }));
    await chat.press('Try again');
    await chat.sees('#panel-result, .tabpanel', 'Input, grants and limits');
    await page.click('#tab-chat');
    await chat.say('Go on.');
    await chat.sees('.chat-turn .markdown', 'There.');
  });

  test('can be left by making the page anew, which shows the same run', async () => {
    await using chat = await fixture.open({}, recorded(says('Here.')));
    const { page } = chat.panel;
    await chat.say('Speak.');
    await chat.sees('.end', 'Done');
    await page.evaluate(() => {
      Object.assign(window, { ResizeObserver: function broken() { throw new TypeError('no observer here'); } });
    });
    await page.click('#tab-result');
    await chat.sees('.message-part', 'no observer here');
    await chat.press('Reload the panel');
    await chat.sees('.title', 'Speak.');
    await page.waitForFunction(() => document.querySelector('.message-part') === null);
  });
});

test('a draft that holds what may be a key is not given to the editor to keep', async () => {
  await using chat = await fixture.open({}, []);
  const { page } = chat.panel;
  await page.waitForSelector('.composer-text');
  await page.focus('.composer-text');
  await page.keyboard.type('Use this: ');
  expect(JSON.stringify(await chat.panel.state())).toContain('Use this: ');
  await page.keyboard.type('sk-proj-Zx81kQw0RtYbNmLpO3vUaC5dEf');
  expect(JSON.stringify(await chat.panel.state())).not.toContain('Zx81kQw0RtYbNmLpO3vUaC5dEf');
  expect(await page.$eval('.composer-text', (box) => (box as HTMLTextAreaElement).value)).toContain('Zx81kQw0');
});
