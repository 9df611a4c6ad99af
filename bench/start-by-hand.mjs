// The job of the sample chain as a plain script, the way somebody would write it with puppeteer and an MCP client: no grants, no journal,
// no sandbox, no proxy, no destruction report. Usage: node start-by-hand.mjs URL BROWSER OUTPUT_FOLDER
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import puppeteer from 'puppeteer-core';

const [url = '', browserPath = '', outputFolder = ''] = process.argv.slice(2);
const atOnce = 3;
/** @typedef {{ name: string, category: string, price: string, stock: string }} Product */

/** @type {Record<string, string>} */
const symbols = { '€': 'EUR', $: 'USD', '£': 'GBP', CHF: 'CHF', '¥': 'JPY', Kč: 'CZK' };
/** @type {Record<string, number>} */
const euros = { EUR: 1, USD: 0.92, GBP: 1.17, CHF: 1.05, JPY: 0.0061, CZK: 0.04 };
/** @param {number} value */
const cents = (value) => Math.round(value * 100) / 100;
/** @param {readonly number[]} values */
const sum = (values) => cents(values.reduce((total, value) => total + value, 0));

/** @param {import('puppeteer-core').Browser} browser @param {string} address @returns {Promise<{ items: Product[], links: string[] }>} */
async function readPage(browser, address) {
  const page = await browser.newPage();
  try {
    const response = await page.goto(address);
    if (response?.status() !== 200) throw new Error(`HTTP ${response?.status()}`);
    await page.waitForSelector('.product');
    return await page.evaluate(() => {
      const text = (/** @type {Element} */ item, /** @type {string} */ selector) => item.querySelector(selector)?.textContent ?? '';
      return {
        items: [...document.querySelectorAll('.product')].map((item) => ({ name: text(item, '.name'), category: text(item, '.category'), price: text(item, '.price'), stock: text(item, '.stock') })),
        links: [.../** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('nav a'))].map((link) => link.href),
      };
    });
  } finally {
    await page.close();
  }
}

/** @param {import('puppeteer-core').Browser} browser */
async function crawl(browser) {
  const waiting = [new URL('/catalogue/1', url).href];
  const seen = new Set(waiting);
  /** @type {Map<string, Product[]>} */
  const products = new Map();
  /** @type {{ page: string, problem: string }[]} */
  const failures = [];
  /** @type {Set<Promise<void>>} */
  const open = new Set();
  const visit = async (/** @type {string} */ address) => {
    try {
      const { items, links } = await readPage(browser, address);
      products.set(address, items);
      for (const link of links) {
        if (seen.has(link)) continue;
        seen.add(link);
        waiting.push(link);
      }
    } catch (error) {
      failures.push({ page: new URL(address).pathname, problem: error instanceof Error ? error.message : String(error) });
    }
  };
  while (waiting.length > 0 || open.size > 0) {
    while (waiting.length > 0 && open.size < atOnce) {
      /** @type {Promise<void>} */
      const visiting = visit(waiting.shift() ?? '').finally(() => open.delete(visiting));
      open.add(visiting);
    }
    await Promise.race(open);
  }
  return { products: [...products].sort(([a], [b]) => a.localeCompare(b)).flatMap(([, items]) => items), failures };
}

/** @param {string} text */
function price(text) {
  const currency = symbols[Object.keys(symbols).find((symbol) => text.includes(symbol)) ?? ''] ?? '';
  const [, whole = '', part = '0'] = /^(.*?)(?:[.,](\d{2}))?$/.exec(text.replace(/[^\d.,]/g, '')) ?? [];
  return { currency, eur: cents(Number(`${whole.replace(/[.,]/g, '')}.${part}`) * (euros[currency] ?? Number.NaN)) };
}

/** @param {readonly number[]} values */
function statistics(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const at = (/** @type {number} */ index) => sorted[index] ?? Number.NaN;
  const median = sorted.length % 2 === 1 ? at(Math.floor(middle)) : (at(middle - 1) + at(middle)) / 2;
  return { min: at(0), median: cents(median), mean: cents(sum(values) / values.length), p90: at(Math.ceil(sorted.length * 0.9) - 1) };
}

/**
 * @typedef {{ category: string, products: number, inStock: number, min: number, median: number, mean: number, p90: number }} Category
 * @param {{ shop: string, products: number, pagesFailed: readonly { page: string, problem: string }[], totalEur: number, categories: readonly Category[] }} report
 */
function markdown({ shop, products, pagesFailed, totalEur, categories }) {
  return [
    '# Shop report', '', `${products} products of ${shop}, together ${totalEur.toFixed(2)} EUR.`, '',
    '| category | products | in stock | min | median | mean | p90 |', '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...categories.map((row) => `| ${row.category} | ${row.products} | ${row.inStock} | ${[row.min, row.median, row.mean, row.p90].map((value) => value.toFixed(2)).join(' | ')} |`),
    '', pagesFailed.length === 0 ? 'All pages could be read.' : 'Pages that could not be read:', ...pagesFailed.map(({ page, problem }) => `- ${page}: ${problem}`), '',
  ].join('\n');
}

/** @param {string} packageName @param {readonly string[]} args */
async function connect(packageName, ...args) {
  const client = new Client({ name: 'by-hand', version: '1.0.0' });
  const script = fileURLToPath(import.meta.resolve(`${packageName}/dist/index.js`));
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [script, ...args], stderr: 'ignore' }));
  return client;
}

mkdirSync(outputFolder, { recursive: true });
const browser = await puppeteer.launch({ executablePath: browserPath, headless: true, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
let crawled;
try {
  crawled = await crawl(browser);
} finally {
  await browser.close();
}
const priced = crawled.products.map((product) => ({ ...product, ...price(product.price), stock: Number(/\d+/.exec(product.stock)?.[0] ?? 0) }));
const categories = [...Map.groupBy(priced, (product) => product.category)]
  .map(([category, items]) => ({ category, products: items.length, inStock: items.filter((item) => item.stock > 0).length, ...statistics(items.map((item) => item.eur)) }))
  .sort((a, b) => b.median - a.median);
const totalEur = sum(priced.map((product) => product.eur));
const available = sum(priced.filter((product) => product.stock > 0).map((product) => product.eur));

const everything = await connect('@modelcontextprotocol/server-everything');
const answer = /** @type {{ content: { text: string }[] }} */ (await everything.callTool({ name: 'get-sum', arguments: { a: available, b: totalEur - available } }));
await everything.close();
if (Math.abs(Number(/is (-?[\d.]+)/.exec(answer.content[0]?.text ?? '')?.[1]) - totalEur) > 0.005) throw new Error('The totals differ.');

const report = { shop: url, products: priced.length, pagesFailed: crawled.failures, totalEur, categories };
const filesystem = await connect('@modelcontextprotocol/server-filesystem', outputFolder);
await Promise.all([
  filesystem.callTool({ name: 'write_file', arguments: { path: join(outputFolder, 'shop.md'), content: markdown(report) } }),
  filesystem.callTool({ name: 'write_file', arguments: { path: join(outputFolder, 'shop.json'), content: JSON.stringify({ ...report, items: priced }, null, 2) } }),
]);
await filesystem.close();
console.log(JSON.stringify({ products: priced.length, totalEur, pagesFailed: crawled.failures.length }));
