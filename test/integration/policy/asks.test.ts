import { afterAll, beforeAll, expect, it } from 'vitest';
import { person } from '../../helpers/approval.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';
import { seededTasks } from '../../tasks/all.ts';
import { attempt } from '../../tasks/attempt.ts';

let sandbox: SandboxFiles;
beforeAll(async () => {
  sandbox = await buildSandboxFiles();
});
afterAll(() => sandbox[Symbol.dispose]());

/** Most questions for one task that was granted nothing; docs/security.md promises it. */
const most = 3;

it.each(seededTasks)('"$name", granted nothing, is done with few questions to a person who allows what is offered for the run', async (task) => {
  const door = person(({ offers }) => {
    const widest = offers.findLast(({ scope }) => scope === 'run');
    return widest === undefined ? { answer: 'once' } : { answer: 'run', grant: widest.grant };
  });
  const { problems, events } = await attempt(task, { sandbox, person: door });
  expect(problems).toEqual([]);
  expect(door.texts.length).toBeLessThanOrEqual(most);
  expect(events.filter((event) => event.type === 'meter' && event.meter === 'asks')).toHaveLength(door.texts.length);
});
