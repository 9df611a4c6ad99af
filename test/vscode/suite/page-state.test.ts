import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import { command, ended, eventsOf, resultOf, writeFile } from './recorded.ts';
import { describe, it } from './spec.ts';

const canary = 'canary-cookie-6021';

/** A site that knows whoever shows the cookie of its login page. */
const site = createServer((request, response) => {
  if (request.url === '/login') response.setHeader('set-cookie', `session=${canary}; HttpOnly; Path=/`);
  response.setHeader('content-type', 'text/html').end(`<link rel="icon" href="data:,"><h1>${request.headers.cookie === `session=${canary}` ? 'Welcome back' : 'Who are you?'}</h1>`);
});

const chain = (origin: string, body: string) => `import { browser } from 'assassin';
export const meta = { description: 'A shop', grants: ['browser', 'net ${origin}', 'secret shop-login'] };
export default async () => { ${body} };
`;

describe('who is logged in', () => {
  it('is kept in the secret storage of the editor, logs a later run in, and stands in no record', async () => {
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    const save = await writeFile('.assassin/chains/save-login.ts', chain(origin, `const page = await browser.open('${origin}/login'); return page.saveState({ secret: 'shop-login' });`));
    const use = await writeFile('.assassin/chains/use-login.ts', chain(origin, `const page = await browser.open('${origin}/'); const before = await page.text('h1'); await page.loadState('\${secret:shop-login}'); await page.goto('${origin}/'); return [before, await page.text('h1')];`));
    try {
      const saved = await ended(await command('runChain', save), 60_000);
      assert.equal(saved.error?.message, undefined);
      assert.deepEqual(resultOf(saved.id), { state: '${secret:shop-login}', cookies: 1, entries: 0, origin });
      const used = await ended(await command('runChain', use), 60_000);
      assert.equal(used.error?.message, undefined);
      assert.deepEqual(resultOf(used.id), ['Who are you?', 'Welcome back']);
      assert.ok(!JSON.stringify([eventsOf(saved.id), eventsOf(used.id)]).includes(canary), 'the cookie is in no record');
    } finally {
      site.closeAllConnections();
      site.close();
      await vscode.workspace.fs.delete(save);
      await vscode.workspace.fs.delete(use);
    }
  });
});
