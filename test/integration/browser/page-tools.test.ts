import { describe, expect, it } from 'vitest';
import { browsers, leavesNothing, type Handler } from '../../helpers/browser.ts';
import { onPage, rejected } from '../../helpers/pages.ts';
import type { FinishedRun } from '../../helpers/run.ts';
import { archiveProblems, pdfPages, traceEvents } from '../../helpers/kept-formats.ts';
import type { Json, JsonObject } from '../../../src/shared/json.ts';

leavesNothing();

interface Stored { readonly blob: string; readonly bytes: number; readonly mediaType: string }

/** What was stored, as its own event of the run tells; the blobs themselves go with the store of the test. */
const stored = (run: FinishedRun): readonly Stored[] => run.of('step.ended').flatMap(({ output }) => {
  const json = output !== undefined && 'json' in output ? output.json : null;
  return typeof json === 'object' && json !== null && 'blob' in json ? [json as unknown as Stored] : [];
});

describe.each(browsers)('what is kept of a page in %s', (browser) => {
  it('is a PDF with its text, an HTTP archive that is valid and a trace that can be opened', async () => {
    const tall = Array.from({ length: 60 }, (_, i) => `<p>Line ${i} of a long page</p>`).join('');
    const run = await onPage({ '/': `<title>Kept</title><h1>Kept as paper</h1>${tall}<img src="/missing.png?size=2">` }, async (call, origin, blob) => {
      const bytes = async (name: string, input: JsonObject = {}) => {
        const kept = await call(name, { page: 'p1', ...input }) as unknown as Stored;
        const content = await blob(kept.blob);
        expect(content.length).toBe(kept.bytes);
        return { ...kept, content };
      };
      expect(await rejected(call('page.stopTrace', { page: 'p1' }))).toMatchObject({ code: 'page-failed' });
      await call('page.startTrace', { page: 'p1', screenshots: true });
      await call('page.evaluate', { page: 'p1', expression: 'performance.mark("marked by the test")' });
      const trace = await bytes('page.stopTrace');
      const pdf = await bytes('page.pdf', { landscape: true, format: 'letter' });
      const har = await bytes('page.har');
      expect([trace.mediaType, pdf.mediaType, har.mediaType]).toEqual(['application/json', 'application/pdf', 'application/json']);
      expect(traceEvents(trace.content)).toContainEqual(expect.objectContaining({ name: 'marked by the test' }));
      const paper = await pdfPages(pdf.content);
      expect(paper.length).toBeGreaterThan(1);
      expect(paper.join(' ')).toMatch(/Kept as paper[^]*Line 0 of a long page[^]*Line 59 of a long page/);
      const archive: unknown = JSON.parse(new TextDecoder().decode(har.content));
      expect(await archiveProblems(archive)).toEqual([]);
      expect(archive).toMatchObject({ log: { version: '1.2', entries: expect.arrayContaining([
        expect.objectContaining({ request: expect.objectContaining({ method: 'GET', url: `${origin}/` }), response: expect.objectContaining({ status: 200, content: expect.objectContaining({ mimeType: 'text/html; charset=utf-8' }) }) }),
        expect.objectContaining({ request: expect.objectContaining({ url: `${origin}/missing.png?size=2`, queryString: [{ name: 'size', value: '2' }] }), response: expect.objectContaining({ status: 404 }) }),
      ]) } });
      expect(await archiveProblems({ log: { version: '1.2', creator: {}, entries: [{}] } })).not.toEqual([]);
      return null;
    }, browser);
    expect(stored(run)).toHaveLength(3);
  });
});

