import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ChainCatalog } from '../../../src/chains/chain-catalog.ts';
import { chainTemplates } from '../../../src/chains/templates.ts';
import { testWorkspace } from '../../helpers/workspace.ts';

const chain = (description: string) => `export const meta = { description: '${description}' };\nexport default () => 1;\n`;
const catalogOf = ({ path }: { readonly path: string }) => new ChainCatalog({ workspace: path });

describe('listing chains', () => {
  it('gives every chain by name with its meta, and a broken one with what is wrong', async () => {
    using workspace = testWorkspace({
      '.assassin/chains/b.ts': chain('B'), '.assassin/chains/shop/crawl.ts': "export const meta = { title: 'Crawl', grants: ['browser'] };\nexport default () => 1;",
      '.assassin/chains/broken.ts': 'export default (', '.assassin/chains/types.d.ts': 'x', '.assassin/chains/notes.md': 'x', '.assassin/other.ts': chain('no'),
    });
    mkdirSync(join(workspace.path, '.assassin/chains/folder.ts'));
    const list = await catalogOf(workspace).list();
    expect(list).toMatchObject([
      { name: 'b', path: '.assassin/chains/b.ts', title: 'b', description: 'B', meta: { grants: [] }, hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
      { name: 'broken', title: 'broken', problems: [{ code: 'chain-syntax', location: { file: '.assassin/chains/broken.ts', line: 1 } }] },
      { name: 'shop/crawl', title: 'Crawl', meta: { grants: ['browser'] } },
    ]);
    expect(list).toHaveLength(3);
  });

  it('is empty without a folder', async () => {
    using workspace = testWorkspace();
    expect(await catalogOf(workspace).list()).toEqual([]);
  });

  it('notices changes in a chain, in what it imports, and what mends a broken one', async () => {
    using workspace = testWorkspace({ '.assassin/chains/a.ts': "import './lib.ts';\nexport default () => 1;", '.assassin/chains/sub/b.ts': "import './gone.ts';\nexport default () => 1;", '.assassin/chains/lib.ts': 'export default () => 1;' });
    const catalog = catalogOf(workspace);
    const [before] = await catalog.list();
    expect(await catalog.list()).toMatchObject([before, {}, { problems: [{ message: 'The import "./gone.ts" does not exist.' }] }]);
    workspace.write({ '.assassin/chains/lib.ts': 'export default () => 22;', '.assassin/chains/sub/gone.ts': '' });
    const [after, , mended] = await catalog.list();
    expect(after).not.toEqual(before);
    expect(mended).not.toHaveProperty('problems');
    rmSync(join(workspace.path, '.assassin/chains/lib.ts'));
    expect((await catalog.list())[0]).toHaveProperty('problems');
  });

  it('does not follow a link out of the workspace', async () => {
    using outside = testWorkspace({ 'secret.ts': chain('secret') });
    using workspace = testWorkspace({ '.assassin/chains/a.ts': chain('A') });
    symlinkSync(join(outside.path, 'secret.ts'), join(workspace.path, '.assassin/chains/secret.ts'));
    symlinkSync(outside.path, join(workspace.path, '.assassin/chains/folder'));
    const list = await catalogOf(workspace).list();
    expect(list.map(({ description }) => description)).toEqual(['A', '']);
    expect(list[1]).toMatchObject({ problems: [{ code: 'chain-invalid', message: expect.stringContaining('outside the workspace') as string }] });
  });
});

describe('finding a chain', () => {
  it.each(['price-watch', 'price-watch.ts', '.assassin/chains/price-watch.ts', './.assassin/chains/price-watch', '.assassin/../.assassin/chains/price-watch.ts'])('takes %s', async (name) => {
    using workspace = testWorkspace({ '.assassin/chains/price-watch.ts': chain('P') });
    expect((await catalogOf(workspace).load(name)).chain).toMatchObject({ name: 'price-watch', description: 'P' });
    expect((await catalogOf(workspace).load(join(workspace.path, '.assassin/chains/price-watch.ts'))).chain.name).toBe('price-watch');
  });

  it('takes any file of the workspace by its path', async () => {
    using workspace = testWorkspace({ 'scripts/x.ts': chain('X') });
    expect((await catalogOf(workspace).load('scripts/x.ts')).chain).toMatchObject({ name: 'scripts/x', path: 'scripts/x.ts' });
  });

  it('names similar ones, or all, or says where chains lie', async () => {
    using workspace = testWorkspace({ '.assassin/chains/price-watch.ts': chain('P'), '.assassin/chains/other.ts': chain('O') });
    const resolve = (name: string) => catalogOf(workspace).resolve(name);
    await expect(resolve('pricewatch')).rejects.toMatchObject({ code: 'chain-not-found', message: 'There is no chain "pricewatch".', hint: 'Did you mean price-watch?' });
    await expect(resolve('zzzzzzzz')).rejects.toMatchObject({ hint: 'There are: other, price-watch.' });
    using empty = testWorkspace();
    await expect(catalogOf(empty).resolve('x')).rejects.toMatchObject({ hint: expect.stringContaining('.assassin/chains') as string });
  });

  it('throws the first problem and says how many more there are', async () => {
    using workspace = testWorkspace({ '.assassin/chains/a.ts': "export const meta = { grants: ['x', 'y'] };\nexport default () => 1;" });
    await expect(catalogOf(workspace).load('a')).rejects.toMatchObject({ code: 'invalid-grant', location: { line: 1, column: 32 }, data: { more: 1 } });
  });
});

describe('checking chains', () => {
  it('gives every problem with its place, one of a shared file once', async () => {
    using workspace = testWorkspace({
      '.assassin/chains/a.ts': "import './lib.ts';\nexport const meta = { grants: ['x'] };", '.assassin/chains/b.ts': "import './lib.ts';\nexport default () => 1;", '.assassin/chains/lib.ts': 'export default = ;',
    });
    const problems = await catalogOf(workspace).check();
    expect(problems.map(({ code, location }) => `${code} ${location?.file}:${location?.line}`)).toEqual([
      'chain-syntax .assassin/chains/lib.ts:1', 'chain-invalid .assassin/chains/a.ts:1', 'invalid-grant .assassin/chains/a.ts:2',
    ]);
    expect(await catalogOf(workspace).check('b')).toHaveLength(1);
    await expect(catalogOf(workspace).check('none')).rejects.toMatchObject({ code: 'chain-not-found' });
  });

  it('finds nothing wrong with the templates', async () => {
    using workspace = testWorkspace();
    const catalog = catalogOf(workspace);
    workspace.write(Object.fromEntries(chainTemplates.map(({ name, text }) => [`.assassin/chains/${name}.ts`, text])));
    expect(await catalog.check()).toEqual([]);
    expect((await catalog.list()).map(({ name }) => name)).toEqual(chainTemplates.map(({ name }) => name).sort());
  });
});

describe('types for the editor', () => {
  it('are written once, and again only where they changed', async () => {
    using workspace = testWorkspace();
    const catalog = catalogOf(workspace);
    expect(await catalog.writeTypes({})).toEqual(['.assassin/types/assassin.d.ts', '.assassin/types/mcp.d.ts', '.assassin/tsconfig.json']);
    const { mtimeMs } = statSync(join(workspace.path, '.assassin/types/assassin.d.ts'));
    expect(await catalog.writeTypes({})).toEqual([]);
    expect(await catalog.writeTypes({ mcpDeclarations: 'interface McpServers {}\n' })).toEqual(['.assassin/types/mcp.d.ts']);
    expect(statSync(join(workspace.path, '.assassin/types/assassin.d.ts')).mtimeMs).toBe(mtimeMs);
  });

  it("leave a tsconfig of the person's alone, and go nowhere through links", async () => {
    using outside = testWorkspace();
    using workspace = testWorkspace({ '.assassin/tsconfig.json': '{ "extends": "../tsconfig.json" }' });
    await catalogOf(workspace).writeTypes({});
    expect(readFileSync(join(workspace.path, '.assassin/tsconfig.json'), 'utf8')).toBe('{ "extends": "../tsconfig.json" }');
    rmSync(join(workspace.path, '.assassin'), { recursive: true });
    symlinkSync(outside.path, join(workspace.path, '.assassin'));
    await expect(catalogOf(workspace).writeTypes({})).rejects.toMatchObject({ code: 'invalid-config', message: expect.stringContaining('outside the workspace') as string });
  });
});
