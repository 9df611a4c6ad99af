import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunHandle } from '../../../src/run/run-manager.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';
import { calls, finish, recorded, taskTest, type TaskTest } from '../../helpers/tasks.ts';

let sandbox: SandboxFiles;
beforeAll(async () => {
  sandbox = await buildSandboxFiles();
});
afterAll(() => sandbox[Symbol.dispose]());

const page = { type: 'untrusted.read', kind: 'web', source: 'https://news.example' } as const;

const writesPlan = calls(['write_plan', { plan: '# Plan\n\n- [ ] Do it\n' }]);

/** A plan that was made after reading a page. */
async function plannedAfterReading(test: TaskTest): Promise<string> {
  const { outcome: { id } } = await test.task('Plan it.', { mode: 'plan' });
  const { store } = test.runtime;
  store.append([{ ...page, run: id, seq: store.run(id).events + 1, at: Date.now() }], { pid: process.pid, start: 'test' });
  return id;
}

async function marksOf(test: TaskTest, handle: RunHandle): Promise<readonly string[]> {
  return (await test.finish(handle.id, handle.outcome)).of('untrusted.read').map(({ source }) => source);
}

it('what a plan was made after counts for the run that carries it out, and for the same once more', async () => {
  await using test = await taskTest(sandbox, {}, recorded(writesPlan, finish('done'), finish('done')));
  const planned = await plannedAfterReading(test);
  const acted = await test.runtime.tasks.approvePlan(planned);
  expect(await marksOf(test, acted)).toEqual([page.source]);
  expect(await marksOf(test, await test.runtime.tasks.again(acted.id))).toEqual([page.source]);
});

it('and for one that goes on from a run that ended in the queue, before it had anything on record', async () => {
  await using test = await taskTest(sandbox, {}, ({ body }) => {
    if (JSON.stringify(body.messages).includes('Wait here')) return { text: ['I wait'], stall: 'mid-stream' };
    return body.tools?.some(({ function: { name } }) => name === 'write_plan') ? writesPlan : finish('done');
  }, { settings: { maxConcurrentRuns: 1 } });
  const planned = await plannedAfterReading(test);
  const busy = await test.runtime.startTask('Wait here.', { model: 'test/scripted', budget: { tokens: 100_000 } });
  const queued = await test.runtime.tasks.approvePlan(planned);
  queued.cancel('Not now.');
  busy.cancel('Enough.');
  expect(await marksOf(test, queued)).toEqual([]);
  await busy.outcome;
  expect(await marksOf(test, await test.runtime.tasks.resume(queued.id))).toEqual([page.source]);
});
