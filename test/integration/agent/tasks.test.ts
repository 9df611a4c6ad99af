import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serve } from '../../helpers/browser.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';
import { recorded, taskTest } from '../../helpers/tasks.ts';
import { seededTasks } from '../../tasks/all.ts';
import type { Seed, SeededTask } from '../../tasks/seeded-task.ts';

let sandbox: SandboxFiles;
beforeAll(async () => {
  sandbox = await buildSandboxFiles();
});
afterAll(() => sandbox[Symbol.dispose]());

async function attempt({ files, pages = {}, servers, text, grants, answers, check }: SeededTask, change: (seed: Seed) => Partial<Pick<SeededTask, 'answers'>> = () => ({})) {
  await using site = await serve(pages);
  let script = recorded();
  await using test = await taskTest(sandbox, files, (request, index) => (typeof script === 'function' ? script(request, index) : { status: 500 }));
  const seed: Seed = { workspace: test.workspace, origin: site.origin };
  script = recorded(...(change(seed).answers ?? answers)(seed));
  await test.runtime.mcp.configure(servers?.(seed) ?? []);
  const run = await test.task(text(seed), { grants: grants(seed) });
  const checked = await (async () => check(seed, run.outcome.result ?? null))().then(() => undefined, (error: unknown) => error);
  return { ...run, checked, requests: test.server.requests.length, recorded: answers(seed).length };
}

describe('seeded tasks', () => {
  it.each(seededTasks)('$name', async (task) => {
    const { outcome, checked, requests, recorded: lines, of } = await attempt(task);
    expect(checked).toBeUndefined();
    expect(outcome).toMatchObject({ state: 'done', clean: true, result: { verification: 'verified' } });
    expect(requests).toBe(lines);
    expect(of('decision').filter(({ outcome: how }) => how === 'denied')).toEqual([]);
  });

  it.each(seededTasks)('the check of "$name" does not pass for a model that merely claims it is done', async (task) => {
    const { checked, outcome } = await attempt(task, () => ({ answers: () => [{ calls: [{ name: 'finish', arguments: { result: 'All done and checked.' } }] }] }));
    expect(checked).toBeInstanceOf(Error);
    expect(outcome.result).toMatchObject({ verification: 'unverified' });
  });
});
