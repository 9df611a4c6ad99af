import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browsers, serve, type Handler, type Site } from '../../helpers/browser.ts';
import { chainTest, type ChainTest } from '../../helpers/chains.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';

let sandbox: SandboxFiles;
beforeAll(async () => { sandbox = await buildSandboxFiles(); });
afterAll(() => sandbox[Symbol.dispose]());

const form = (button = 'Sign in') => `<title>Shop</title><main><form action="/welcome"><label>Your name <input name="n"></label><label>Password <input type="password" name="p"></label><button type="button">Other</button><button>${button}</button></form></main>`;
const welcome: Handler = (request, response) => void response.setHeader('content-type', 'text/html').end(`<h1>Welcome ${new URL(request.url!, 'http://site').searchParams.get('n')}, ${new URL(request.url!, 'http://site').searchParams.get('p')?.length} characters</h1><a href="/">back</a>`);

/** What an agent does: it looks, and uses the references of what it has seen. */
const work = (origin: string) => `import { browser } from 'assassin';
export const meta = { description: 'Signs in by references.', grants: ['browser', 'net ${origin}', 'secret shop'] };
export default async function () {
  await using page = await browser.open('${origin}/');
  const seen = await page.snapshot();
  const ref = (line) => 'ref=' + new RegExp(line + '.* (e\\\\d+)').exec(seen)[1];
  await page.click('#not-there', { timeoutMs: 50 }).catch(() => undefined);
  await page.type(ref('textbox "Your name"'), 'Ada');
  await page.type(ref('textbox "Password"'), '\${secret:shop}');
  await page.click(ref('button "Sign in"'));
  return await page.text('h1');
}
`;

async function recorded(pages: Record<string, Handler>, body: (test: ChainTest, site: Site, run: string) => Promise<void>): Promise<void> {
  await using site = await serve(pages);
  await using test = await chainTest(sandbox, work(site.origin), { settings: { browserPath: browsers[0]! }, secret: (name) => Promise.resolve(name === 'shop' ? 'correct-horse' : undefined) });
  const { outcome } = await test.run('main');
  expect(outcome).toMatchObject({ state: 'done', result: 'Welcome Ada, 13 characters' });
  await body(test, site, outcome.id);
}

describe('what a run did with pages', () => {
  it('becomes a chain with roles and names as selectors, texts as inputs and secrets by name, which does the same again without a model', async () => {
    await recorded({ '/': form(), '/welcome': welcome }, async (test, site, run) => {
      const frozen = await test.runtime.freeze(run, 'sign-in', { pages: true });
      const text = readFileSync(join(test.workspace, frozen.path), 'utf8');
      expect(text.slice(text.indexOf('export default'))).toBe(`export default async function (input: { url: string; yourName: string }) {
  const page = await browser.open(input.url);
  await page.type("role=textbox \\"Your name\\"", input.yourName);
  await page.type("role=textbox \\"Password\\"", "\${secret:shop}");
  await page.click("role=button \\"Sign in\\"");
  await page.waitFor({ url: "/welcome" });
  return await page.text("h1");
}
`);
      expect(frozen.grants).toEqual(['browser', `net ${site.origin}`, 'secret shop']);
      expect(text).not.toContain('correct-horse');
      expect(await test.runtime.chains.check('sign-in')).toEqual([]);
      const before = site.requests.length;
      const replay = await test.run('sign-in');
      expect(replay.outcome).toMatchObject({ state: 'done', clean: true, result: 'Welcome Ada, 13 characters' });
      expect(site.requests.slice(before).filter((request) => !request.includes('favicon'))).toEqual(['GET /', 'GET /welcome?n=Ada&p=correct-horse']);
      expect((await test.run('sign-in', { yourName: 'Bob' })).outcome.result).toBe('Welcome Bob, 13 characters');
      expect(replay.of('meter').filter(({ meter }) => meter.startsWith('model.'))).toEqual([]);
    });
  });

  it('fails on a page that has changed, and says at which line and why', async () => {
    const pages: Record<string, Handler> = { '/': form(), '/welcome': welcome };
    await recorded(pages, async (test, _site, run) => {
      const { path } = await test.runtime.freeze(run, 'sign-in', { pages: true });
      pages['/'] = form('Log in');
      const file = join(test.workspace, path);
      // As a person would who knows that this page is quick.
      const text = readFileSync(file, 'utf8').replace('Sign in\\"")', 'Sign in\\"", { timeoutMs: 2000 })').replace('url: "/welcome" }', 'url: "/welcome", timeoutMs: 2000 }');
      writeFileSync(file, text);
      const line = text.split('\n').findIndex((each) => each.includes('Sign in')) + 1;
      const { outcome } = await test.run('sign-in');
      expect(outcome).toMatchObject({ state: 'failed', clean: true, error: { code: 'page-failed', message: expect.stringContaining('matched "role=button "Sign in""'), hint: expect.stringContaining('role=button "Log in"'), location: { file: path, line } } });
      // The button is there, but leads nowhere any more.
      pages['/'] = form().replace('action="/welcome"', 'onsubmit="return false"');
      expect((await test.run('sign-in')).outcome).toMatchObject({ state: 'failed', error: { message: expect.stringContaining('/welcome'), location: { file: path, line: line + 1 } } });
    });
  }, 60_000);

  it('is refused where it was none, or cannot be done elsewhere', async () => {
    await using site = await serve({ '/': '<p>x</p><button>Press</button>' });
    await using test = await chainTest(sandbox, { '.assassin/chains/none.ts': 'export const meta = { description: "x", grants: [] };\nexport default () => 1;\n' }, { settings: { browserPath: browsers[0]! } });
    const { outcome } = await test.run('none');
    await expect(test.runtime.freeze(outcome.id, 'x', { pages: true })).rejects.toMatchObject({ code: 'chain-invalid', message: 'This run has used no page that could become a chain.' });
    const single = await test.runtime.startTool('browser.verify', { url: `${site.origin}/`, accessibility: 'off', allowErrors: true }, { grants: ['browser', `net ${site.origin}`] });
    await single.outcome;
    const frozen = await test.runtime.freeze(single.id, 'check');
    expect((await test.run('check')).outcome).toMatchObject({ state: 'done', result: { passed: true } });
    expect(frozen.inputs).toEqual([{ name: 'url', value: `${site.origin}/` }]);
    await expect(test.runtime.freeze(single.id, 'check')).rejects.toMatchObject({ code: 'invalid-input' });
  });
});
