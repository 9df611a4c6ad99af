import { describe, expect, it } from 'vitest';
import { browsers, leavesNothing } from '../../helpers/browser.ts';
import { onPage, rejected } from '../../helpers/pages.ts';

leavesNothing();

const sized = (unit: string) => Buffer.from(`<!doctype html><title>big</title><button>Leave</button>${unit.repeat(Math.ceil(50e6 / unit.length))}`);

describe('a page that is out to wear its reader down', () => {
  it('that grows without end is read and left all the same', async () => {
    await onPage({ '/': '<button>Leave</button><script>setInterval(() => { for (let i = 0; i < 200; i++) document.body.append(Object.assign(document.createElement("a"), { href: "/" + Math.random(), textContent: "more " + i })); }, 1)</script>', '/next': 'left' }, async (call, origin) => {
      expect((await call('page.snapshot', { page: 'p1' }) as string)).toContain('button "Leave"');
      expect((await call('page.links', { page: 'p1' }) as unknown[]).length).toBeLessThanOrEqual(2000);
      expect(await call('page.goto', { page: 'p1', url: `${origin}/next`, timeoutMs: 30_000 })).toMatchObject({ status: 200 });
      return null;
    });
  }, 90_000);

  it('that keeps its main thread busy is told by the time limit, and its browser opens others', async () => {
    await onPage({ '/': '<button>x</button><script>setTimeout(() => { for (;;); }, 300)</script>', '/free': 'free' }, async (call, origin) => {
      await call('page.waitFor', { page: 'p1', ms: 400 });
      expect(await rejected(call('page.evaluate', { page: 'p1', expression: '1', timeoutMs: 500 }))).toMatchObject({ code: 'timeout', hint: expect.stringContaining('without end') });
      expect(await call('browser.open', { url: `${origin}/free` })).toMatchObject({ page: 'p2' });
      expect(await call('page.text', { page: 'p2' })).toBe('free');
      return null;
    });
  }, 90_000);

  it.each(browsers)('with dialogs without end, with one at its leaving, and with a history that turns in circles is left each time (%s)', async (browser) => {
    await onPage({ '/': '<button onclick="this.dataset.on = 1">x</button><script>onbeforeunload = (e) => { e.preventDefault(); return "stay"; }; setInterval(() => alert("again"), 20); let n = 0; setInterval(() => history.pushState({}, "", "#" + n++), 10); onpopstate = () => history.forward()</script>', '/next': 'left' }, async (call, origin) => {
      // Once is luck: the dialog that nobody could answer opened in every second of such leavings.
      for (const round of [1, 2, 3]) {
        if (round > 1) await call('page.goto', { page: 'p1', url: origin, timeoutMs: 30_000 });
        await call('page.click', { page: 'p1', selector: 'button', timeoutMs: 20_000 });
        const seen = await call('page.dialogs', { page: 'p1' }) as unknown[];
        expect(seen.length).toBeGreaterThan(0);
        expect(seen.length).toBeLessThanOrEqual(100);
        expect(await call('page.goto', { page: 'p1', url: `${origin}/next`, timeoutMs: 40_000 })).toMatchObject({ status: 200 });
        expect(await call('page.text', { page: 'p1' })).toBe('left');
      }
      return null;
    }, browser);
  }, 150_000);

  it('that opens windows and saves files without end gets twenty pages and no file', async () => {
    const flood = '<button>go</button><script>const url = URL.createObjectURL(new Blob(["x"])); document.onclick = () => { for (let i = 0; i < 60; i++) { open("/w"); const a = document.createElement("a"); a.href = url; a.download = "f" + i; a.click(); } }</script>';
    const run = await onPage({ '/': flood, '/w': '<script>open("/w")</script>window' }, async (call) => {
      await call('page.click', { page: 'p1', selector: 'button' }).catch(() => undefined);
      await call('page.waitFor', { page: 'p1', ms: 1500 });
      expect((await call('browser.pages', {}) as unknown[]).length).toBeLessThanOrEqual(20);
      expect(await call('page.text', { page: 'p1' })).toContain('go');
      return null;
    });
    expect(run.of('run.log').filter(({ level }) => level === 'warn').length).toBeLessThan(100);
  }, 90_000);

  it('of 50 MB is read from its beginning, as far as one answer goes', async () => {
    const page = sized(`<div>${'x'.repeat(4000)}</div>\n`);
    const run = await onPage({ '/': 'small', '/big': (_request, response) => void response.setHeader('content-type', 'text/html').end(page) }, async (call, origin) => {
      expect(await call('page.goto', { page: 'p1', url: `${origin}/big`, timeoutMs: 90_000 })).toMatchObject({ status: 200 });
      const [text, html, snapshot] = [await call('page.text', { page: 'p1' }), await call('page.html', { page: 'p1' }), await call('page.snapshot', { page: 'p1' })] as [string, string, string];
      expect(text.slice(0, 10)).toBe('Leave\nxxxx');
      expect(text.slice(200_000)).toMatch(/^\n\[cut: 200000 of \d{8} characters\]$/);
      expect(html.slice(1_000_000)).toMatch(/^\n\[cut: 1000000 of \d{8} characters\]$/);
      expect(snapshot.length).toBeLessThan(60_000);
      return null;
    });
    expect(run.of('meter').find(({ meter }) => meter === 'egress.bytes_in')?.value).toBeGreaterThan(page.length);
    // What may be done after it is decided as after reading what strangers wrote.
    expect(run.of('untrusted.read').length).toBeGreaterThan(0);
  }, 150_000);

  it('of 50 MB in one line, which browsers take minutes to lay out, is stopped at the time limit; what had arrived can be read', async () => {
    const page = sized('words of one line ');
    await onPage({ '/': 'small', '/big': (_request, response) => void response.setHeader('content-type', 'text/html').end(page) }, async (call, origin) => {
      expect(await rejected(call('page.goto', { page: 'p1', url: `${origin}/big`, timeoutMs: 3000 }))).toMatchObject({ code: 'timeout', message: expect.stringContaining('was stopped'), hint: expect.stringContaining('can be read') });
      const text = await call('page.text', { page: 'p1' }) as string;
      expect(text.startsWith('Leavewords of one line')).toBe(true);
      expect(Number(/of (\d+) characters/.exec(text.slice(200_000))?.[1])).toBeLessThan(50e6);
      expect(await call('page.goto', { page: 'p1', url: `${origin}/` })).toMatchObject({ status: 200 });
      return null;
    });
  }, 150_000);
});
