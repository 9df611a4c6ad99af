import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { browsers, browserToolbox, leavesNothing, serve, type Handler, type ToolCaller } from '../../helpers/browser.ts';
import { withRun } from '../../helpers/run.ts';
import type { Json } from '../../../src/shared/json.ts';

leavesNothing();

/** Serves pages, opens `/` as p1 and lets `body` use it. */
async function onPage(pages: Readonly<Record<string, Handler>>, body: (call: ToolCaller, origin: string) => Promise<Json>, executablePath = browsers[0]!): Promise<Json> {
  await using site = await serve(pages);
  const { tools } = browserToolbox({ executablePath });
  const run = await withRun(['browser', `net ${site.origin}`], async (scope) => {
    const call = tools(scope);
    await call('browser.open', { url: `${site.origin}/` });
    return body(call, site.origin);
  });
  expect(run.outcome.clean).toBe(true);
  return run.result();
}
const rejected = (work: Promise<Json>) => work.then(() => { throw new Error('it did not fail'); }, (error: Error) => error);
const rows = (from: number, count: number) => Array.from({ length: count }, (_, i) => `<tr class="row"><td class="name">Item ${from + i}</td><td class="price" data-cents="${(from + i) * 100}">${from + i},00</td><td><a href="/item/${from + i}">more</a></td></tr>`).join('');

describe.each(browsers)('a page in %s', (browser) => {
  it('is opened, read through its pagination, and closed', async () => {
    const shop = (from: number, next: string) => `<title>Shop ${from}</title><table>${rows(from, 3)}</table>${next}`;
    const result = await onPage({ '/': shop(1, '<a class="next" href="/2">Next page</a>'), '/2': shop(4, '<p>the end</p>') }, async (call, origin) => {
      const shape = { rows: [{ name: '.name', price: '.price', cents: { selector: '.price', attr: 'data-cents' }, link: { selector: 'a', attr: 'href' } }] };
      const first = await call('page.extract', { page: 'p1', shape });
      expect(await call('page.click', { page: 'p1', selector: '.next' })).toEqual({ url: `${origin}/2`, navigated: true, status: 200 });
      const second = await call('page.extract', { page: 'p1', shape });
      await call('page.close', { page: 'p1' });
      return [first, second, origin];
    }, browser);
    const [first, second, origin] = result as [Json, Json, string];
    const item = (n: number) => ({ name: `Item ${n}`, price: `${n},00`, cents: String(n * 100), link: `${origin}/item/${n}` });
    expect(first).toEqual({ rows: [item(1), item(2), item(3)] });
    expect(second).toEqual({ rows: [item(4), item(5), item(6)] });
  });
});

