import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { calls, code, finishChecked } from '../helpers/tasks.ts';
import type { SeededTask } from './seeded-task.ts';

const contacts = `Name;E-mail;Phone
" Ada  Lovelace ";ADA@example.org;+44 (20) 1234-567
Grace Hopper;grace@example.org;001 555 0100

"Dijkstra; Edsger";edsger@example.nl;n/a
nobody;not an address;1
ada lovelace;ada@EXAMPLE.org;020 99
"Barbara ""Barb"" Liskov";barbara@example.org;
`;
const cleaner = `export interface Contact { name: string; email: string; phone: string }

/** Null where there is no usable address. */
export function cleanContact({ name, email, phone }: Contact): Contact | null {
  const address = email.trim().toLowerCase();
  if (!/^[^\\s@]+@[^\\s@]+\\.[a-z]+$/.test(address)) return null;
  const digits = phone.replace(/^00/, '+').replace(/[^+\\d]/g, '');
  return { name: name.trim().replace(/\\s+/g, ' '), email: address, phone: /\\d{5}/.test(digits) ? digits : '' };
}
`;
const expected = `name,email,phone
Ada Lovelace,ada@example.org,+44201234567
"Barbara ""Barb"" Liskov",barbara@example.org,
Dijkstra; Edsger,edsger@example.nl,
Grace Hopper,grace@example.org,+15550100
`;

export const cleanCsv: SeededTask = {
  id: 'clean-csv',
  name: 'a CSV file is cleaned with a function of the project, run in the sandbox',
  files: { 'data/contacts.csv': contacts, 'src/clean-contact.ts': cleaner },
  text: () => 'Clean data/contacts.csv (separated by semicolons) with cleanContact of src/clean-contact.ts, and with no rules of your own, to data/clean.csv: separated by commas, header name,email,phone, quoted only where needed. Rows without a usable address are left out; of rows with the same address the first counts; sorted by address.',
  grants: () => ['fs.write data/clean.csv'],
  answers: () => [
    calls(['read_file', { path: 'src/clean-contact.ts' }], ['read_file', { path: 'data/contacts.csv' }]),
    code(`import { workspace } from "assassin";
import { cleanContact } from "./src/clean-contact.ts";
function rows(text: string): string[][] {
  const all: string[][] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^;\\n]*))(;|\\n|$)/g)) {
    if (all.length === 0 || start) all.push([]);
    all.at(-1)!.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
    start = end !== ";";
  }
  return all.filter((row) => row.length === 3);
}
let start = true;
const cell = (text: string) => /[",\\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
export default async function () {
  const found = new Map<string, string>();
  for (const [name, email, phone] of rows(await workspace.readFile("data/contacts.csv")).slice(1)) {
    const contact = cleanContact({ name: name!, email: email!, phone: phone! });
    if (contact && !found.has(contact.email)) found.set(contact.email, [contact.name, contact.email, contact.phone].map(cell).join(","));
  }
  const lines = [...found].sort(([a], [b]) => a < b ? -1 : 1).map(([, line]) => line);
  await workspace.writeFile("data/clean.csv", ["name,email,phone", ...lines].join("\\n") + "\\n");
  return lines;
}`),
    code('import { workspace } from "assassin";\nexport default async () => { const lines = (await workspace.readFile("data/clean.csv")).trim().split("\\n"); if (lines.length !== 5) throw new Error(lines.join("\\n")); return lines; }'),
    finishChecked('Four contacts are in data/clean.csv.'),
  ],
  changes: ['data/clean.csv'],
  check: ({ workspace }) => assert.equal(readFileSync(join(workspace, 'data/clean.csv'), 'utf8').trimEnd(), expected.trimEnd()),
};