describe('circumstances', () => {
  it('are believed by a page: device, locale, timezone, colours, motion, print and being offline', async () => {
    await onPage({ '/': '<p>x</p>', '/again': 'here' }, async (call, origin) => {
      const evaluate = (expression: string) => call('page.evaluate', { page: 'p1', expression });
      await call('page.emulate', { page: 'p1', device: 'iPhone 15', locale: 'de-DE', timezone: 'Asia/Tokyo', colorScheme: 'dark', reducedMotion: true });
      expect(await evaluate('[navigator.userAgent.includes("iPhone"), screen.width < 500, devicePixelRatio, matchMedia("(pointer: coarse)").matches]')).toEqual([true, true, 3, true]);
      expect(await evaluate('[new Date(0).getHours(), (1234.5).toLocaleString(), Intl.DateTimeFormat().resolvedOptions().timeZone, matchMedia("(prefers-color-scheme: dark)").matches, matchMedia("(prefers-reduced-motion: reduce)").matches]')).toEqual([9, '1.234,5', 'Asia/Tokyo', true, true]);
      await call('page.emulate', { page: 'p1', media: 'print', viewport: { width: 700, height: 500 } });
      expect(await evaluate('[matchMedia("print").matches, innerWidth, matchMedia("(prefers-color-scheme: dark)").matches]')).toEqual([true, 700, true]);
      await call('page.emulate', { page: 'p1', offline: true });
      expect(await rejected(call('page.goto', { page: 'p1', url: `${origin}/again` }))).toMatchObject({ code: 'page-failed', message: expect.stringContaining('offline') });
      await call('page.emulate', { page: 'p1', offline: false });
      expect(await call('page.goto', { page: 'p1', url: `${origin}/again` })).toMatchObject({ status: 200 });
      expect(await rejected(call('page.emulate', { page: 'p1', device: 'Toaster 3' }))).toMatchObject({ code: 'invalid-input' });
      expect(await rejected(call('page.emulate', { page: 'p1', timezone: 'Moon/Base' }))).toMatchObject({ message: expect.stringContaining('Moon/Base') });
      return null;
    });
  });
});

describe('files', () => {
  it('are uploaded as text and as blobs of the run, and downloaded into blobs under their own name', async () => {
    const html = `<input type="file" id="f" multiple><a id="d" download="list.csv">save</a><a id="s" href="/file">served</a><button id="n">nothing</button>
      <script>d.href = URL.createObjectURL(new Blob(["a,b"])); f.onchange = async () => { document.title = (await Promise.all([...f.files].map(async (x) => x.name + "=" + await x.text()))).join(";"); }</script>`;
    const file: Handler = (_request, response) => void response.writeHead(200, { 'content-disposition': 'attachment; filename="../../evil.zip"', 'content-type': 'application/zip' }).end('PK12345');
    await onPage({ '/': html, '/file': file }, async (call) => {
      const csv = await call('page.download', { page: 'p1', selector: '#d' });
      expect(csv).toMatchObject({ name: 'list.csv', bytes: 3, mediaType: 'text/csv' });
      const zip = await call('page.download', { page: 'p1', selector: '#s' }) as { name: string };
      expect(zip).toMatchObject({ bytes: 7 });
      expect(zip.name).not.toMatch(/[\\/]/);
      await call('page.upload', { page: 'p1', selector: '#f', files: [{ name: 'a.txt', text: 'one' }, { name: 'b.txt', text: 'two' }] });
      await call('page.waitFor', { page: 'p1', expression: 'document.title === "a.txt=one;b.txt=two"' });
      expect(await rejected(call('page.upload', { page: 'p1', selector: '#f', files: [{ name: 'x', blob: 'a'.repeat(64) }] }))).toMatchObject({ code: 'invalid-input', hint: expect.stringContaining('blob') });
      expect(await rejected(call('page.upload', { page: 'p1', selector: '#f', files: ['secret.txt'] }))).toMatchObject({ code: 'denied' });
      expect(await rejected(call('page.upload', { page: 'p1', selector: '#n', files: [{ name: 'x', text: 'x' }], timeoutMs: 100 }))).toMatchObject({ message: expect.stringContaining('no field for files') });
      expect(await rejected(call('page.download', { page: 'p1', selector: '#n', timeoutMs: 300 }))).toMatchObject({ code: 'timeout', message: '#n on p1 led to no complete file within 300 ms.' });
      return null;
    });
  });
});

describe('who is logged in', () => {
  it('is remembered and put back elsewhere, and its values appear in nothing that is recorded', async () => {
    const cookie: Handler = (request, response) => {
      if (!request.headers.cookie) response.setHeader('set-cookie', 'session=top-secret-cookie; HttpOnly; Path=/');
      response.setHeader('content-type', 'text/html').end(`<p id="c">${request.headers.cookie === undefined ? 'none' : 'known'}</p><script>localStorage.token ??= "top-secret-storage"</script>`);
    };
    const run = await onPage({ '/': cookie }, async (call, origin) => {
      const saved = await call('page.saveState', { page: 'p1' }) as { state: string };
      expect(saved).toMatchObject({ cookies: 1, entries: 1, origin });
      await call('page.evaluate', { page: 'p1', expression: 'localStorage.clear(), document.cookie = "session=; max-age=0; path=/", cookieStore.delete("session").then(() => 1, () => 1)' });
      expect(await call('page.loadState', { page: 'p1', state: saved.state })).toBe(true);
      expect(await call('page.evaluate', { page: 'p1', expression: 'Object.keys(localStorage)' })).toEqual(['token']);
      await call('page.goto', { page: 'p1', url: `${origin}/` });
      expect(await call('page.text', { page: 'p1', selector: '#c' })).toBe('known');
      expect(await rejected(call('page.loadState', { page: 'p1', state: 'guessed' }))).toMatchObject({ code: 'invalid-input' });
      await call('page.har', { page: 'p1' });
      return null;
    });
    expect(JSON.stringify(run.events)).not.toMatch(/top-secret-(cookie|storage)/);
  });
});

