import assert from 'node:assert/strict';
import type { Page } from 'puppeteer-core';
import { inRoot } from '../../../scripts/lib/paths.mjs';
import { scriptedServer } from '../../fixtures/models/scripted-server.ts';
import { AuthorizationServer, listen, resourceServer, type Listening, type ResourceServer } from '../../helpers/oauth.ts';
import { after, before, describe, it } from '../harness/ui.ts';
import { eventually, type Workbench } from '../harness/workbench.ts';
import { manifestWords } from './manifest.ts';

/** Addresses of 127.0.0.1 would be led through the server of the editor, which in a test lies beside it. Not every system has another address of its own. */
const elsewhere = process.platform === 'darwin' ? undefined : '127.0.0.2';
const itElsewhere = elsewhere === undefined ? it.skip : it;
/** What is encoded in it must stay so. */
const query = '?next=%2Fhome%3Fa%3D1%26b%3D2&scope=a+b';

let authorization: AuthorizationServer;
let guarded: ResourceServer;
/** Where the browser of the person is led: on to the authorization server, or to a page that thanks. */
let front: Listening;
const visited: string[] = [];

const row = async (workbench: Workbench, name: string) => (await workbench.treeRows('MCP servers')).find((each) => each.startsWith(name));
const isRow = (workbench: Workbench, name: string, words: RegExp) => eventually(`the row ${name} ${String(words)}`, async () => words.test((await row(workbench, name)) ?? ''));

/**
 * The page that opens when the editor, too, was told that it may open it. Resolves when its address holds this. The editor asks once for an address as a text and now and then a second
 * time for the same one, at the next page that is opened: whatever it asks for here was shown by us before.
 */
async function leave(workbench: Workbench, address: string): Promise<void> {
  const page = await eventually(`the page ${address}`, async () => {
    const opened = (await workbench.page.browser().pages()).find((each: Page) => each.url().includes(address));
    if (opened === undefined && (await workbench.asksToOpen())) await workbench.dialog('Open');
    return opened;
  });
  await page.waitForFunction(() => document.readyState === 'complete');
  for (const each of await workbench.page.browser().pages()) if (each !== workbench.page && each.url().startsWith('http')) await each.close();
  await workbench.page.bringToFront();
}

/** A chain that ends well only where what it was given holds `told`. All of them are there from the beginning: a list that is drawn anew forgets which of its rows was meant. */
const chain = (title: string, grants: string, call: string, told: string, meta = '') => [title, `import { mcp } from 'assassin';
export const meta = { title: ${JSON.stringify(title)}, description: 'Asks.', grants: [${grants}]${meta} };
export default async function () {
  const answer = JSON.stringify(await mcp.asking.${call}.catch((error) => error.message));
  if (!answer.includes(${JSON.stringify(told)})) throw new Error(answer);
}
`] as const;
const model = "'mcp asking:model', 'model'";
const chains = [
  chain('Asks for a page that stays shut', "'mcp asking:page'", "page({ which: 'own' })", 'decline'), chain('Asks for a page that opens', "'mcp asking:page'", "page({ which: 'own' })", 'accept'),
  chain('Asks a model in vain', model, 'model({})', 'refused', ', budget: { tokens: 100000 }'), chain('Asks a model and pays', model, 'model({})', 'It is forty-two.', ', budget: { tokens: 100000 }'),
  chain('Asks a model without tokens', model, 'model({})', 'refused', ', budget: { tokens: 10 }'), chain('Asks for a change', "'mcp asking:touch'", 'touch({})', 'touched'),
];

const run = (workbench: Workbench, title: string) => workbench.clickTreeAction(title, 'Run chain');

const done = (workbench: Workbench, title: string) => eventually(`the end of ${title}`, async () => (await workbench.treeRows('Runs')).some((each) => each.startsWith(`${title}, done`)), 60_000);

