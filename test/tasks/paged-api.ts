import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { code, finishChecked } from '../helpers/tasks.ts';
import type { SeededTask } from './seeded-task.ts';
import type { Page, SiteAnswer } from './task-site.ts';

const orders = Array.from({ length: 57 }, (_, i) => ({ id: 300 - i, customer: `c${i % 7}`, cents: 1000 + i * 37, state: i % 5 === 0 ? 'cancelled' : 'paid' }));
const pageSize = 20;

/** Pages by cursor; the second page and the third are turned away once, with the time to wait. */
function api(): Page {
  const turnedAway = new Set<string>();
  return ({ query }): SiteAnswer => {
    const cursor = query.get('cursor') ?? '0';
    if (cursor !== '0' && !turnedAway.has(cursor)) {
      turnedAway.add(cursor);
      return { status: 429, headers: { 'retry-after': '1', 'content-type': 'application/json' }, body: '{"error":"slow down"}' };
    }
    const from = Number(cursor);
    const next = from + pageSize < orders.length ? String(from + pageSize) : null;
    return { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ data: orders.slice(from, from + pageSize), next }) };
  };
}

export const pagedApi: SeededTask = {
  id: 'paged-api',
  name: 'an API is read page by page, and waited for where it says so',
  files: { 'README.md': 'The API gives 20 orders a page; "next" is the cursor of the next page (?cursor=...), null at the end. It answers 429 with Retry-After (seconds) when it is asked too fast.\n' },
  site: () => ({ '/api/orders': api() }),
  text: ({ origin }) => `Read all orders of ${origin}/api/orders (see @README.md) and write paid.json: { "orders": the paid ones by ascending id, "cents": their sum }.`,
  grants: ({ origin }) => [`net ${origin}`, 'fs.write paid.json'],
  answers: ({ origin }) => [
    code(`import { http, workspace, log } from "assassin";
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
async function page(cursor: string | null) {
  for (let attempt = 1; ; attempt++) {
    const { status, headers, body } = await http.get("${origin}/api/orders" + (cursor === null ? "" : "?cursor=" + encodeURIComponent(cursor)));
    if (status === 200) return JSON.parse(body);
    if (status !== 429 || attempt === 5) throw new Error("answered " + status);
    log("waiting", headers["retry-after"], "s");
    await wait(Number(headers["retry-after"] ?? 1) * 1000);
  }
}
export default async function () {
  const all: { id: number; cents: number; state: string }[] = [];
  let cursor: string | null = null;
  do {
    const { data, next } = await page(cursor);
    all.push(...data);
    cursor = next;
  } while (cursor !== null);
  const orders = all.filter(({ state }) => state === "paid").sort((a, b) => a.id - b.id);
  await workspace.writeFile("paid.json", JSON.stringify({ orders, cents: orders.reduce((sum, { cents }) => sum + cents, 0) }, null, 2) + "\\n");
  return { all: all.length, paid: orders.length };
}`),
    code('import { workspace } from "assassin";\nexport default async () => { const { orders, cents } = JSON.parse(await workspace.readFile("paid.json")); if (orders.length === 0 || cents !== orders.reduce((sum: number, order: any) => sum + order.cents, 0)) throw new Error("wrong"); return { orders: orders.length, cents }; }'),
    finishChecked('paid.json holds all paid orders.'),
  ],
  changes: ['paid.json'],
  check: ({ workspace, requests }) => {
    const paid = orders.filter(({ state }) => state === 'paid').toSorted((a, b) => a.id - b.id);
    assert.deepEqual(JSON.parse(readFileSync(join(workspace, 'paid.json'), 'utf8')), { orders: paid, cents: paid.reduce((sum, { cents }) => sum + cents, 0) });
    assert.ok(requests.length <= 10, `the API was asked ${requests.length} times`);
  },
};
