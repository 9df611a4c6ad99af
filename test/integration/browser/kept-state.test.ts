import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browsers, leavesNothing, serve, type Handler } from '../../helpers/browser.ts';
import { chainTest } from '../../helpers/chains.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';
import { testWorkspace } from '../../helpers/workspace.ts';

let sandbox: SandboxFiles;
beforeAll(async () => { sandbox = await buildSandboxFiles(); });
afterAll(() => sandbox[Symbol.dispose]());
leavesNothing();

const canaries = /canary-(?:cookie|storage)-4711/;
const shop: Handler = (request, response) => {
  if (request.url === '/login') response.setHeader('set-cookie', 'session=canary-cookie-4711; HttpOnly; Path=/');
  const known = request.headers.cookie === 'session=canary-cookie-4711';
  response.setHeader('content-type', 'text/html').end(`<h1>${known ? 'Welcome back' : 'Who are you?'}</h1><script>if (location.pathname === '/login') localStorage.token = 'canary-storage-4711'; document.title = String(localStorage.token?.length)</script>`);
};
const chain = (origin: string, body: string, grant = 'secret shop-login') => `import { browser } from 'assassin';
export const meta = { description: 'A shop', grants: ${JSON.stringify(['browser', `net ${origin}`, ...(grant === '' ? [] : [grant])])} };
export default async function () {\n${body}\n}\n`;
const save = (origin: string) => `const page = await browser.open('${origin}/login'); return await page.saveState({ secret: 'shop-login' });`;
const restore = (origin: string) => `const page = await browser.open('${origin}/');
  const before = await page.text('h1');
  const stored = await page.loadState('\${secret:shop-login}');
  await page.goto('${origin}/');
  await page.har();
  return [before, stored, await page.text('h1'), await page.evaluate('document.title')];`;
const everythingIn = (folder: string) => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')).join('\n');

describe('who is logged in, kept as a secret', () => {
  it('logs a later run in, and stands in nothing that is recorded', async () => {
    await using site = await serve({ '/': shop, '/login': shop });
    using data = testWorkspace();
    const dataDirectory = join(data.path, 'store');
    const secrets = new Map<string, string>();
    {
      await using test = await chainTest(sandbox, { '.assassin/chains/save.ts': chain(site.origin, save(site.origin)), '.assassin/chains/main.ts': chain(site.origin, restore(site.origin)) }, {
        settings: { browserPath: browsers[0]! }, dataDirectory,
        secret: (name) => Promise.resolve(secrets.get(name)), storeSecret: (name, value) => Promise.resolve(void secrets.set(name, value)),
      });
      const saved = await test.run('save');
      expect(saved.outcome).toMatchObject({ state: 'done', clean: true, result: { state: '${secret:shop-login}', cookies: 1, entries: 1, origin: site.origin } });
      expect(secrets.get('shop-login')).toMatch(canaries);
      const restored = await test.run('main');
      expect(restored.outcome).toMatchObject({ state: 'done', clean: true, result: ['Who are you?', true, 'Welcome back', '19'] });
      expect(JSON.stringify([saved, restored])).not.toMatch(canaries);
      const frozen = await test.runtime.freeze(restored.outcome.id, 'again', { pages: true });
      expect(frozen.grants).toContain('secret shop-login');
      expect(readFileSync(join(test.workspace, frozen.path), 'utf8')).toContain('await page.loadState("${secret:shop-login}");');
    }
    expect(everythingIn(dataDirectory)).not.toMatch(canaries);
  }, 60_000);

  it('needs a grant to be kept and to be used, and replaces nothing else', async () => {
    await using site = await serve({ '/': shop, '/login': shop });
    const secrets = new Map([['shop-login', 'api-key-of-something']]);
    const run = async (body: string, grant?: string, kept = true) => {
      await using test = await chainTest(sandbox, chain(site.origin, body, grant), {
        settings: { browserPath: browsers[0]! }, secret: (name) => Promise.resolve(secrets.get(name)), ...(kept ? { storeSecret: (name, value) => Promise.resolve(void secrets.set(name, value)) } : {}),
      });
      return (await test.run('main')).outcome.error;
    };
    expect(await run(save(site.origin), '')).toMatchObject({ code: 'denied', message: expect.stringContaining('secret shop-login') });
    expect(await run(restore(site.origin), '')).toMatchObject({ code: 'denied', message: expect.stringContaining('secret shop-login') });
    expect(await run(save(site.origin))).toMatchObject({ code: 'invalid-input', message: 'The secret "shop-login" holds something else.' });
    expect(await run(restore(site.origin))).toMatchObject({ code: 'invalid-input', message: 'This secret holds no cookies and storage of a page.' });
    expect([...secrets.values()]).toEqual(['api-key-of-something']);
    expect(await run(save(site.origin), 'secret shop-login', false)).toMatchObject({ code: 'invalid-config', hint: expect.stringContaining('in the editor') });
  }, 60_000);
});
