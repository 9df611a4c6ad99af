import { afterAll, beforeAll, expect, it } from 'vitest';
import { findTools } from '../../../../src/agent/tools/find-tools.ts';
import { isForPrograms } from '../../../../src/tools/guest-bindings.ts';
import { chainTest } from '../../../helpers/chains.ts';
import { entry, testRegistry } from '../../../helpers/mcp-registry.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../../helpers/sandbox.ts';

let sandbox: SandboxFiles;
beforeAll(async () => { sandbox = await buildSandboxFiles(); });
afterAll(() => sandbox[Symbol.dispose]());

const search = (grants: readonly string[], of = "'send invoices', { limit: 3 }") => `import { catalogue } from 'assassin';\nexport const meta = { grants: ${JSON.stringify(grants)} };\nexport default async () => (await catalogue.search(${of})).servers.map(({ name }) => name);`;

it('programs look for published servers in what was fetched, with the grant of the registry, and are marked by what they read', async () => {
  await using registry = await testRegistry([entry('com.example/billing', { description: 'Sends invoices' }), entry('com.example/weather')]);
  await using test = await chainTest(sandbox, {
    '.assassin/chains/main.ts': search(['mcp company:catalogue/search']), '.assassin/chains/without.ts': search(['mcp other:*']), '.assassin/chains/elsewhere.ts': search([], "'x', { registry: 'nowhere' }"),
  }, { settings: { mcpRegistries: { official: '', company: registry.url } } });
  expect((await test.run('main')).outcome.result).toEqual([]);
  await test.runtime.mcpCatalog.sync();
  const fetched = registry.lists.length;
  const run = await test.run('main');
  expect(run.outcome).toMatchObject({ result: ['com.example/billing'], untrusted: [{ kind: 'mcp', source: 'company:catalogue/search' }] });
  expect(run.of('decision')).toMatchObject([{ action: 'mcp company:catalogue/search', outcome: 'allowed' }]);
  expect((await test.run('without')).outcome.error).toMatchObject({ code: 'denied', hint: expect.stringContaining('mcp company:catalogue/search') as string });
  expect((await test.run('elsewhere')).outcome.error).toMatchObject({ code: 'invalid-input', message: expect.stringContaining('There is no registry "nowhere"') as string });
  expect(registry.lists).toHaveLength(fetched);
});

it('a model that looks for tools is shown none that code cannot call', async () => {
  await using test = await chainTest(sandbox, {});
  const { tools } = test.runtime;
  expect(tools.list().map(({ name }) => name).filter((name) => !isForPrograms(name))).toEqual(['browser.pages']);
  const found = async (query: string) => {
    const handle = await test.runtime.startWork({ title: 'look', source: 'look', input: null }, {}, (scope) =>
      scope.step({ kind: 'tool', name: 'look' }, (step) => findTools({ scope, tools })[0]!.run({ query }, { scope, step, signal: scope.signal })));
    return String((await handle.outcome).result);
  };
  expect(await found('list open pages of the browser')).not.toContain('browser.pages');
  expect(await found('open mcp tasks')).toContain('tasks.open');
  expect(await found('published mcp servers')).toContain('catalogue.search');
});
