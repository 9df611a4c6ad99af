import type { Failure } from './catalogue.ts';

interface Report {
  readonly shop: string;
  readonly products: number;
  readonly pagesFailed: readonly Failure[];
  readonly totalEur: number;
  readonly categories: readonly { category: string; products: number; inStock: number; min: number; median: number; mean: number; p90: number }[];
}

export function markdownReport({ shop, products, pagesFailed, totalEur, categories }: Report): string {
  return [
    '# Shop report',
    '',
    `${products} products of ${shop}, together ${totalEur.toFixed(2)} EUR.`,
    '',
    '| category | products | in stock | min | median | mean | p90 |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...categories.map((row) => `| ${row.category} | ${row.products} | ${row.inStock} | ${row.min.toFixed(2)} | ${row.median.toFixed(2)} | ${row.mean.toFixed(2)} | ${row.p90.toFixed(2)} |`),
    '',
    pagesFailed.length === 0 ? 'All pages could be read.' : 'Pages that could not be read:',
    ...pagesFailed.map(({ page, problem }) => `- ${page}: ${problem}`),
    '',
  ].join('\n');
}