describe('reading', () => {
  it('gives the text as a person sees it, the HTML after scripts, and absolute links', async () => {
    await onPage({ '/': '<h1>Hello</h1><p style="display:none">hidden</p><a href="/a"> A  link </a><a href="mailto:x@y">mail</a><div id="late"></div><script>late.textContent = "by script"</script>' }, async (call, origin) => {
      expect(await call('page.text', { page: 'p1' })).toBe('Hello\nA link mail\nby script');
      expect(await call('page.text', { page: 'p1', selector: '#late' })).toBe('by script');
      expect(await call('page.html', { page: 'p1', selector: '#late' })).toBe('<div id="late">by script</div>');
      expect(await call('page.links', { page: 'p1' })).toEqual([{ text: 'A link', url: `${origin}/a` }]);
      return null;
    });
  });

  it('cuts what is too long and says so', async () => {
    await onPage({ '/': `<pre>${'x'.repeat(300_000)}</pre>` }, async (call) => {
      const text = await call('page.text', { page: 'p1' }) as string;
      expect(text.length).toBeLessThan(200_100);
      expect(text.endsWith('[cut: 200000 of 300000 characters]')).toBe(true);
      return null;
    });
  });

  it('extracts lists, nested objects, explicit rows and nothing where nothing matches', async () => {
    const html = '<h2>One</h2><ul class="box"><li>a</li><li>b</li></ul><h2>Two</h2><ul class="box"><li>c</li></ul><input id="f" value="start"><script>f.value = "now"</script>';
    await onPage({ '/': html }, async (call) => {
      const extract = (shape: Json) => call('page.extract', { page: 'p1', shape });
      expect(await extract(['h2'])).toEqual(['One', 'Two']);
      expect(await extract({ $each: '.box', items: ['li'], none: '.missing' })).toEqual([{ items: ['a', 'b'], none: null }, { items: ['c'], none: null }]);
      expect(await extract([{ $each: 'li', text: ':scope' }])).toEqual([{ text: 'a' }, { text: 'b' }, { text: 'c' }]);
      expect(await extract({ head: { first: 'h2' }, field: { selector: '#f', attr: 'value' }, missing: '.x' })).toEqual({ head: { first: 'One' }, field: 'now', missing: null });
      expect(await rejected(extract(['li['] as Json))).toMatchObject({ code: 'invalid-input', message: '"li[" is not a valid CSS selector.' });
      expect(await rejected(extract({ a: { b: 5 } }))).toMatchObject({ code: 'invalid-input', data: { path: 'shape.a.b' } });
      return null;
    });
  });

  it('evaluates an expression apart from the page\'s own variables, and caps and explains', async () => {
    await onPage({ '/': '<script>var secret = 1; JSON.stringify = () => "hijacked"; document.querySelector = () => null</script><p>x</p>' }, async (call) => {
      const evaluate = (expression: string, timeoutMs = 10_000) => call('page.evaluate', { page: 'p1', expression, timeoutMs });
      expect(await evaluate('typeof secret')).toBe('undefined');
      expect(await evaluate('() => ({ p: document.querySelector("p").textContent })')).toEqual({ p: 'x' });
      expect(await evaluate('Promise.resolve([1, null, "a"])')).toEqual([1, null, 'a']);
      expect(await evaluate('undefined')).toBe(null);
      expect(await evaluate('document.title // with a comment')).toBe('');
      expect(await evaluate('"kept;";\n')).toBe('kept;');
      expect(await rejected(evaluate('nothing.there'))).toMatchObject({ code: 'page-failed', message: expect.stringContaining('nothing is not defined') });
      expect(await rejected(evaluate('const a = 1'))).toMatchObject({ code: 'page-failed', message: expect.stringContaining('SyntaxError') });
      expect(await rejected(evaluate('"x".repeat(3e6)'))).toMatchObject({ code: 'invalid-output' });
      expect(await rejected(evaluate('() => { for (;;); }', 300))).toMatchObject({ code: 'timeout', message: expect.stringContaining('300 ms') });
      expect(await evaluate('1 + 1')).toBe(2);
      return null;
    });
  });

  it('stores screenshots of the view, the full page and one element', async () => {
    await onPage({ '/': '<body style="margin:0"><div style="height:3000px"></div><div id="box" style="width:120px;height:40px;background:red"></div>' }, async (call) => {
      expect(await call('page.screenshot', { page: 'p1' })).toMatchObject({ mediaType: 'image/png', width: 1280, height: 800 });
      expect(await call('page.screenshot', { page: 'p1', fullPage: true })).toMatchObject({ height: 3040 });
      expect(await call('page.screenshot', { page: 'p1', selector: '#box' })).toMatchObject({ width: 120, height: 40 });
      return null;
    });
  });

  it('takes a snapshot whose references can be used until the page changes', async () => {
    await onPage({ '/': '<main><h1>Form</h1><label>Name <input></label><button disabled>Send</button><a href="/two">On</a></main>', '/two': '<button>Other</button>' }, async (call) => {
      const snapshot = await call('page.snapshot', { page: 'p1' }) as string;
      expect(snapshot).toBe('main\n heading1 "Form"\n textbox "Name" e1\n button "Send" disabled e2\n link "On" e3\n[21 tokens, estimated]');
      await call('page.type', { page: 'p1', selector: 'ref=e1', text: 'Ada' });
      expect(await call('page.snapshot', { page: 'p1' })).toContain(' textbox "Name" ="Ada" e1\n button');
      await call('page.evaluate', { page: 'p1', expression: 'void (document.querySelector("button").disabled = false)' });
      expect(await call('page.snapshot', { page: 'p1', diff: true })).toBe('- button "Send" disabled e2\n+ button "Send" e2\n[12 tokens, estimated]');
      expect(await call('page.snapshot', { page: 'p1', diff: true })).toBe('[nothing has changed]');
      expect(await call('page.evaluate', { page: 'p1', expression: 'document.querySelector("input").value' })).toBe('Ada');
      expect(await call('page.click', { page: 'p1', selector: 'ref=e3' })).toMatchObject({ navigated: true });
      expect(await rejected(call('page.click', { page: 'p1', selector: 'ref=e1' }))).toMatchObject({ code: 'page-failed', message: expect.stringContaining('ref=e1') });
      expect(await call('page.snapshot', { page: 'p1' })).toBe('button "Other" e4\n[5 tokens, estimated]');
      return null;
    });
  });
});