describe('MCP servers in the workbench', () => {
  before(async ({ workbench }) => {
    authorization = await AuthorizationServer.start();
    guarded = await resourceServer(authorization);
    front = await listen((_request, _body, url) => {
      visited.push(url.pathname + url.search);
      return url.pathname === '/authorize' ? { status: 302, headers: { location: `${authorization.origin}/authorize${url.search}` } } : { body: 'Thank you' };
    }, elsewhere);
    authorization.metadata = { authorization_endpoint: `${front.origin}/authorize` };
    await workbench.openView((await manifestWords()).name);
    await workbench.writeFile('.mcp.json', JSON.stringify({ mcpServers: {
      guarded: { type: 'http', url: guarded.url, oauth: { scopes: ['read', 'write+all'] } },
      asking: { command: 'node', args: [inRoot('test', 'fixtures', 'mcp', 'asking.mjs'), 'modern', 'skills'], env: { ASKING_PAGE: `${front.origin}/page${query}` } },
    } }));
    for (const [index, [, source]] of chains.entries()) await workbench.writeFile(`.assassin/chains/asks-${index}.ts`, source);
    await eventually('the servers', () => row(workbench, 'guarded'));
    await eventually('the chains', async () => (await workbench.treeRows('Chains')).filter((each) => each.startsWith('Asks ')).length === chains.length);
  });

  after(async () => {
    await Promise.all([front, guarded, authorization].map((each) => each[Symbol.asyncDispose]()));
  });

  describe('a sign-in', () => {
    it('is refused by the first button: nothing is opened, and the view says that one is needed', async ({ workbench }) => {
      // A list that is drawn anew at this moment can swallow the click.
      await eventually('the start', async () => {
        const isStopped = async () => ((await row(workbench, 'guarded')) ?? 'guarded, stopped').startsWith('guarded, stopped');
        if (await isStopped()) await workbench.clickTreeAction('guarded', 'Start MCP server');
        return eventually('the row to change', async () => !(await isStopped()), 5000).catch(() => false);
      });
      const text = await workbench.dialog('Do not sign in');
      assert.match(text, /The MCP server guarded asks for a sign-in/);
      assert.ok(text.includes(front.origin) && text.includes('write+all'), text);
      await isRow(workbench, 'guarded', /^guarded, failed, sign-in needed/);
      assert.deepEqual(visited, []);
    });

    it('is offered by the lens above the server in its file, too', async ({ workbench }) => {
      await workbench.openFile('.mcp.json');
      await eventually('the lens', async () => (await workbench.codeLenses()).some((lens) => lens.includes('Sign in')));
    });

    itElsewhere('begins at a click on that lens, and where it is declined on the page of the authorization server it ends with words of ours', async ({ workbench }) => {
      authorization.declines = true;
      await workbench.clickCodeLens('Sign in');
      await leave(workbench, '/callback?');
      await eventually('the message', async () => (await workbench.notifications()).some((text) => text.includes('failed: it was declined there')));
      authorization.declines = false;
      await workbench.command('View: Close All Editors');
    });

    itElsewhere('goes through the browser and back to an address of the editor, letter for letter, and the server then runs', async ({ workbench }) => {
      await workbench.clickTreeAction('guarded', 'Sign in');
      await leave(workbench, '/callback?');
      await isRow(workbench, 'guarded', /^guarded, running, signed in, 1 tool/);
      assert.equal(authorization.authorizations.at(-1)?.get('scope'), 'read write+all');
      assert.match(authorization.authorizations.at(-1)?.get('redirect_uri') ?? '', /vscode-path=%2Fmcp-sign-in/);
      assert.ok(guarded.bearers.length > 0);
    });

    itElsewhere('ends with Sign out: the tokens are given back', async ({ workbench }) => {
      await workbench.command(`${(await manifestWords()).name}: Sign out of MCP server...`);
      await workbench.pick('guarded');
      await isRow(workbench, 'guarded', /^guarded, stopped(?!.*signed in)/);
      assert.deepEqual(authorization.revoked.map((token) => token.split('-')[0]), ['refresh', 'access']);
    });
  });

  describe('a page that a server wants opened', () => {
    it('is not opened by the first button, and the server hears no', async ({ workbench }) => {
      await run(workbench, 'Asks for a page that stays shut');
      const text = await workbench.dialog('Do not open');
      assert.match(text, /The MCP server asking wants you to open a page of 127\.0\.0\.\d/);
      assert.ok(text.includes(`${front.origin}/page${query}`) && text.includes('Please sign in.'), text);
      await done(workbench, 'Asks for a page that stays shut');
      assert.ok(!visited.some((each) => each.startsWith('/page')));
    });

    itElsewhere('is opened letter for letter as it was shown', async ({ workbench }) => {
      await run(workbench, 'Asks for a page that opens');
      await workbench.dialog('Open 127.0.0.');
      await leave(workbench, '/page');
      await done(workbench, 'Asks for a page that opens');
      assert.equal(visited.find((each) => each.startsWith('/page')), `/page${query}`);
    });
  });

  describe('a question of a server to a model', () => {
    it('is shown whole, refused by the first button, and no model hears of it; allowed, it is paid by the run; and a run without the tokens for it cannot ask', async ({ workbench }) => {
      await using server = await scriptedServer(() => ({ text: ['It is forty-two.'] }), ['small']);
      await workbench.setting('infrastructureAssassin.models.providers', [{ kind: 'openai-compatible', name: 'local', baseUrl: server.baseUrl }]);
      await run(workbench, 'Asks a model in vain');
      const text = await workbench.dialog('Deny');
      assert.match(text, /The MCP server asking wants to ask local\/small\. It gets the answer, of at most 300 tokens/);
      assert.ok(text.includes('What is 6 times 7?') && text.includes('You count.'), text);
      await done(workbench, 'Asks a model in vain');
      assert.equal(server.requests.length, 0);
      await run(workbench, 'Asks a model and pays');
      await workbench.dialog('Allow this question');
      await done(workbench, 'Asks a model and pays');
      assert.equal(server.requests.length, 1);
      await run(workbench, 'Asks a model without tokens');
      await workbench.dialog('Allow this question');
      // The chain itself hears of it; whether it goes on is for its budget to say.
      await eventually('the end of the run without tokens', async () => (await workbench.treeRows('Runs')).some((each) => /^Asks a model without tokens, (failed|done)/.test(each)), 60_000);
      assert.equal(server.requests.length, 1);
    }, 180_000);
  });

  describe('what a server has beside its tools', () => {
    const tabOf = (workbench: Workbench, name: string) => workbench.page.waitForSelector(`.tab[data-resource-name=${JSON.stringify(name)}]`, { timeout: 40_000 });
    const tab = (workbench: Workbench, name: string) => workbench.page.waitForSelector(`.tab.active[data-resource-name=${JSON.stringify(name)}]`, { timeout: 40_000 });
    const text = async (workbench: Workbench) => (await workbench.texts('.editor-instance .view-lines')).join('\n');

    it('is listed below it once it is started, and opened from there: resources follow their changes, skills are read', async ({ workbench }) => {
      await workbench.clickTreeAction('asking', 'Start MCP server');
      await isRow(workbench, 'asking', /^asking, running/);
      await workbench.expandTreeRow('asking');
      await workbench.expandTreeRow('Resources');
      await workbench.clickTreeRow('notes');
      await tab(workbench, 'today.txt');
      await eventually('the text', async () => (await text(workbench)).includes('Buy milk'));
      await eventually('the run by what it did', async () => (await workbench.treeRows('Runs'))[0]?.startsWith('Read notes://today, done'));
      await run(workbench, 'Asks for a change');
      await done(workbench, 'Asks for a change');
      // The panel of the run may stand before it now.
      await (await tabOf(workbench, 'today.txt'))?.click();
      await eventually('the text after the change', async () => (await text(workbench)).includes('Buy milk, said 1 times'));
      // Rows beyond the edge of a list are not there: what is no longer needed makes room.
      await (await workbench.page.$('.pane-header[aria-label^="Chains"]'))?.click();
      await workbench.expandTreeRow('Skills');
      await workbench.clickTreeRow('Counts things.');
      await tab(workbench, 'SKILL.md');
      await eventually('the skill', async () => (await text(workbench)).includes('Count from one.'));
      await workbench.screenshot('what an MCP server has beside tools');
      assert.ok((await workbench.treeRows('MCP servers')).some((each) => each.startsWith('Prompts')));
    });

    it('is found from the palette too, where a template asks for its parts and offers what the server knows', async ({ workbench }) => {
      await workbench.command(`${(await manifestWords()).name}: Open a resource of an MCP server...`);
      await workbench.pick('asking');
      await workbench.pick('notes://{day}');
      await workbench.asked('day');
      await eventually('what the server knows', async () => (await workbench.choices()).includes('monday'));
      await workbench.pick('monday');
      await tab(workbench, 'monday');
    });
  });
});
