import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';
import { attempt } from '../../tasks/attempt.ts';
import { seededTasks } from '../../tasks/all.ts';

let sandbox: SandboxFiles;
beforeAll(async () => {
  sandbox = await buildSandboxFiles();
});
afterAll(() => sandbox[Symbol.dispose]());

describe('seeded tasks', () => {
  it('are at least twelve, each with a name of its own for the command line', () => {
    expect(seededTasks.length).toBeGreaterThanOrEqual(12);
    expect(new Set(seededTasks.map(({ id }) => id)).size).toBe(seededTasks.length);
  });

  it.each(seededTasks)('$name', async (task) => {
    const { outcome, problems, events, turns } = await attempt(task, { sandbox });
    expect(problems).toEqual([]);
    expect(outcome).toMatchObject({ state: 'done', clean: true, result: { verification: 'verified' } });
    expect(turns).toBe(task.answers({ workspace: '/w', origin: 'http://127.0.0.1:1', requests: [] }).length);
    expect(events.filter((event) => event.type === 'decision' && (event.outcome === 'denied' || event.effect === 'ask'))).toEqual([]);
  });

  it.each(seededTasks)('the check of "$name" does not pass for a model that merely claims it is done', async (task) => {
    const { outcome, problems } = await attempt(task, { sandbox, answers: () => [{ calls: [{ name: 'finish', arguments: { result: 'All done and checked.' } }] }] });
    // Two, because it is not told by the missing change alone: the checker sees it too.
    expect(problems.length).toBeGreaterThanOrEqual(2);
    expect(outcome.result).toMatchObject({ verification: 'unverified' });
  });
});
