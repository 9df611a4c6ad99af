import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesystemScript, nodeServer } from '../helpers/mcp.ts';
import { calls, code, finishChecked } from '../helpers/tasks.ts';
import type { SeededTask } from './seeded-task.ts';

const customers = [{ id: 1, name: 'Ada', country: 'GB' }, { id: 2, name: 'Grace', country: 'US' }, { id: 3, name: 'Edsger', country: 'NL' }];
const orders = ['customer,amount', '1,30.5', '2,12', '1,9.5', '3,100', '2,8', '9,1'].join('\n');

export const joinServers: SeededTask = {
  id: 'join-servers',
  name: 'data of two MCP servers is joined',
  files: { 'crm/customers.json': JSON.stringify(customers), 'shop/orders.csv': orders },
  servers: ({ workspace }) => [nodeServer('crm', filesystemScript, [join(workspace, 'crm')]), nodeServer('shop', filesystemScript, [join(workspace, 'shop')])],
  text: () => 'The server "crm" has the customers and "shop" the orders. Write turnover.json: per country the turnover and the number of orders, largest turnover first. Orders of unknown customers count as "unknown".',
  grants: () => ['mcp crm:*', 'mcp shop:*', 'fs.write turnover.json'],
  answers: ({ workspace }) => [
    calls(['search_tools', { query: 'read a text file' }]),
    calls(['describe_tools', { names: ['mcp.crm.read_text_file'] }]),
    code(`import { mcp, workspace } from "assassin";
const text = (value: any): string => typeof value === "string" ? value : value.content;
export default async function () {
  const [people, orders] = await Promise.all([
    mcp.crm.read_text_file({ path: ${JSON.stringify(join(workspace, 'crm/customers.json'))} }), mcp.shop.read_text_file({ path: ${JSON.stringify(join(workspace, 'shop/orders.csv'))} }),
  ]);
  const country = new Map(JSON.parse(text(people)).map((person: any) => [String(person.id), person.country]));
  const sums: Record<string, { turnover: number; orders: number }> = {};
  for (const line of text(orders).trim().split("\\n").slice(1)) {
    const [customer, amount] = line.split(",");
    const sum = (sums[String(country.get(customer!) ?? "unknown")] ??= { turnover: 0, orders: 0 });
    sum.turnover += Number(amount);
    sum.orders += 1;
  }
  const table = Object.entries(sums).map(([name, sum]) => ({ country: name, ...sum })).sort((a, b) => b.turnover - a.turnover);
  await workspace.writeFile("turnover.json", JSON.stringify(table, null, 2));
  return table;
}`),
    code('import { workspace } from "assassin";\nexport default async () => { const table = JSON.parse(await workspace.readFile("turnover.json")); if (table.reduce((n: number, row: any) => n + row.orders, 0) !== 6) throw new Error("orders are missing"); return table.length; }'),
    finishChecked('turnover.json is written.'),
  ],
  changes: ['turnover.json'],
  check: ({ workspace }) => {
    assert.deepEqual(JSON.parse(readFileSync(join(workspace, 'turnover.json'), 'utf8')), [
      { country: 'NL', turnover: 100, orders: 1 }, { country: 'GB', turnover: 40, orders: 2 }, { country: 'US', turnover: 20, orders: 2 }, { country: 'unknown', turnover: 1, orders: 1 },
    ]);
  },
};
