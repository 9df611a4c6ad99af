import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IsolatedWorld } from '../../../src/browser/isolated-world.ts';
import type { PageSession } from '../../../src/browser/page-session.ts';
import type { RunHandle } from '../../../src/run/run-manager.ts';
import { saveRecording, startRecording } from '../../../src/runtime-recording.ts';
import { browsers, leavesNothing, serve, type Handler, type Site } from '../../helpers/browser.ts';
import { chainTest, type ChainTest } from '../../helpers/chains.ts';
import { answersNext, personAt, type Person } from '../../helpers/person.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';

let sandbox: SandboxFiles;
beforeAll(async () => { sandbox = await buildSandboxFiles(); });
afterAll(() => sandbox[Symbol.dispose]());
leavesNothing();

const fixtures = join(import.meta.dirname, '../../fixtures/miniwob');
/** A page that says on the network when it was solved, and then has a button for going on: whoever waits for that has not left too early. */
const saying = (name: string) => `const said = new XMLHttpRequest(); said.open('GET', '/solved/${name}/' + ok, false); said.send(); if (ok) document.body.insertAdjacentHTML('beforeend', '<button id="solved" style="position: fixed; top: 0; right: 0">Solved</button>');`;
const small = (name: string): string => readFileSync(join(fixtures, `${name}.html`), 'utf8').replaceAll("document.documentElement.dataset.done = ok ? 'yes' : 'no';", saying(name));
const solved = (site: Site, from = 0) => site.requests.slice(from).filter((request) => request.includes('/solved/')).map((request) => request.replace('GET /solved/', ''));

/** The whole browser with its windows, on a screen that nobody looks at. */
const screen = { env: {}, flags: ['--ozone-platform=headless'] };
const settings = { browserPath: browsers.at(-1)! };

interface Recording {
  readonly test: ChainTest;
  readonly handle: RunHandle;
  readonly person: Person;
  readonly session: PageSession;
  readonly stop: () => void;
}

/** A recording in which somebody works, given to `body` when its page is there. */
async function recording(site: Site, files: Readonly<Record<string, string>>, body: (recording: Recording) => Promise<void>, { path = '/', grants = [] }: { readonly path?: string; readonly grants?: readonly string[] } = {}): Promise<void> {
  await using test = await chainTest(sandbox, files, { settings, screen, secret: () => Promise.resolve('s3cret-word') });
  const { browsers: factory } = test.runtime;
  const opened = Promise.withResolvers<PageSession>();
  const lease = factory.leaseVisible.bind(factory);
  factory.leaseVisible = async (scope) => {
    const given = await lease(scope);
    const open = given.resource.openPage.bind(given.resource);
    given.resource.openPage = async (id, viewport) => {
      const page = await open(id, viewport);
      opened.resolve(page);
      return page;
    };
    return given;
  };
  const stop = new AbortController();
  const handle = await startRecording(test.runtime, { url: `${site.origin}${path}`, grants, stop: stop.signal });
  void handle.outcome.then(({ error }) => opened.reject(new Error(`It ended before a page was open: ${error?.message}`)));
  const session = await opened.promise;
  // What is done before the listener is there is not recorded: a person is slower than that.
  await expect.poll(() => test.runtime.events(handle.id).some((event) => event.type === 'step.ended'), { timeout: 30_000 }).toBe(true);
  await body({ test, handle, session, person: personAt(session.page), stop: () => stop.abort() });
}

const form = '<title>Shop</title><main><h1>Sign in</h1><form action="/welcome"><label>Your name <input name="n"></label><label>Password <input type="password" name="p"></label><button type="button">Other</button><button>Sign in</button></form></main>';
const welcome: Handler = (request, response) => void response.setHeader('content-type', 'text/html').end(`<h1>Welcome</h1><p>${new URL(request.url!, 'http://site').searchParams.get('n')}</p>`);

