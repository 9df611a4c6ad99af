import { execFile } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { CommandLine, root, type RunDocument } from './command-line.ts';

const reports = join(root, 'examples/shop-report/reports');

interface Report {
  readonly products: number; readonly totalEur: number; readonly items: readonly { readonly name: string; readonly eur: number; readonly currency: string }[];
}

test('the sample crawls the shop, writes its reports, and proves that nothing is left', async () => {
  using cli = new CommandLine();
  for (const file of ['shop.md', 'shop.json']) rmSync(join(reports, file), { force: true });
  const { code, document, stderr } = await cli.json<RunDocument & { result: { products: number; pagesFailed: string[]; categories: unknown[] } }>(['sample']);

  expect(document).toMatchObject({ state: 'done', clean: true });
  // Seven pages of seven products, one of which answers with an error.
  expect(document.result).toMatchObject({ products: 42, pagesFailed: ['/catalogue/6: HTTP 500'] });
  expect(document.result.categories).toHaveLength(6);
  const report = JSON.parse(readFileSync(join(reports, 'shop.json'), 'utf8')) as Report;
  expect(report.items).toHaveLength(42);
  expect(report.items.find((item) => item.name === 'Two-person tent')).toMatchObject({ eur: 1299, currency: 'EUR' });
  expect(report.items.find((item) => item.name === 'Camera sling')).toMatchObject({ eur: 78.08, currency: 'JPY' });
  // The page that a script fills is there, and so is the slow one.
  expect(report.items.map((item) => item.name)).toEqual(expect.arrayContaining(['Silk liner', 'Candle lantern']));
  expect(readFileSync(join(reports, 'shop.md'), 'utf8')).toContain('| Tents | 7 | 6 |');

  // Nothing of it has to be asked: each decision rests on a grant that the chain names.
  const { entries } = (await cli.json<{ entries: readonly { effect: string }[] }>(['audit', 'list', '--run', document.run])).document;
  expect(new Set(entries.map(({ effect }) => effect))).toEqual(new Set(['allow']));

  const kinds = document.destruction.leases.map((lease) => lease.kind).sort();
  expect(kinds).toEqual(['browser', 'mcp', 'mcp', 'proxy', 'sandbox']);
  expect(document.destruction.leases.every((lease) => lease.verified && lease.destroyedAt !== undefined)).toBe(true);
  expect(document.bill).toMatchObject({ realCostUsd: 0, realCostMark: 'measured' });
  expect(document.bill.baselines.map((line) => line.service)).toEqual(expect.arrayContaining(['AWS Lambda', 'Browserbase', 'E2B']));
  expect(document.bill.ledger.find((line) => line.meter === 'browser.pages')?.value).toBe(7);
  expect(stderr).toContain('The shop is closed');
  expect(code).toBe(0);
});

test('the sample without a browser fails with 5, and the shop is closed all the same', async () => {
  using cli = new CommandLine();
  const { code, stderr } = await cli.run(['sample'], { ASSASSIN_BROWSER: '/nonexistent' });
  expect(stderr).toContain('The shop is closed');
  expect(code).toBe(5);
});

test('the sample is correct TypeScript against the declarations that are generated for it', async () => {
  using cli = new CommandLine();
  expect((await cli.run(['chains', 'types', '--workspace', join(root, 'examples/shop-report')])).code).toBe(0);
  const check = promisify(execFile)(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'examples/shop-report/.assassin')]);
  await expect(check).resolves.toMatchObject({ stdout: '' });
});
