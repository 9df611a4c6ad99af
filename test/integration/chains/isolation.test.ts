import { afterAll, beforeAll, expect, it } from 'vitest';
import { serve, type Site } from '../../helpers/browser.ts';
import { chainTest } from '../../helpers/chains.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';

let sandbox: SandboxFiles;
let site: Site;
beforeAll(async () => {
  sandbox = await buildSandboxFiles();
  site = await serve({ '/': '<title>Page</title>' });
});
afterAll(async () => {
  await site[Symbol.asyncDispose]();
  sandbox[Symbol.dispose]();
});

const chain = (meta: Readonly<Record<string, unknown>>) => `import { browser } from 'assassin';
export const meta = ${JSON.stringify({ grants: ['browser', `net ${site.origin}`], ...meta })};
export default async () => { await using page = await browser.open(${JSON.stringify(`${site.origin}/`)}); return (await page.text()).length; };`;

const kindsOf = async (meta: Readonly<Record<string, unknown>>, settings: { readonly browserIsolation?: 'process' | 'context' } = {}) => {
  await using test = await chainTest(sandbox, chain(meta), { settings });
  const run = await test.run('main');
  expect(run.outcome).toMatchObject({ state: 'done', clean: true });
  return run.of('lease.created').map(({ kind }) => kind).filter((kind) => kind.startsWith('browser'));
};

it('a chain says in its meta whether its run shares a browser, and the settings say it for the others', async () => {
  expect(await kindsOf({ isolation: 'context' })).toEqual(['browser-context']);
  expect(await kindsOf({ isolation: 'process' }, { browserIsolation: 'context' })).toEqual(['browser']);
  expect(await kindsOf({}, { browserIsolation: 'context' })).toEqual(['browser-context']);
});

it('names the place of an isolation that there is not', async () => {
  await using test = await chainTest(sandbox, chain({ isolation: 'none' }));
  expect((await test.run('main')).outcome.error).toMatchObject({ code: 'chain-invalid', message: expect.stringContaining('isolation'), location: { line: 2 } });
});
