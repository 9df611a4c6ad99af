import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ChainCatalog } from '../../../src/chains/chain-catalog.ts';
import { chainTemplates } from '../../../src/chains/templates.ts';
import { mcpDeclarations } from '../../../src/tools/schema-to-typescript.ts';
import { testWorkspace } from '../../helpers/workspace.ts';

const tsc = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url));

/** What the real compiler says of chains beside the generated files, as `file:line code`. */
async function check(chains: Readonly<Record<string, string>>, declarations?: string): Promise<readonly string[]> {
  using workspace = testWorkspace(Object.fromEntries(Object.entries(chains).map(([name, text]) => [`.assassin/chains/${name}`, text])));
  await new ChainCatalog({ workspace: workspace.path }).writeTypes(declarations === undefined ? {} : { mcpDeclarations: declarations });
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [tsc, '-p', join(workspace.path, '.assassin'), '--pretty', 'false', '--skipLibCheck', 'false'], { cwd: workspace.path }, (_error, stdout) => resolve(stdout));
  });
  return output.split('\n').filter((line) => line.includes('error')).map((line) => line.replace(/^(?:.*chains\/)?(.*?)\((\d+),\d+\): error (TS\d+).*$/, '$1:$2 $3'));
}

const servers = mcpDeclarations([{
  name: 'files',
  tools: [
    { name: 'read', description: 'Reads', inputSchema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] } },
    { name: 'stat', inputSchema: { type: 'object', properties: {} }, outputSchema: { type: 'object', properties: { bytes: { type: 'number' } }, required: ['bytes'] } },
  ],
}]);

describe('the generated types', () => {
  it('take what a chain may write, with results that follow from what was asked for', async () => {
    const chain = `import { ask, browser, http, log, mcp, model, progress, workspace, type ChainMeta, type Page, type ToolError } from 'assassin';
import { helper } from './helper.ts';
export const meta = { description: 'x', grants: ['browser'], input: { type: 'object' }, budget: { wallMs: 5 } } satisfies ChainMeta;
const first = async (page: Page): Promise<string> => page.text('h1');
export default async function (input: { url: string }) {
  await using page = await browser.open(input.url, { waitUntil: 'idle', viewport: { width: 800, height: 600 } });
  const { rows, links, tags, next, deep } = await page.extract({
    rows: [{ name: '.name', price: '.price' }], links: [{ selector: 'a', attr: 'href' }], tags: ['.tag'], next: { selector: '.next', attr: 'href' }, deep: { $each: '.x', y: { z: '.z' } },
  });
  const name: string | null = rows[0]!.name;
  const href: string[] = links;
  const tag: string[] = tags;
  const z: string | null = deep[0]!.y.z;
  const typed: { a: number }[] = await page.extract<{ a: number }[]>([{ a: '.a' }]);
  const width: number = await page.evaluate((a: number, b: string) => a + b.length, 1, 'x');
  const title = await page.evaluate<string>('document.title');
  const { navigated } = await page.click('text=More', { timeoutMs: 5 });
  const text = await mcp.files.read({ path: 'x' });
  const { bytes }: { bytes: number } = await mcp.files.stat();
  const data = await http.getJson<{ a: 1 }>(input.url);
  const posted = await http.post(input.url, { a: [1, { b: null }] });
  for (const entry of await workspace.list()) if (entry.kind === 'file') log(entry.name, entry.bytes);
  progress('x', 0.5);
  try { await workspace.readFile('x'); } catch (error) { log((error as ToolError).code); }
  const url = new URL('/a?b=1', input.url);
  url.searchParams.set('c', crypto.randomUUID());
  setTimeout(() => console.log(structuredClone(data), new TextDecoder().decode(new TextEncoder().encode(url.href)), performance.now()), 5);
  const later = AbortSignal.timeout(5).aborted || new AbortController().signal.aborted;
  return [name, href, tag, z, typed, width, title.length, navigated, text, bytes, posted.status, next, later, await ask('?'), await model.ask('?'), await first(page), helper, new Set([1]).union(new Set([2])).size];
}
`;
    expect(await check({ 'a.ts': chain, 'helper.ts': 'export const helper: number = 1;' }, servers)).toEqual([]);
  });

  it('refuse what a chain cannot do, each at its line', async () => {
    const chain = `import { browser, http, mcp, workspace, fetch } from 'assassin';
import fs from 'node:fs';
export const meta = { grant: ['browser'] } satisfies import('assassin').ChainMeta;
export default async function () {
  const page = await browser.open(5);
  page.extract([{ a: 'x' }]).then((rows) => rows[0]!.b);
  mcp.files.read({ pth: 'x' });
  mcp.files.nope({});
  mcp.other.x({});
  workspace.writeFile('x');
  http.request({ url: 'x', method: 'CONNECT' });
  document.title; process.env; require('x'); Buffer.from('x');
  page.waitUntil();
  new (page.constructor as typeof import('assassin').Page)();
}
`;
    expect(await check({ 'a.ts': chain }, servers)).toEqual([
      'a.ts:1 TS2305', 'a.ts:2 TS2591', 'a.ts:3 TS2561', 'a.ts:5 TS2345', 'a.ts:6 TS2339', 'a.ts:7 TS2561', 'a.ts:8 TS2339', 'a.ts:9 TS2339', 'a.ts:10 TS2554', 'a.ts:11 TS2322',
      'a.ts:12 TS2584', 'a.ts:12 TS2591', 'a.ts:12 TS2591', 'a.ts:12 TS2591', 'a.ts:13 TS2339', 'a.ts:14 TS2673',
    ]);
  });

  it('let any server be named while none is known, and take every template and the first chain of the guide', async () => {
    const templates = Object.fromEntries(chainTemplates.map(({ name, text }) => [`${name}.ts`, text]));
    const guide = readFileSync(new URL('../../../docs/chains.md', import.meta.url), 'utf8');
    const first = /```ts\n([^`]*?export default[\s\S]*?)```/.exec(guide)?.[1] ?? '';
    expect(first).toContain('export const meta');
    expect(await check({ ...templates, 'guide.ts': first, 'a.ts': "import { mcp } from 'assassin';\nexport default () => mcp.any.tool({ a: 1 });" })).toEqual([]);
  });
});
