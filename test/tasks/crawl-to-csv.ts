import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { code, finishChecked } from '../helpers/tasks.ts';
import type { SeededTask } from './seeded-task.ts';

const rows = Array.from({ length: 12 }, (_, i) => ({ name: `Thing ${i + 1}${i === 4 ? ', large "special"' : ''}`, price: (i + 1) * 1.5 }));
const pageOf = (number: number): string => {
  const shown = rows.slice((number - 1) * 5, number * 5);
  const next = number * 5 < rows.length ? `<a class="next" href="/list-${number + 1}">Next</a>` : '';
  // The last page is drawn by script: what is in the HTML is not what a person sees.
  const items = JSON.stringify(shown);
  return number < 3
    ? `<title>List ${number}</title><ul>${shown.map(({ name, price }) => `<li class="row"><b>${name}</b> <i>${price.toFixed(2)}</i></li>`).join('')}</ul>${next}`
    : `<title>List ${number}</title><ul></ul><script>for (const { name, price } of ${items}) { const row = document.createElement('li'); row.className = 'row'; row.innerHTML = '<b></b> <i>' + price.toFixed(2) + '</i>'; row.firstChild.textContent = name; document.querySelector('ul').append(row); }</script>`;
};

export const crawlToCsv: SeededTask = {
  id: 'crawl-to-csv',
  name: 'a site of several pages becomes a CSV file',
  files: { 'README.md': '# Prices\n' },
  site: () => ({ '/list-1': pageOf(1), '/list-2': pageOf(2), '/list-3': pageOf(3) }),
  text: ({ origin }) => `Crawl the list that begins at ${origin}/list-1, follow its pages, and write name and price of each thing to out/things.csv.`,
  grants: ({ origin }) => ['browser', `net ${origin}`, 'fs.write out/**'],
  answers: ({ origin }) => [
    code(`import { browser, workspace, log } from "assassin";
const cell = (text: string) => /[",\\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
export default async function () {
  const rows: string[][] = [];
  await using page = await browser.open("${origin}/list-1");
  for (;;) {
    const { things, next } = await page.extract({ things: { $each: ".row", name: "b", price: "i" }, next: { selector: "a.next", attr: "href" } });
    for (const { name, price } of things) rows.push([name ?? "", price ?? ""]);
    if (next === null) break;
    await page.goto(new URL(next, page.url).href);
  }
  await workspace.writeFile("out/things.csv", [["name", "price"], ...rows].map((row) => row.map(cell).join(",")).join("\\n") + "\\n");
  log(rows.length + " rows");
  return rows.length;
}`),
    code('import { workspace } from "assassin";\nexport default async () => { const lines = (await workspace.readFile("out/things.csv")).trim().split("\\n"); if (lines.length !== 13) throw new Error("only " + lines.length); return lines.slice(0, 3); }'),
    finishChecked('12 things are in out/things.csv.'),
  ],
  changes: ['out/things.csv'],
  check: ({ workspace }) => {
    const expected = ['name,price', ...rows.map(({ name, price }) => `${/[",]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name},${price.toFixed(2)}`)];
    assert.deepEqual(readFileSync(join(workspace, 'out/things.csv'), 'utf8').trim().split('\n'), expected);
  },
};
