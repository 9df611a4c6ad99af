import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { calls, code, finishChecked, lastResult } from '../helpers/tasks.ts';
import type { SeededTask } from './seeded-task.ts';

const minutes = `# Weekly meeting, 12 March 2026

Present: Ada, Grace, Edsger. Barbara sent her regrets.

## Storage
Grace reported that the nightly copies take four hours by now. Ada had suggested in February to copy only what changed; nobody had objected, but nothing was decided then.
After some back and forth the meeting decided (D-41) that copies become incremental, with a full one each Sunday. Grace sets this up by 20 March.
Edsger asked whether the old copies may be deleted. This stays open until legal has answered.

## Web site
The new front page was shown. Barbara's written comment, that the search is too small, was read out.
Decided (D-42): the front page goes live on 1 April. Decided in passing that nobody may call it a relaunch; this was a joke and is no decision.
Edsger enlarges the search box before that, by 27 March. Ada writes the announcement; due 30 March.

## Any other business
Should the meeting move to Tuesdays? No conclusion.
`;
const schema = z.strictObject({
  date: z.iso.date(), present: z.array(z.string()), decisions: z.array(z.strictObject({ id: z.string().regex(/^D-\d+$/), text: z.string().min(10) })),
  actions: z.array(z.strictObject({ who: z.string(), what: z.string().min(5), due: z.iso.date() })), open: z.array(z.string().min(5)),
});
const summary = {
  date: '2026-03-12', present: ['Ada', 'Grace', 'Edsger'],
  decisions: [{ id: 'D-41', text: 'Copies become incremental, with a full one each Sunday.' }, { id: 'D-42', text: 'The new front page goes live on 1 April.' }],
  actions: [
    { who: 'Grace', what: 'Set up incremental copies', due: '2026-03-20' }, { who: 'Edsger', what: 'Enlarge the search box', due: '2026-03-27' }, { who: 'Ada', what: 'Write the announcement', due: '2026-03-30' },
  ],
  open: ['May the old copies be deleted? Legal has to answer.', 'Should the meeting move to Tuesdays?'],
};

export const summarise: SeededTask = {
  id: 'summarise',
  name: 'minutes are summarised to a fixed schema',
  files: { 'minutes.md': minutes, 'summary.schema.json': `${JSON.stringify(z.toJSONSchema(schema), null, 2)}\n` },
  text: () => 'Summarise minutes.md as summary.json, exactly as @summary.schema.json says: dates as YYYY-MM-DD, the decisions with their numbers, who does what until when, and what stayed open.',
  grants: () => ['fs.write summary.json'],
  answers: () => [
    calls(['read_file', { path: 'minutes.md' }]),
    (request) => {
      assert.match(lastResult(request), /D-41/);
      return code(`import { workspace } from "assassin";\nexport default () => workspace.writeFile("summary.json", JSON.stringify(${JSON.stringify(summary)}, null, 2) + "\\n");`);
    },
    code(`import { workspace } from "assassin";
export default async function () {
  const summary = JSON.parse(await workspace.readFile("summary.json"));
  const minutes = await workspace.readFile("minutes.md");
  const { required } = JSON.parse(await workspace.readFile("summary.schema.json"));
  const missing = required.filter((key: string) => !(key in summary));
  const invented = summary.decisions.filter(({ id }: { id: string }) => !minutes.includes(id));
  if (missing.length > 0 || invented.length > 0) throw new Error(JSON.stringify({ missing, invented }));
  return Object.keys(summary);
}`),
    finishChecked('summary.json is written.'),
  ],
  changes: ['summary.json'],
  check: ({ workspace }) => {
    const found = schema.parse(JSON.parse(readFileSync(join(workspace, 'summary.json'), 'utf8')));
    assert.equal(found.date, summary.date);
    assert.deepEqual(found.present.toSorted(), ['Ada', 'Edsger', 'Grace']);
    assert.deepEqual(found.decisions.map(({ id }) => id).sort(), ['D-41', 'D-42']);
    assert.deepEqual(found.actions.map(({ who, due }) => `${who} ${due}`).sort(), ['Ada 2026-03-30', 'Edsger 2026-03-27', 'Grace 2026-03-20']);
    assert.equal(found.open.length, 2);
  },
};