describe('dialogs, frames and windows', () => {
  it('are answered as was said: alerts closed, confirms and prompts declined until then', async () => {
    await onPage({ '/': '<button onclick="alert(1); document.title = [confirm(\'sure?\'), prompt(\'name?\', \'nobody\')].join()">ask</button>' }, async (call) => {
      const title = () => call('page.evaluate', { page: 'p1', expression: 'document.title' });
      await call('page.click', { page: 'p1', selector: 'button' });
      expect(await title()).toBe('false,');
      await call('page.dialogs', { page: 'p1', accept: true, text: 'Ada' });
      await call('page.click', { page: 'p1', selector: 'button' });
      expect(await title()).toBe('true,Ada');
      const seen = await call('page.dialogs', { page: 'p1' }) as { type: string; accepted: boolean }[];
      expect(seen.map(({ type, accepted }) => `${type} ${accepted}`)).toEqual(['alert true', 'confirm false', 'prompt false', 'alert true', 'confirm true', 'prompt true']);
      return null;
    });
  });

  it('are used through frames in frames and by what they are called', async () => {
    await onPage({ '/': '<iframe id="a" src="/a" title="Outer"></iframe>', '/a': '<p>outer</p><iframe name="b" srcdoc="<button onclick=\'this.textContent = 1\'>Inner</button>"></iframe>' }, async (call, origin) => {
      expect(await call('page.frames', { page: 'p1' })).toEqual([{ url: `${origin}/a`, name: 'a', depth: 1 }, { url: 'about:srcdoc', name: 'b', depth: 2 }]);
      await call('page.click', { page: 'p1', selector: 'role=button "Inner"' });
      expect(await call('page.text', { page: 'p1', selector: '#a >>> iframe >>> button' })).toBe('1');
      expect(await rejected(call('page.click', { page: 'p1', selector: '#a >>> #nope', timeoutMs: 100 }))).toMatchObject({ code: 'page-failed' });
      return null;
    });
  });

  it('are used side by side, each page with its own state', async () => {
    await onPage({ '/': '<input id="i">', '/two': '<input id="i" value="second">' }, async (call, origin) => {
      expect(await call('browser.open', { url: `${origin}/two` })).toMatchObject({ page: 'p2' });
      await Promise.all([call('page.type', { page: 'p1', selector: '#i', text: 'first' }), call('page.type', { page: 'p2', selector: '#i', text: ' page' })]);
      const held = (page: string) => call('page.evaluate', { page, expression: 'document.querySelector("#i").value' });
      expect([await held('p1'), await held('p2')]).toEqual(['first', 'second page']);
      await call('page.close', { page: 'p1' });
      expect(await call('browser.pages', {})).toEqual([{ page: 'p2', url: `${origin}/two` }]);
      return null;
    });
  });
});

describe('elements by role and name', () => {
  it('are the same that a snapshot shows; a reference that is used comes back as one', async () => {
    await onPage({ '/': '<button>Save</button><button>Save</button><p id="o"></p><label>E-mail <input></label><script>document.querySelectorAll("button").forEach((b, i) => b.onclick = () => o.textContent = i)</script>' }, async (call) => {
      await call('page.click', { page: 'p1', selector: 'role=button "Save" 2' });
      expect(await call('page.text', { page: 'p1', selector: '#o' })).toBe('1');
      await call('page.click', { page: 'p1', selector: 'role=button' });
      expect(await call('page.text', { page: 'p1', selector: '#o' })).toBe('0');
      const snapshot = await call('page.snapshot', { page: 'p1' }) as string;
      const field = /textbox "E-mail" (e\d+)/.exec(snapshot)![1]!;
      expect(await call('page.type', { page: 'p1', selector: `ref=${field}`, text: 'x' })).toMatchObject({ selector: 'role=textbox "E-mail"' });
      const second = [...snapshot.matchAll(/button "Save" (e\d+)/g)][1]![1]!;
      expect(await call('page.click', { page: 'p1', selector: second })).toMatchObject({ selector: 'role=button "Save" 2' });
      expect(await rejected(call('page.click', { page: 'p1', selector: 'role=button "Send"', timeoutMs: 100 }))).toMatchObject({ code: 'page-failed', hint: 'There is role=button "Save", role=button "Save".' });
      return null;
    });
  });
});

