import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { code, finishChecked } from '../helpers/tasks.ts';
import type { SeededTask } from './seeded-task.ts';

/** The button is made by script after a while, and works only once a plan was chosen. */
const form = `<!doctype html><title>Order</title>
<form method="post" action="/order">
  <label>Name <input name="name" required></label>
  <label>E-mail <input name="email" type="email" required></label>
  <label>Plan <select name="plan"><option value="">Choose</option><option value="b1">Basic</option><option value="p2">Professional</option></select></label>
  <label><input type="radio" name="period" value="month" checked> monthly</label>
  <label><input type="radio" name="period" value="year"> yearly</label>
  <label><input type="checkbox" name="newsletter" value="yes" checked> Newsletter</label>
</form>
<script>
  setTimeout(() => {
    const button = document.createElement('button');
    button.textContent = 'Order now';
    button.disabled = true;
    document.forms[0].append(button);
    document.forms[0].plan.addEventListener('change', (event) => { button.disabled = event.target.value === ''; });
  }, 200);
</script>`;

export const fillForm: SeededTask = {
  id: 'fill-form',
  name: 'a form is filled in and submitted once in a browser',
  files: { 'customer.json': JSON.stringify({ name: 'Ada Løvelace', email: 'ada@example.org' }) },
  site: () => ({
    '/form': form,
    '/order': ({ method, body }) => (method === 'POST' ? { body: `<title>Thanks</title><h1>Thank you</h1><p>Your number is <b id="number">K-${body.length}-7</b></p>` } : { status: 405, body: '' }),
  }),
  text: ({ origin }) => `Order the Professional plan, paid yearly and without newsletter, for the customer of @customer.json with the form at ${origin}/form. Write the number of the order to confirmation.txt. Order once only.`,
  grants: ({ origin }) => ['browser', `net ${origin}`, 'fs.write confirmation.txt'],
  answers: ({ origin }) => [
    code(`import { browser } from "assassin";
export default async function () {
  await using page = await browser.open("${origin}/form");
  await page.waitFor("button");
  return await page.snapshot();
}`),
    code(`import { browser, workspace } from "assassin";
export default async function () {
  const customer = JSON.parse(await workspace.readFile("customer.json"));
  await using page = await browser.open("${origin}/form");
  await page.waitFor("button");
  await page.type("[name=name]", customer.name);
  await page.type("[name=email]", customer.email);
  await page.select("[name=plan]", "Professional");
  await page.click("[name=period][value=year]");
  await page.click("[name=newsletter]");
  const { navigated, status } = await page.click("button");
  if (!navigated || status !== 200) throw new Error("the form was not taken: " + status);
  const number = await page.text("#number");
  await workspace.writeFile("confirmation.txt", number + "\\n");
  return { number, kept: await workspace.readFile("confirmation.txt") };
}`),
    finishChecked('It is ordered; the number is in confirmation.txt.'),
  ],
  changes: ['confirmation.txt'],
  check: ({ workspace, requests }) => {
    const posted = requests.filter(({ method }) => method === 'POST');
    assert.equal(posted.length, 1, 'ordered once');
    assert.deepEqual(Object.fromEntries(new URLSearchParams(posted[0]!.body)), { name: 'Ada Løvelace', email: 'ada@example.org', plan: 'p2', period: 'year' });
    assert.equal(readFileSync(join(workspace, 'confirmation.txt'), 'utf8').trim(), `K-${posted[0]!.body.length}-7`);
  },
};
