import { browser, progress } from 'assassin';

export interface Product {
  readonly name: string;
  readonly category: string;
  readonly price: string;
  readonly stock: string;
}

export interface Failure {
  readonly page: string;
  readonly problem: string;
}

/** More pages at once would not be faster on a small machine. */
const atOnce = 3;

/** Follows the pagination from the first page on, several pages at a time. A page that fails is reported; the others count. */
export async function crawlCatalogue(url: string): Promise<{ products: Product[]; failures: Failure[] }> {
  const waiting = [new URL('/catalogue/1', url).href];
  const seen = new Set(waiting);
  const products = new Map<string, Product[]>();
  const failures: Failure[] = [];

  async function visit(address: string): Promise<void> {
    try {
      const { items, links } = await readPage(address);
      products.set(address, items);
      for (const link of links) {
        if (seen.has(link)) continue;
        seen.add(link);
        waiting.push(link);
      }
    } catch (error) {
      if (!isOfThePage(error)) throw error;
      failures.push({ page: new URL(address).pathname, problem: error.message });
    }
    progress(`${products.size + failures.length} of ${seen.size} pages`, (products.size + failures.length) / seen.size);
  }

  const open = new Set<Promise<void>>();
  while (waiting.length > 0 || open.size > 0) {
    while (waiting.length > 0 && open.size < atOnce) {
      const visiting = visit(waiting.shift()!).finally(() => open.delete(visiting));
      open.add(visiting);
    }
    await Promise.race(open);
  }
  if (products.size === 0) throw new Error(`No page of ${url} could be read: ${failures[0]?.problem}`);
  // In the order of the pages, however they came in.
  const inOrder = [...products].sort(([a], [b]) => a.localeCompare(b, 'en'));
  return { products: inOrder.flatMap(([, items]) => items), failures };
}

class BadAnswer extends Error {}

/** One bad page must not end the whole crawl; a missing browser or a denied address must. */
function isOfThePage(error: unknown): error is Error {
  return error instanceof BadAnswer || ['page-failed', 'timeout'].includes((error as { code?: string }).code ?? '');
}

/** What a page does not show comes back as null. */
function isWhole(item: { [Field in keyof Product]: string | null }): item is Product {
  return Object.values(item).every((value) => value !== null);
}

async function readPage(address: string): Promise<{ items: Product[]; links: string[] }> {
  await using page = await browser.open(address);
  if (page.status !== 200) throw new BadAnswer(`HTTP ${page.status}`);
  // One of the pages is filled by a script a moment after it has loaded.
  await page.waitFor('.product');
  const { items, links } = await page.extract({
    items: { $each: '.product', name: '.name', category: '.category', price: '.price', stock: '.stock' },
    links: [{ selector: 'nav a', attr: 'href' }],
  });
  return { items: items.filter(isWhole), links: links.filter((link) => link !== null) };
}