describe('an element that cannot be clicked', () => {
  const html = `<style>.zero{width:0;height:0;padding:0;border:0;overflow:hidden;display:block}@keyframes go{to{translate:400px}}.moves{animation:go .2s linear infinite alternate}</style>
    <button id="covered" style="position:absolute;top:0;left:0">c</button><div class="cookies" style="position:fixed;inset:0 0 auto 0;height:60px"></div><div style="height:100px"></div>
    <button id="off" style="position:fixed;left:-500px">o</button><button id="disabled" disabled>d</button><fieldset disabled><button id="inside">i</button></fieldset>
    <button id="hidden" style="visibility:hidden">h</button><button id="none" style="display:none">n</button><button id="zero" class="zero"></button><button id="moves" class="moves">m</button><button id="through" style="pointer-events:none">t</button>`;
  it.each([
    ['#covered', 'is covered by div.cookies', 'Close what covers it first'],
    ['#off', 'lies outside the window', 'Wait for what makes it usable'],
    ['#disabled', 'is disabled', 'Wait'], ['#inside', 'is disabled', 'Wait'],
    ['#hidden', 'is not visible', 'Wait'], ['#none', 'is not visible', 'Wait'], ['#zero', 'has no size', 'Wait'],
    ['#moves', 'does not stop moving', 'Wait'], ['#through', 'takes no pointer events', 'Wait'],
  ])('is said to be so: %s %s', async (selector, why, hint) => {
    await onPage({ '/': html }, async (call) => {
      const error = await rejected(call('page.click', { page: 'p1', selector, timeoutMs: 400 }));
      expect(error).toMatchObject({ code: 'page-failed', message: expect.stringContaining(why), hint: expect.stringContaining(hint) });
      return null;
    });
  });

  it('that is taken away and put back all the time is said to have gone, or is hit: never is another one', async () => {
    const flicker = '<div id="box"></div><script>let n = 0; setInterval(() => { box.innerHTML = ++n % 2 ? "<button id=b style=position:absolute;left:" + n % 50 + "px>b</button>" : ""; }, 5); document.onclick = (e) => { document.title = e.target.id; }</script>';
    await onPage({ '/': flicker }, async (call) => {
      const error = await rejected(call('page.click', { page: 'p1', selector: '#b', timeoutMs: 400 }).then(() => { throw Object.assign(new Error('hit'), { code: 'hit' }); }));
      expect(['page-failed', 'hit']).toContain(error.code);
      if (error.code === 'page-failed') expect(error.message).toMatch(/went away again|is no longer in the page|does not stop moving|Nothing on p1|is not visible/);
      expect(['', 'b', 'box']).toContain(await call('page.evaluate', { page: 'p1', expression: 'document.title' }));
      return null;
    });
  });
});

describe('waiting', () => {
  it('is for a function, for text and for the network, and says what did not come', async () => {
    const slow: Handler = (_request, response) => void setTimeout(() => response.end('late'), 400);
    await onPage({ '/': '<p id="p"></p><script>setTimeout(() => { p.textContent = "ready"; fetch("/slow").then((r) => r.text()).then((t) => { p.dataset.got = t; }); }, 100)</script>', '/slow': slow }, async (call) => {
      await call('page.waitFor', { page: 'p1', expression: '() => document.querySelector("#p").textContent === "ready"' });
      await call('page.waitFor', { page: 'p1', idle: true });
      expect(await call('page.evaluate', { page: 'p1', expression: 'document.querySelector("#p").dataset.got' })).toBe('late');
      const fails = async (input: object) => (await rejected(call('page.waitFor', { page: 'p1', timeoutMs: 150, ...input }))).message;
      expect(await fails({ expression: 'false' })).toContain('the expression was not true within 150 ms');
      expect(await fails({ text: 'never' })).toContain('never');
      expect(await fails({ expression: 'nothing.at.all' })).toContain('nothing is not defined');
      expect(await fails({ text: 'a', url: 'b' })).toContain('give exactly one of');
      return null;
    });
  });

  it('is our own world: a page neither sees what is evaluated nor changes what is read', async () => {
    const hostile = `<p id="p">honest</p><input id="i" value="true value"><script>
      for (const [at, name] of [[Document.prototype, "querySelector"], [Element.prototype, "getClientRects"], [Array.prototype, "map"], [Promise.prototype, "then"]]) { const old = at[name]; at[name] = function (...args) { window.seen = (window.seen ?? 0) + 1; return old.apply(this, args); }; }
      Object.defineProperty(HTMLInputElement.prototype, "value", { get: () => "a lie" }); Object.defineProperty(HTMLElement.prototype, "innerText", { get: () => "a lie" });
      new MutationObserver(() => { window.mutated = true; }).observe(document, { subtree: true, childList: true, attributes: true }); window.seen = 0; window.ours = 0; window.ours = Object.keys(window).length;
      onclick = () => { document.title = JSON.stringify([window.seen, window.mutated === true, Object.keys(window).length - window.ours]); }</script>`;
    await onPage({ '/': hostile }, async (call) => {
      expect(await call('page.text', { page: 'p1', selector: '#p' })).toBe('honest');
      expect(await call('page.extract', { page: 'p1', shape: { held: { selector: '#i', attr: 'value' } } })).toEqual({ held: 'true value' });
      expect(await call('page.evaluate', { page: 'p1', expression: '[document.querySelector("#i").value, typeof window.seen, globalThis.left = 1]' })).toEqual(['true value', 'undefined', 1]);
      await call('page.snapshot', { page: 'p1' });
      await call('page.click', { page: 'p1', selector: '#p' });
      expect(await call('page.evaluate', { page: 'p1', expression: 'document.title' })).toBe('[0,false,0]');
      return null;
    });
  });
});