describe('what a person does in the window of a throwaway browser', () => {
  it('becomes a chain with roles and names, inputs and secrets, which waits for where it led and does it again', async () => {
    await using site = await serve({ '/': form, '/welcome': welcome });
    await recording(site, {}, async ({ test, handle, person, stop }) => {
      await person.click('[name=n]');
      await person.type('Ada');
      await person.click('[name=p]');
      await person.type('hunter2-hunter2');
      await person.press('Enter');
      await person.page.waitForSelector('h1::-p-text(Welcome)');
      stop();
      expect(await handle.outcome).toMatchObject({ state: 'done', clean: true });
      const { path, text, grants, secrets } = await saveRecording(test.runtime, handle.id, { name: 'sign-in' });
      expect(path).toBe('.assassin/chains/sign-in.ts');
      expect(text.slice(text.indexOf('export default'))).toBe(`export default async function (input: { url: string; yourName: string }) {
  const page = await browser.open(input.url);
  await page.type("role=textbox \\"Your name\\"", input.yourName);
  await page.type("role=textbox \\"Password\\"", "\${secret:password}");
  await page.press("Enter", {"selector":"role=textbox \\"Password\\""});
  await page.waitFor({ url: "/welcome" });
  await page.waitFor({"text":"Welcome"});
}
`);
      expect([grants, secrets]).toEqual([['browser', `net ${site.origin}`, 'secret password'], ['password']]);
      expect(JSON.stringify(test.runtime.events(handle.id))).not.toContain('hunter2');
      expect(await test.runtime.chains.check('sign-in')).toEqual([]);
      const before = site.requests.length;
      const replay = await test.run('sign-in', { yourName: 'Bob' });
      expect(replay.outcome).toMatchObject({ state: 'done', clean: true });
      expect(site.requests.slice(before)).toContain('GET /welcome?n=Bob&p=s3cret-word');
    });
  }, 120_000);

  it('is done again on small pages of many kinds', async () => {
    const twice = `<button id="b">Twice</button><script>b.ondblclick = () => { const ok = true; ${saying('twice')} }</script>`;
    const names = ['login', 'autocomplete', 'wizard', 'select', 'confirm', 'cross-frame', 'nested-shadow', 'drag-pointer', 'twice', 'popup', 'upload'];
    await using site = await serve({ ...Object.fromEntries([...names.filter((name) => name !== 'twice'), 'other-site', 'popup-child'].map((name) => [`/${name}.html`, small(name)])), '/twice.html': twice });
    await recording(site, { 'data/list.csv': 'a,b\n1,2\n' }, async ({ test, handle, person, session }) => {
      const { page } = person;
      const done = () => person.click('#solved');
      const next = (name: string) => page.goto(`${site.origin}/${name}.html`);
      await person.click('[name=user]');
      await person.type('ada');
      await person.click('[name=pass]');
      await person.type('s3cret-word');
      await person.click('button');
      await done();
      await next('autocomplete');
      await person.click('#q');
      await person.type('Ber');
      await person.watch('#l');
      await person.click('li::-p-text(Bergen)');
      await done();
      await next('wizard');
      await person.click('[name=mail]');
      await person.type('a@b.example');
      await person.click('#n');
      await person.click('[name=ok]');
      await person.click('#s2 button');
      await done();
      await next('select');
      await person.click('#s');
      await person.type('Pear');
      await person.press('Enter');
      await done();
      await next('confirm');
      await answersNext(session.client, true);
      await person.click('#b');
      await done();
      await next('cross-frame');
      // Frames of other sites are reached a moment after they are there.
      const other = await (await page.waitForSelector('#other'))!.contentFrame();
      await expect.poll(() => new IsolatedWorld(other!.client, () => other!._id).call(() => 'iaRecording' in globalThis).catch(() => false), { timeout: 20_000 }).toBe(true);
      await person.click('#c', { frame: '#other' });
      await person.click('#b', { frame: '#other' });
      await done();
      await next('nested-shadow');
      await person.click('>>> button');
      await done();
      await next('drag-pointer');
      await person.drag('#h', 150, 0);
      await done();
      await next('twice');
      await person.click('#b', { count: 2 });
      await done();
      await next('popup');
      const child = new Promise<PageSession['page']>((resolve) => void page.once('popup', (opened) => opened && resolve(opened)));
      await person.click('#b');
      const window = await child;
      await expect.poll(() => test.runtime.events(handle.id).some((event) => event.type === 'step.started' && event.name === 'page.popup'), { timeout: 20_000 }).toBe(true);
      // A screen that nobody looks at gives windows of pages no size.
      await window.setViewport({ width: 600, height: 400 });
      await personAt(window).click('#b');
      await done();
      await window.close();
      await page.bringToFront();
      await next('upload');
      const [chooser] = await Promise.all([page.waitForFileChooser(), person.click('#f')]);
      await chooser.accept([join(test.workspace, 'data/list.csv')]);
      await done();
      // As its window is closed.
      await page.close();
      const outcome = await handle.outcome;
      expect(outcome).toMatchObject({ state: 'done', clean: true });
      const { text, grants } = await saveRecording(test.runtime, handle.id, { name: 'many' });
      expect([text, grants]).toEqual([expect.stringContaining('page.dialogs({"accept":true})'), expect.arrayContaining(['fs.read data/list.csv'])]);
      expect(text).not.toContain('s3cret-word');
      const before = site.requests.length;
      const replay = await test.run('many');
      expect([replay.outcome.error, text]).toEqual([undefined, text]);
      expect([...new Set(solved(site, before))].filter((each) => each.endsWith('/true'))).toEqual(names.map((name) => `${name}/true`));
    }, { path: '/login.html', grants: [`net http://localhost:${site.port}`] });
  }, 180_000);

  it('is done again where the mouse has to rest, where lists grow as they are scrolled, and with what was copied', async () => {
    const done = (name: string) => `const ok = true; ${saying(name)}`;
    const pages = {
      menu: `<style>nav{position:absolute;top:40px}nav ul{display:none;margin:0}nav li:hover>ul{display:block}</style><nav><ul style="display:block"><li><a href="#p">Products</a><ul><li><button id="b">Lamps</button></li></ul></li></ul></nav><script>b.onclick = () => { ${done('menu')} }</script>`,
      flyout: `<style>#m{position:absolute;top:40px}#n{position:absolute;top:80px}[hidden]{display:none}</style><button id="o" aria-haspopup="menu">Account</button><div id="m" hidden><button id="s" aria-haspopup="menu">More</button></div><div id="n" hidden><button id="b">Sign out</button></div><script>o.onmouseenter = () => setTimeout(() => { m.hidden = false; }, 100); s.onmouseenter = () => { n.hidden = m.hidden; }; b.onclick = () => { ${done('flyout')} }</script>`,
      feed: `<style>p{height:200px;margin:0}</style><div id="l"></div><script>let n = 0; const more = () => { for (let i = 0; i < 6; i++) { const p = document.createElement('p'); p.innerHTML = '<button>Item ' + ++n + '</button>'; const item = n; p.firstChild.onclick = () => { if (item === 14) { ${done('feed')} } }; l.append(p); } }; more(); let busy = false; onscroll = () => { if (!busy && innerHeight + scrollY > l.scrollHeight - 100 && n < 18) { busy = true; setTimeout(() => { busy = false; more(); }, 60); } }</script>`,
      part: `<div id="c" style="height:120px;width:200px;overflow:auto"><div style="height:2000px;position:relative" id="r"></div></div><script>const show = () => { const first = Math.floor(c.scrollTop / 40); r.replaceChildren(...[0, 1, 2].map((i) => { const row = document.createElement('button'); row.textContent = 'Row ' + (first + i); row.style = 'position:absolute;height:36px;top:' + (first + i) * 40 + 'px'; if (first + i === 20) { row.id = 'b'; row.onclick = () => { ${done('part')} }; } return row; })); }; c.onscroll = show; show();</script>`,
      keys: `<p id="t">Blue whale</p><label>Name <input id="n"></label><script>addEventListener('keydown', (e) => { if (e.ctrlKey && e.key === 'k') { e.preventDefault(); n.focus(); } if (e.ctrlKey && e.key === 's') { e.preventDefault(); if (n.value === 'Blue whale') { ${done('keys')} } } })</script>`,
    };
    const names = Object.keys(pages);
    await using site = await serve(Object.fromEntries(Object.entries(pages).map(([name, page]) => [`/${name}`, page])));
    await recording(site, {}, async ({ test, handle, person, stop }) => {
      const { page } = person;
      const next = async (name: string) => {
        await person.click('#solved');
        await page.goto(`${site.origin}/${name}`);
      };
      await person.hover('a');
      await person.click('#b');
      await next('flyout');
      await person.hover('#o');
      await person.hover('#s');
      await person.click('#b');
      await next('feed');
      await person.wheel('#l', 'button::-p-text(Item 14)');
      await person.click('button::-p-text(Item 14)');
      await next('part');
      await person.wheel('#c', '#b', 100);
      await person.click('#b');
      await next('keys');
      await page.evaluate(() => getSelection()?.selectAllChildren(document.querySelector('#t')!));
      await person.chord('c', 'copy');
      await person.chord('k');
      await person.chord('v', 'paste');
      await page.waitForFunction(() => document.querySelector('input')?.value === 'Blue whale');
      await person.chord('s');
      await person.click('#solved');
      stop();
      expect(await handle.outcome).toMatchObject({ state: 'done', clean: true });
      const { text } = await saveRecording(test.runtime, handle.id, { name: 'resting' });
      const steps = text.split('\n').filter((line) => /hover|scroll/.test(line)).map((line) => line.trim());
      // What was copied is typed: a later run has no clipboard.
      expect(text).toContain('"default": "Blue whale"');
      expect(steps).toEqual([
        'await page.hover("role=link \\"Products\\"");', 'await page.hover("role=button \\"Account\\"");', 'await page.hover("role=button \\"More\\"");',
        expect.stringMatching(/^await page\.scroll\(\{"dy":\d+,"until":"role=button \\"Item 14\\""\}\);$/), expect.stringMatching(/^await page\.scroll\(\{"dy":96,"until":"role=button \\"Row 20\\"","selector":"#c"\}\);$/),
      ]);
      const before = site.requests.length;
      const replay = await test.run('resting');
      expect([replay.outcome.error, text]).toEqual([undefined, text]);
      expect([...new Set(solved(site, before))]).toEqual(names.map((name) => `${name}/true`));
    }, { path: '/menu' });
  }, 180_000);
});