describe('a snapshot', () => {
  it('leaves out what says nothing, and reads a page that nests deeply', async () => {
    const html = '<table role="presentation"><tr><td>cell</td></tr></table><p>One <b>bold</b> word</p><ul><li>item</li></ul><math><constructor>drawn</constructor></math><script>let at = document.body; for (let i = 0; i < 1500; i++) at = at.appendChild(document.createElement("section"))</script>';
    await onPage({ '/': html }, async (call) => {
      expect(await call('page.snapshot', { page: 'p1' })).toBe('"cell"\n"One bold word"\nlist\n "item"\n"drawn"\n[11 tokens, estimated]');
      return null;
    });
  });
});

describe('using a page', () => {
  it('types, selects, presses keys and sends a form', async () => {
    const form = '<form action="/sent"><input name="q"><select name="size"><option value="s">Small</option><option value="l">Large</option></select><textarea name="t">old</textarea></form>';
    await onPage({ '/': form, '/sent': (request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end(`<p>${request.url}</p>`) }, async (call) => {
      await call('page.type', { page: 'p1', selector: '[name=q]', text: 'hello' });
      await call('page.type', { page: 'p1', selector: '[name=t]', text: 'new', clear: true });
      expect(await call('page.select', { page: 'p1', selector: 'select', values: 'Large' })).toMatchObject({ selected: ['l'] });
      expect(await call('page.press', { page: 'p1', selector: '[name=q]', key: 'Enter' })).toMatchObject({ navigated: true, status: 200 });
      expect(await call('page.text', { page: 'p1' })).toBe('/sent?q=hello&size=l&t=new');
      return null;
    });
  });

  it('waits for an element that a script makes, clicks what can be read on it, and hears of a dialog', async () => {
    const html = '<div id="out"></div><script>setTimeout(() => { const b = document.createElement("button"); b.textContent = "Show me"; b.onclick = () => { alert("x"); out.textContent = confirm("y") ? "yes" : "declined" }; document.body.append(b) }, 150)</script>';
    await onPage({ '/': html }, async (call) => {
      await call('page.click', { page: 'p1', selector: 'text=Show me' });
      await call('page.waitFor', { page: 'p1', text: 'declined' });
      await call('page.waitFor', { page: 'p1', ms: 5 });
      expect(await rejected(call('page.waitFor', { page: 'p1', text: 'never', timeoutMs: 100 }))).toMatchObject({ code: 'page-failed', message: expect.stringContaining('within 100 ms') });
      expect(await rejected(call('page.waitFor', { page: 'p1', timeoutMs: 100 }))).toMatchObject({ code: 'invalid-input' });
      return null;
    });
  });

  it('says why an element cannot be used: missing with what is similar, hidden, disabled, covered, no field, no option, no key', async () => {
    const html = '<button id="pay" class="pay-now" disabled>Pay</button><p hidden id="gone">x</p><div id="under">under</div><div class="cover" style="position:fixed;inset:0"></div><select><option>a</option></select>';
    await onPage({ '/': html }, async (call) => {
      const fails = async (name: string, input: Json) => {
        const error = await rejected(call(name, { page: 'p1', timeoutMs: 150, ...(input as object) })) as Error & { code: string; hint: string };
        return `${error.code}: ${error.message} ${error.hint}`;
      };
      expect(await fails('page.click', { selector: '.pay-know' })).toMatch(/page-failed: Nothing on p1 .* matched ".pay-know" within 150 ms\. There is \.pay-now/);
      expect(await fails('page.click', { selector: '#gone' })).toContain('is not visible');
      expect(await fails('page.click', { selector: '#pay' })).toContain('is disabled');
      expect(await fails('page.click', { selector: '#under' })).toContain('is covered by div.cover');
      expect(await fails('page.click', { selector: 'a[' })).toContain('invalid-input: "a[" is not a valid CSS selector');
      await call('page.evaluate', { page: 'p1', expression: 'document.querySelector(".cover").remove()' });
      expect(await fails('page.type', { selector: '#under', text: 'x' })).toContain('takes no text');
      expect(await fails('page.select', { selector: 'select', values: 'b' })).toMatch(/has no option "b"\. It has "a"/);
      expect(await fails('page.scroll', { dy: 50, until: '#never' })).toMatch(/page-failed: "#never" did not come on p1 .* while the page was scrolled for 150 ms/);
      expect(await fails('page.scroll', { until: '#under' })).toContain('until needs dx or dy');
      expect(await fails('page.press', { key: 'Enterr' })).toContain('invalid-input: "Enterr" is not a key');
      return null;
    });
  });

  it('waits for the next page only where a click leads to one', async () => {
    const html = '<a id="hash" href="#x">1</a> <a id="script" href="javascript:void 0">2</a> <a id="mail" href="mailto:a@b.example">3</a> <a id="nothing" href="/nothing">4</a> <a id="file" href="/file" >5</a> <a id="slow" href="/later">6</a>';
    const pages: Record<string, Handler> = {
      '/': html,
      '/nothing': (_request, response) => void response.writeHead(204).end(),
      '/file': (_request, response) => void response.writeHead(200, { 'content-disposition': 'attachment', 'content-type': 'application/zip' }).end('PK'),
      '/later': (_request, response) => void setTimeout(() => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>later</p>'), 300),
    };
    await onPage(pages, async (call, origin) => {
      const click = (selector: string) => call('page.click', { page: 'p1', selector, timeoutMs: 3000 });
      expect(await click('#hash')).toMatchObject({ url: `${origin}/#x` });
      expect(await click('#script')).toMatchObject({ navigated: false });
      expect(await click('#mail')).toMatchObject({ url: `${origin}/#x` });
      expect(await click('#nothing')).toMatchObject({ url: `${origin}/#x` });
      expect(await rejected(click('#file'))).toMatchObject({ code: 'page-failed', message: expect.stringContaining('Downloads are switched off') });
      expect(await click('#slow')).toEqual({ url: `${origin}/later`, navigated: true, status: 200 });
      return call('page.text', { page: 'p1' });
    });
  });

  it.each(browsers)('is denied every permission and every download (%s)', async (executablePath) => {
    const html = '<a id="save" download="x.txt">save</a><script>save.href = URL.createObjectURL(new Blob(["x".repeat(1000)]))</script>';
    await using site = await serve({ '/': html });
    const { tools } = browserToolbox({ executablePath });
    const run = await withRun(['browser', `net ${site.origin}`], async (scope) => {
      const call = tools(scope);
      await call('browser.open', { url: `${site.origin}/` });
      const names = ['geolocation', 'notifications', 'camera', 'microphone', 'midi'];
      const states = await call('page.evaluate', { page: 'p1', expression: `Promise.all(${JSON.stringify(names)}.map(async (name) => (await navigator.permissions.query({ name })).state))` });
      const asked = await call('page.evaluate', { page: 'p1', expression: 'new Promise((resolve) => navigator.geolocation.getCurrentPosition(() => resolve("given"), (error) => resolve(error.code)))' });
      await call('page.click', { page: 'p1', selector: '#save' }).catch(() => undefined);
      await call('page.waitFor', { page: 'p1', ms: 300 });
      const saved = readdirSync(tmpdir(), { recursive: true }).filter((name) => /x\.txt|crdownload/.test(String(name)));
      return { granted: (states as string[]).filter((state) => state === 'granted'), asked, saved } as Json;
    });
    expect(run.result()).toEqual({ granted: [], asked: 1, saved: [] });
  });

  it.each(browsers)('takes over a window that a page opens by itself (%s)', async (executablePath) => {
    await onPage({ '/': '<a href="/b" target="_blank">new</a>', '/b': '<title>B</title>in b' }, async (call, origin) => {
      expect(await call('page.click', { page: 'p1', selector: 'a' })).toMatchObject({ navigated: false });
      expect(await call('page.popup', { page: 'p1' })).toMatchObject({ page: 'p2', url: `${origin}/b`, title: 'B' });
      expect(await call('page.text', { page: 'p2' })).toBe('in b');
      expect(await call('browser.pages', {})).toEqual([{ page: 'p1', url: `${origin}/` }, { page: 'p2', url: `${origin}/b` }]);
      expect(await rejected(call('page.popup', { page: 'p1', timeoutMs: 100 }))).toMatchObject({ code: 'page-failed', message: 'p1 opened no window within 100 ms.' });
      return null;
    }, executablePath);
  });
});

describe('opening a page', () => {
  it('gives an HTTP error status as an answer', async () => {
    await onPage({ '/': 'ok' }, async (call, origin) => {
      expect(await call('page.goto', { page: 'p1', url: `${origin}/missing` })).toEqual({ url: `${origin}/missing`, title: 'Nothing here', status: 404 });
      return null;
    });
  });

  it('names the limit in milliseconds where a page does not finish, and can still be used', async () => {
    await onPage({ '/': 'ok', '/slow': () => undefined, '/half': '<p>here</p><img src="/slow">' }, async (call, origin) => {
      expect(await rejected(call('page.goto', { page: 'p1', url: `${origin}/slow`, timeoutMs: 300 }))).toMatchObject({ code: 'timeout', message: expect.stringContaining('within 300 ms') });
      expect(await rejected(call('page.goto', { page: 'p1', url: `${origin}/half`, timeoutMs: 500 }))).toMatchObject({ code: 'timeout', hint: expect.stringContaining('domcontentloaded') });
      expect(await call('page.goto', { page: 'p1', url: `${origin}/half`, waitUntil: 'domcontentloaded' })).toMatchObject({ status: 200 });
      expect(await call('page.text', { page: 'p1' })).toBe('here');
      return null;
    });
  });

  it('explains a server that is not there, one that breaks off, a redirect without end, and a download', async () => {
    const pages: Record<string, Handler> = {
      '/': 'ok',
      '/reset': (request) => void request.socket.destroy(),
      '/loop': (_request, response) => void response.writeHead(302, { location: '/loop' }).end(),
      '/file': (_request, response) => void response.writeHead(200, { 'content-disposition': 'attachment; filename=a.bin', 'content-type': 'application/octet-stream' }).end('x'),
    };
    await using closed = await serve({});
    const { port } = closed;
    await closed[Symbol.asyncDispose]();
    await using site = await serve(pages);
    const { tools } = browserToolbox();
    const run = await withRun(['browser', `net ${site.origin}`, `net http://localhost:${port}`], async (scope) => {
      const call = tools(scope);
      const fails = (url: string) => rejected(call('browser.open', { url }));
      expect(await fails(`http://localhost:${port}/`)).toMatchObject({ code: 'page-failed', message: `localhost:${port} could not be reached: nothing listens there.` });
      expect(await fails(`${site.origin}/reset`)).toMatchObject({ code: 'page-failed', message: expect.stringContaining('could not be opened') });
      expect(await fails(`${site.origin}/loop`)).toMatchObject({ code: 'page-failed', message: expect.stringContaining('redirects without end') });
      expect(await fails(`${site.origin}/file`)).toMatchObject({ code: 'page-failed', message: expect.stringContaining('Downloads are switched off') });
      expect(await fails('file:///etc/passwd')).toMatchObject({ code: 'invalid-input' });
      return null;
    });
    run.result();
  });

  it('launches one browser for calls that come at once', async () => {
    await using site = await serve({ '/': 'ok' });
    const { tools } = browserToolbox();
    const run = await withRun(['browser', `net ${site.origin}`], async (scope) => {
      const opened = await Promise.all([1, 2, 3].map(() => tools(scope)('browser.open', { url: `${site.origin}/` })));
      return opened.map((page) => (page as { page: string }).page).sort();
    });
    expect(run.result()).toEqual(['p1', 'p2', 'p3']);
    expect(run.of('lease.created').map(({ kind }) => kind)).toEqual(['proxy', 'browser']);
  });

  it('never gives the id of a closed page to another one', async () => {
    await onPage({ '/': 'ok' }, async (call, origin) => {
      await call('page.close', { page: 'p1' });
      expect(await call('browser.open', { url: `${origin}/` })).toMatchObject({ page: 'p2' });
      expect(await rejected(call('page.text', { page: 'p1' }))).toMatchObject({ code: 'page-failed', hint: 'Open pages: p2.' });
      return null;
    });
  });
});