describe('pictures and snapshots', () => {
  it('have the references of the last snapshot drawn on them, also of one element', async () => {
    await onPage({ '/': '<body style="margin:0;background:#fff"><div style="width:200px;height:100px"><button>Press</button></div>' }, async (call) => {
      await call('page.snapshot', { page: 'p1' });
      const plain = await call('page.screenshot', { page: 'p1' }) as unknown as Stored;
      const marked = await call('page.screenshot', { page: 'p1', annotate: true }) as unknown as Stored;
      expect(marked.blob).not.toBe(plain.blob);
      expect(await call('page.screenshot', { page: 'p1', selector: 'div', annotate: true })).toMatchObject({ width: 200, height: 100 });
      // Nothing of it stays behind in the page.
      expect(await call('page.screenshot', { page: 'p1' })).toMatchObject({ blob: plain.blob });
      expect(await rejected(call('page.screenshot', { page: 'p1', selector: '#none' }))).toMatchObject({ code: 'page-failed' });
      return null;
    });
  });

  it('tell only what came and went, and state their tokens and where they were cut', async () => {
    const many = Array.from({ length: 400 }, (_, i) => `<li><a href="/${i}">Entry number ${i}</a></li>`).join('');
    await onPage({ '/': `<h1>List</h1><ul>${many}</ul><button>More</button>` }, async (call) => {
      const whole = await call('page.snapshot', { page: 'p1', maxTokens: 20_000 }) as string;
      expect(whole).toMatch(/\n\[\d+ tokens, estimated\]$/);
      const cut = await call('page.snapshot', { page: 'p1', maxTokens: 100 }) as string;
      expect(cut.length).toBeLessThan(100 * 4 + 200);
      expect(cut).toMatch(/\[cut at 100 of at least \d+ tokens, estimated; ask for a part with selector, or for interactiveOnly\]$/);
      expect(await call('page.snapshot', { page: 'p1', diff: true })).toBe('[nothing has changed]');
      await call('page.evaluate', { page: 'p1', expression: 'document.querySelector("h1").textContent = "Changed", document.querySelectorAll("li")[3].remove()' });
      const diff = await call('page.snapshot', { page: 'p1', diff: true }) as string;
      expect(diff.split('\n').map((line) => line.replace(/e\d+$/, 'eN').replace(/\s+/g, ' ')).slice(0, 3)).toEqual(['-heading1 "List"', expect.stringMatching(/^- ?link "Entry number 3" eN$/), '+heading1 "Changed"']);
      expect(diff).toMatch(/\[\d+ tokens, estimated\]$/);
      return null;
    });
  });

  it('of data fail with the place in the shape where it is wrong', async () => {
    await onPage({ '/': '<p class="a">1</p>' }, async (call) => {
      const fails = async (shape: Json) => (await rejected(call('page.extract', { page: 'p1', shape }))) as Error & { code: string };
      for (const shape of [5, [], ['a', 'b'], { $each: 7 }, { a: [] }, { selector: 'p', attr: 3 }, {}] as Json[]) expect(await fails(shape)).toMatchObject({ code: 'invalid-input' });
      expect((await fails({ list: [{ $each: 'p', deep: { x: null } }] })).message).toMatch(/shape\.list/);
      expect(await fails({ a: 'p:nope(' })).toMatchObject({ code: 'invalid-input', message: expect.stringContaining('not a valid CSS selector') });
      return null;
    });
  });
});
