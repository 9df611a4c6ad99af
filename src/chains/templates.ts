export interface ChainTemplate {
  readonly name: string;
  readonly title: string;
  /** One line for a pick list. */
  readonly description: string;
  readonly text: string;
}

/** What a new chain can begin as. Each is complete: it type-checks and passes `chains check` as it stands. */
export const chainTemplates: readonly ChainTemplate[] = [
  {
    name: 'crawl',
    title: 'Crawl a site into a table',
    description: 'Opens pages in a throwaway browser, follows "next", and writes the rows to a JSON file.',
    text: `import { browser, log, progress, workspace, type ChainMeta } from 'assassin';

export const meta = {
  title: 'Crawl a site into a table',
  description: 'Reads all pages of a list and writes its rows to reports/rows.json.',
  grants: ['browser', 'net https://quotes.toscrape.com', 'fs.write reports/**'],
  input: {
    type: 'object',
    properties: {
      url: { type: 'string', format: 'uri', default: 'https://quotes.toscrape.com/' },
      maxPages: { type: 'integer', minimum: 1, maximum: 100, default: 10 },
    },
  },
} satisfies ChainMeta;

export default async function (input: { url: string; maxPages: number }) {
  const rows: { text: string | null; author: string | null; page: string }[] = [];
  await using page = await browser.open(input.url);
  for (let count = 1; ; count++) {
    const { quotes, next } = await page.extract({
      quotes: { $each: '.quote', text: '.text', author: '.author' },
      next: { selector: 'li.next a', attr: 'href' },
    });
    rows.push(...quotes.map((quote) => ({ ...quote, page: page.url })));
    progress(\`\${count} pages, \${rows.length} rows\`, count / input.maxPages);
    if (next === null || count === input.maxPages) break;
    await page.goto(next);
  }
  await workspace.writeFile('reports/rows.json', JSON.stringify(rows, null, 2));
  log(\`Wrote \${rows.length} rows to reports/rows.json.\`);
  return rows;
}
`,
  },
  {
    name: 'mcp-report',
    title: 'Call MCP tools and write a report',
    description: 'Calls a tool of an MCP server, works on the answer in the sandbox, and writes Markdown.',
    text: `import { mcp, workspace, type ChainMeta } from 'assassin';

export const meta = {
  title: 'Report from an MCP server',
  description: 'Counts the files of a folder by their ending, and writes reports/files.md.',
  // "filesystem" is the name of the server in your MCP settings.
  grants: ['mcp filesystem:list_directory', 'fs.write reports/**'],
  input: { type: 'object', properties: { folder: { type: 'string', default: '.' } } },
} satisfies ChainMeta;

export default async function (input: { folder: string }) {
  const listing = String(await mcp.filesystem.list_directory({ path: input.folder }));
  const counts: Record<string, number> = {};
  for (const line of listing.split('\\n')) {
    const ending = /^\\[FILE\\] .*?(\\.[^.]+)?$/.exec(line);
    if (ending) counts[ending[1] ?? '(none)'] = (counts[ending[1] ?? '(none)'] ?? 0) + 1;
  }
  const table = Object.entries(counts).sort((a, b) => b[1] - a[1]);
  const report = ['# Files by ending', '', '| ending | files |', '| --- | ---: |', ...table.map(([ending, count]) => \`| \${ending} | \${count} |\`), ''].join('\\n');
  await workspace.writeFile('reports/files.md', report);
  return table.map(([ending, files]) => ({ ending, files }));
}
`,
  },
  {
    name: 'sandbox',
    title: 'Compute in the sandbox',
    description: 'Plain code without any grant: it can compute, and nothing else.',
    text: `import { log, type ChainMeta } from 'assassin';

export const meta = {
  title: 'Compute in the sandbox',
  description: 'Mean, median and spread of some numbers.',
  grants: [],
  input: {
    type: 'object',
    properties: { numbers: { type: 'array', items: { type: 'number' }, minItems: 1, default: [3, 1, 4, 1, 5, 9, 2, 6] } },
  },
} satisfies ChainMeta;

export default function (input: { numbers: number[] }) {
  const sorted = input.numbers.toSorted((a, b) => a - b);
  const mean = sorted.reduce((sum, n) => sum + n, 0) / sorted.length;
  const middle = Math.floor(sorted.length / 2);
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  const spread = Math.sqrt(sorted.reduce((sum, n) => sum + (n - mean) ** 2, 0) / sorted.length);
  log(\`\${sorted.length} numbers\`);
  return { mean, median, spread };
}
`,
  },
];
