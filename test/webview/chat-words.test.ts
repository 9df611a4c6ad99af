import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everyCase } from '../helpers/depth.ts';
import { calls, recorded, says } from '../helpers/tasks.ts';
import { ChatFixture, type Chat } from './harness/chat-fixture.ts';
import { violationsOf } from './harness/axe.ts';
import { picture } from './harness/picture.ts';

let fixture: ChatFixture;

beforeAll(async () => {
  fixture = await ChatFixture.create();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const hostile = [
  '<img src="https://evil.example/a.png" onerror="window.hit=1"><script>window.hit=1</script>',
  '<style>body{display:none}</style><iframe src="https://evil.example"></iframe><button class="button primary">Allow once</button>',
  '![tracking](https://evil.example/pixel.png)',
  '[click](javascript:window.hit=1) and [real](https://shop.example/list?a=1) and [file](src/a.ts#L3)',
  '<a href="https://evil.example" onclick="window.hit=1">inside</a>',
  '```js"><img src=x onerror=window.hit=1>\n</code></pre><img src=x onerror=window.hit=1>\n```',
  '| a | b |\n| - | - |\n| <b onmouseover=window.hit=1>x</b> | y |',
  'turned \u202Etxt.exe',
].join('\n\n');

async function shown(chat: Chat, text: string): Promise<void> {
  await chat.say('Say it.');
  await chat.sees('.chat-turn .markdown', text);
  await chat.sees('.end', 'Done');
}

test('what a model writes loads nothing, runs nothing and looks like nothing of the panel; links show themselves to the host', async () => {
  await using chat = await fixture.open({}, [says(hostile)]);
  const { page } = chat.panel;
  await shown(chat, 'turned');
  expect(await page.evaluate(() => (window as unknown as { hit?: number }).hit)).toBeUndefined();
  expect(await page.$$eval('.markdown img, .markdown script, .markdown style, .markdown iframe, .markdown button.primary, .markdown [onclick], .markdown [onmouseover], .markdown a[href]', (all) => all.length)).toBe(0);
  expect(chat.panel.traffic.requests.filter((url) => !url.startsWith('http://127.0.0.1') && !url.startsWith('data:'))).toEqual([]);
  expect(chat.panel.traffic.violations).toEqual([]);
  expect(await chat.panel.text('.markdown')).toContain('<U+202E>');
  for (const link of await page.$$('.markdown a[data-href]')) {
    await link.focus();
    await page.keyboard.press('Enter');
  }
  await expect.poll(() => chat.tasks.shown.links).toEqual(['https://evil.example/pixel.png', 'https://shop.example/list?a=1', 'src/a.ts#L3']);
  expect(await page.evaluate(() => (window as unknown as { hit?: number }).hit)).toBeUndefined();
  expect(await violationsOf(page)).toEqual([]);
});

const words = '# Result\n\nSome *words* with `code`, a [link](https://example.com) and\n\n- one\n- [x] two\n\n| name | price |\n| --- | --- |\n| lamp | 12 |\n\n```ts\nexport const price = 12; // euros\n```\n\n> said';
const change = calls(['edit_file', { path: 'a.ts', edits: [{ oldText: 'one', newText: 'two' }] }]);

/** Every theme and both widths; every theme in both where every case is wanted. */
describe.each([['dark', [1200, 300]], ['light', [300, 1200]], ['hc', [1200, 300]], ['hc-light', [300, 1200]]] as const)('in the %s theme', (theme, widths) => {
  test.each(everyCase ? widths : widths.slice(0, 1))('axe finds nothing in a conversation that asks and ends, %i pixels wide, and nothing sticks out', async (width) => {
    await using chat = await fixture.open({ 'a.ts': 'export const a = "one";\n' }, recorded(change, says(words)), { theme, width, height: 700 });
    const { page } = chat.panel;
    const overhang = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    await chat.sees('h1', 'What is to be done?');
    expect(await violationsOf(page)).toEqual([]);
    expect(await overhang()).toBeLessThanOrEqual(0);
    await chat.say('Change it, please, in a sentence that is a bit longer than the side bar is wide.');
    await chat.sees('.approval', 'Allow this?');
    await page.$$eval('.offer', (all) => all.forEach((offer) => offer.setAttribute('open', '')));
    expect(await violationsOf(page)).toEqual([]);
    expect(await overhang()).toBeLessThanOrEqual(0);
    await picture(page, `chat-asks-${theme}-${width}`);
    await chat.press('Allow once');
    await chat.sees('.end', 'Unverified');
    await chat.sees('.diff-added', 'two');
    await page.$$eval('.call', (all) => all.forEach((call) => ((call as HTMLDetailsElement).open = true)));
    await chat.sees('.call-details', 'Show in the trace');
    expect(await violationsOf(page)).toEqual([]);
    expect(await overhang()).toBeLessThanOrEqual(0);
    await picture(page, `chat-end-${theme}-${width}`);
  });
});

test('with no model the page says so and offers three ways, and what is typed is not lost', async () => {
  const { noTasks } = await import('./harness/tasks.ts');
  const ways: string[] = [];
  await using chat = await fixture.open({}, [], { tasks: { ...noTasks, setUp: async (way) => void ways.push(way) } });
  await chat.sees('.notice', 'No model is connected');
  await chat.sees('.notice', 'Chains work without a model');
  for (const label of ['Sign in to Copilot', 'Install Ollama', 'Add a provider']) await chat.press(label);
  await expect.poll(() => ways).toEqual(['copilot', 'ollama', 'provider']);
  await chat.say('Remember me');
  expect(await chat.panel.page.$eval('.composer-text', (box) => (box instanceof HTMLTextAreaElement ? box.value : ''))).toBe('Remember me');
  expect(await violationsOf(chat.panel.page)).toEqual([]);
  await using again = await chat.reopen({ state: await chat.panel.state() });
  await again.page.waitForSelector('.composer-text');
  expect(await again.page.$eval('.composer-text', (box) => (box instanceof HTMLTextAreaElement ? box.value : ''))).toBe('Remember me');
});

test('a picture is attached, shown, and taken back', async () => {
  await using chat = await fixture.open({}, [says('Seen.')]);
  const { page } = chat.panel;
  await page.waitForSelector('.composer-text');
  await page.evaluate(() => {
    const bytes = Uint8Array.from(atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='), (c) => c.charCodeAt(0));
    const files = new DataTransfer();
    files.items.add(new File([bytes], 'dot.png', { type: 'image/png' }));
    files.items.add(new File(['text'], 'notes.txt', { type: 'text/plain' }));
    document.querySelector('.composer-text')?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: files, bubbles: true }));
  });
  await page.waitForSelector('.attachment img[alt="dot.png"]');
  await chat.sees('.notice-bad', 'notes.txt is no PNG');
  expect(chat.panel.traffic.violations).toEqual([]);
  await chat.press('Remove dot.png');
  await page.waitForFunction(() => document.querySelector('.attachment') === null);
});
