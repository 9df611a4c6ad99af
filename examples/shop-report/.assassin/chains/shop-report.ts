import { log, mcp, progress, type ChainMeta } from 'assassin';
import { crawlCatalogue } from '../lib/catalogue.ts';
import { inEuro, parsePrice, parseStock } from '../lib/prices.ts';
import { groupBy, statistics, sum } from '../lib/statistics.ts';
import { markdownReport } from '../lib/report.ts';

/** What the chain is for, what it takes and everything that it may do. What is not listed here is denied. */
export const meta = {
  description: 'Crawls a small shop in a throwaway browser and writes a price report',
  input: {
    type: 'object',
    properties: { url: { type: 'string', description: 'Address of the shop', default: 'http://127.0.0.1:8123' } },
    additionalProperties: false,
  },
  grants: [
    'browser',
    'net http://127.0.0.1:8123',
    'mcp filesystem:write_file',
    'mcp everything:get-sum',
  ],
} satisfies ChainMeta;

export default async function ({ url }: { url: string }) {
  // 1. The web: all pages of the catalogue, in a browser that is gone when this is done.
  const { products, failures } = await crawlCatalogue(url);
  for (const failure of failures) log.warn(`${failure.page} was left out: ${failure.problem}`);

  // 2. Code: prices of six countries become euros, products become groups.
  progress(`${products.length} products, working out the report`);
  const priced = products.map((product) => {
    const price = parsePrice(product.price);
    return { ...product, currency: price.currency, eur: inEuro(price), stock: parseStock(product.stock) };
  });
  const categories = [...groupBy(priced, (product) => product.category)]
    .map(([category, items]) => ({
      category,
      products: items.length,
      inStock: items.filter((item) => item.stock > 0).length,
      ...statistics(items.map((item) => item.eur)),
    }))
    .sort((a, b) => b.median - a.median);
  const total = sum(priced.map((product) => product.eur));

  // 3. MCP: one server adds the total up once more, another one, which may touch nothing but the folder reports, writes the report.
  const available = sum(priced.filter((product) => product.stock > 0).map((product) => product.eur));
  const answer = await mcp.everything['get-sum']({ a: available, b: total - available });
  const crossCheck = Number(/is (-?[\d.]+)/.exec(String(answer))?.[1]);
  if (Math.abs(crossCheck - total) > 0.005) throw new Error(`The totals differ: ${crossCheck} and ${total}.`);

  const report = { shop: url, products: priced.length, pagesFailed: failures, totalEur: total, categories };
  await Promise.all([
    mcp.filesystem.write_file({ path: 'shop.md', content: markdownReport(report) }),
    mcp.filesystem.write_file({ path: 'shop.json', content: JSON.stringify({ ...report, items: priced }, null, 2) }),
  ]);
  return { products: report.products, totalEur: total, pagesFailed: failures.map(({ page, problem }) => `${page}: ${problem}`), reports: ['reports/shop.md', 'reports/shop.json'], categories };
}
